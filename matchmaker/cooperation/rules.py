"""How a match lives, over plain facts: who has said yes, what may come next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from matchmaker.cooperation.states import MatchStatus
from matchmaker.errors import Refusal

SIDES = ("need", "capability")
ANSWER_WITHIN = timedelta(days=30)


class By(StrEnum):
    """The side that a move is open to."""

    EITHER = "either"
    ASKED = "asked"  # it has yet to answer
    WILLING = "willing"  # it has said yes


@dataclass(frozen=True, slots=True)
class Move:
    """A move of one side: from which states, by whom; `goes_on`: it brings the pair further."""

    before: frozenset[str]
    by: By
    goes_on: bool = False


MOVES: Mapping[str, Move] = {
    "again": Move(frozenset(MatchStatus.ENDED), By.EITHER, goes_on=True),
    "accept": Move(frozenset(MatchStatus.OPEN), By.ASKED, goes_on=True),
    "decline": Move(frozenset(MatchStatus.OPEN), By.ASKED),
    "withdraw": Move(frozenset(MatchStatus.OPEN), By.WILLING),
    "promise": Move(frozenset(MatchStatus.TOGETHER), By.EITHER, goes_on=True),
    "revoke": Move(frozenset(MatchStatus.TOGETHER), By.EITHER),
    "end": Move(frozenset(MatchStatus.TOGETHER), By.EITHER),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """What decides whether a need and a capability may go on together."""

    is_held_back: bool  # by a curator
    are_listings_shown: bool
    are_organisations_shown: bool


def obstacle(pair: Pair, *, agreed: bool = False) -> Refusal | None:
    """Return why this pair may not go on, None if it may. Every move that goes on asks this.

    `agreed`: the two meet already, and their listings may have been closed since.
    """
    if pair.is_held_back:
        return Refusal.PAIR_HELD_BACK
    if not pair.are_organisations_shown:
        return Refusal.PARTNER_UNAVAILABLE
    return None if agreed or pair.are_listings_shown else Refusal.LISTING_WITHDRAWN


def may(move: str, status: str, interested: Collection[str], side: str) -> bool:
    """Return whether a move is open to the side, as far as the match itself decides."""
    rule = MOVES[move]
    if status not in rule.before:
        return False
    return rule.by == By.EITHER or (side in interested) == (rule.by == By.WILLING)


def moves_open(
    status: str, interested: Collection[str], side: str, *, may_go_on: bool
) -> frozenset[str]:
    """The moves that are open to the side now."""
    return frozenset(
        name
        for name, rule in MOVES.items()
        if may(name, status, interested, side) and (may_go_on or not rule.goes_on)
    )


# What a reason to decline says of the pair beside this match: a reason to set its suggestion aside.
# The other reasons are no word on how well the two fit.
MEANINGS: Mapping[str, str] = {"not_relevant": "irrelevant", "conflict": "conflict"}


@dataclass(frozen=True, slots=True)
class Approach:
    """What decides whether somebody may take the first step towards a listing."""

    is_staff: bool
    is_suspended: bool  # their organisation is
    has_organisation: bool
    is_own: bool  # the listing is
    is_shown: bool  # the listing is
    is_matched: bool  # the two organisations are in touch over it
    is_writer: bool
    is_verified: bool
    may_post: bool  # listings of the other kind


def hindrance(facts: Approach) -> Refusal | None:
    """Return the first thing that stands in the way, None for who may approach the listing."""
    hindrances = (
        (facts.is_staff, Refusal.STAFF_CANNOT_APPROACH),
        (facts.is_suspended, Refusal.OWN_ORGANISATION_SUSPENDED),
        (not facts.has_organisation, Refusal.NO_ORGANISATION),
        (facts.is_own, Refusal.OWN_LISTING),
        (not facts.is_shown, Refusal.LISTING_NOT_SHOWN),
        (facts.is_matched, Refusal.LISTING_MATCHED),
        (not facts.is_writer, Refusal.NOT_A_WRITER),
        (not facts.is_verified, Refusal.OWN_ORGANISATION_UNVERIFIED),
        (not facts.may_post, Refusal.OTHER_KIND_NOT_OPEN),
    )
    return next((refusal for is_so, refusal in hindrances if is_so), None)


def may_talk(status: str) -> bool:
    """Return whether the sides may ask and answer: while the match waits, and once both agreed."""
    return status in (*MatchStatus.OPEN, *MatchStatus.TOGETHER)


def other(side: str) -> str:
    return SIDES[1 - SIDES.index(side)]


def after_interest(status: str | None, interested: Collection[str], side: str) -> str | None:
    """Return the status once a side says yes; None when it has said so already.

    `status` None: the pair has no match yet.

    A match that ended begins anew: what was said before does not count.
    """
    if status in MatchStatus.OPEN:
        if side in interested:
            return None
        return MatchStatus.MUTUAL if other(side) in interested else MatchStatus.ONE_SIDE_INTERESTED
    return None if status in MatchStatus.TOGETHER else MatchStatus.ONE_SIDE_INTERESTED


def waiting(status: str, interested: Collection[str]) -> tuple[str, ...]:
    """The sides that have yet to answer."""
    return tuple(side for side in SIDES if may("accept", status, interested, side))


def answer_by(today: date) -> date:
    return today + ANSWER_WITHIN
