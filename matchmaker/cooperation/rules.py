"""How a match lives, over plain facts: the table of moves, and what may come next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from matchmaker.cooperation.states import MatchStatus
from matchmaker.errors import Refusal

SIDES = ("need", "capability")
# The clocks of a match.
ANSWER_WITHIN = timedelta(days=30)
REMIND_UNANSWERED = (timedelta(days=3), timedelta(days=10), timedelta(days=20))
REMIND_QUIET = (timedelta(days=60),)  # together, and nothing has happened
STALL_AFTER = timedelta(days=90)
TAKE_BACK_WITHIN = timedelta(days=1)
LONGEST_BEGINNING = 60  # characters of a text that stand as a title
NO_MATCH = ""  # the state of a pair that has no match yet


class By(StrEnum):
    """Who may make a move."""

    EITHER = "either"  # of the two sides
    ASKED = "asked"  # a side that has yet to answer
    WILLING = "willing"  # a side that has said yes
    CURATOR = "curator"  # of either side's province, and of neither organisation
    SYSTEM = "system"  # the nightly job
    AUTHOR = "author"  # of the last move


class To(StrEnum):
    """Where a move leads when that is not always the same state."""

    SAME = "same"  # it stays where it is
    BEFORE = "before"  # back to where it came from
    CHOSEN = "chosen"  # see `right_states`


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table of moves: from which states, by whom, to which.

    `first`: where it leads while the other side has yet to say yes. `goes_on`: it brings the pair
    further, so nothing may stand in its way (`obstacle`). `reasons`: the code list that its reason
    is from. `by_hand`: made on the match's own page; others follow from what is recorded elsewhere.
    `reversible`: its author may take it back within a day.
    """

    before: frozenset[str]
    by: By
    to: str
    first: str = ""
    goes_on: bool = False
    reasons: str = ""
    by_hand: bool = True
    reversible: bool = False


# What follows from something recorded elsewhere, which is told there.
TOLD_ELSEWHERE = ("note_contact", "agree", "verify")


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


MOVES: Mapping[str, Move] = {
    # until both sides have said yes
    "propose": Move(
        _from(NO_MATCH, *MatchStatus.ENDED),
        By.CURATOR,
        MatchStatus.PROPOSED,
        goes_on=True,
        by_hand=False,
    ),
    "interest": Move(
        _from(NO_MATCH, *MatchStatus.ENDED),
        By.EITHER,
        MatchStatus.ONE_SIDE_INTERESTED,
        goes_on=True,
    ),
    "accept": Move(
        _from(*MatchStatus.OPEN),
        By.ASKED,
        MatchStatus.MUTUAL,
        first=MatchStatus.ONE_SIDE_INTERESTED,
        goes_on=True,
        reversible=True,
    ),
    "decline": Move(
        _from(*MatchStatus.OPEN),
        By.ASKED,
        MatchStatus.DECLINED,
        reasons="decline_reason",
        reversible=True,
    ),
    "cancel": Move(
        _from(*MatchStatus.OPEN),
        By.WILLING,
        MatchStatus.CANCELLED,
        reasons="cancel_reason",
        reversible=True,
    ),
    "expire": Move(_from(*MatchStatus.OPEN), By.SYSTEM, MatchStatus.EXPIRED, by_hand=False),
    # together
    "note_contact": Move(
        _from(MatchStatus.MUTUAL),
        By.EITHER,
        MatchStatus.IN_CONTACT,
        goes_on=True,
        by_hand=False,
    ),
    "negotiate": Move(
        _from(MatchStatus.MUTUAL, MatchStatus.IN_CONTACT),
        By.EITHER,
        MatchStatus.NEGOTIATING,
        goes_on=True,
        reversible=True,
    ),
    "agree": Move(
        _from(*MatchStatus.TALKS),
        By.EITHER,
        MatchStatus.AGREED,
        goes_on=True,
        by_hand=False,
    ),
    "register": Move(
        _from(MatchStatus.AGREED),
        By.EITHER,
        MatchStatus.CONTRACT_REGISTERED,
        goes_on=True,
        by_hand=False,
    ),
    "deliver": Move(
        _from(MatchStatus.AGREED, MatchStatus.CONTRACT_REGISTERED),
        By.EITHER,
        MatchStatus.DELIVERING,
        goes_on=True,
        reversible=True,
    ),
    "complete": Move(
        _from(MatchStatus.AGREED, MatchStatus.CONTRACT_REGISTERED, MatchStatus.DELIVERING),
        By.EITHER,
        MatchStatus.COMPLETED,
        reversible=True,
    ),
    "verify": Move(_from(MatchStatus.COMPLETED), By.CURATOR, MatchStatus.VERIFIED, by_hand=False),
    "stall": Move(_from(*MatchStatus.TALKS), By.SYSTEM, MatchStatus.STALLED, by_hand=False),
    "resume": Move(_from(MatchStatus.STALLED), By.EITHER, To.BEFORE, goes_on=True, reversible=True),
    "end": Move(
        _from(*MatchStatus.UNDER_WAY),
        By.EITHER,
        MatchStatus.WITHDRAWN,
        reasons="end_reason",
        reversible=True,
    ),
    "promise": Move(_from(*MatchStatus.TOGETHER), By.EITHER, To.SAME, goes_on=True),
    "revoke": Move(_from(*MatchStatus.TOGETHER), By.EITHER, To.SAME),
    # setting right
    "put_right": Move(
        _from(*MatchStatus),
        By.CURATOR,
        To.CHOSEN,
        reasons="put_right_reason",
        by_hand=False,
    ),
    "take_back": Move(_from(*MatchStatus), By.AUTHOR, To.BEFORE),
}

# The steps of a match that goes well. A training course registers no contract, and a pair that has
# known each other for years need not say that it talks.
STEPS: tuple[str, ...] = MatchStatus.TOGETHER
SKIPPABLE = frozenset(
    {
        MatchStatus.IN_CONTACT,
        MatchStatus.NEGOTIATING,
        MatchStatus.CONTRACT_REGISTERED,
        MatchStatus.DELIVERING,
    }
)


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


def why_not_together(status: str) -> Refusal:
    """Return why the sections of a match are closed to what is new."""
    return Refusal.MATCH_ENDED if status in MatchStatus.ENDED else Refusal.NOT_TOGETHER


def may(move: str, status: str, interested: Collection[str], who: str) -> bool:
    """Return whether a move is open, as far as the match itself decides.

    `who`: "need" or "capability" for a side, else `By.CURATOR`, `By.SYSTEM` or `By.AUTHOR`.
    """
    rule = MOVES[move]
    if status not in rule.before:
        return False
    if rule.by == By.EITHER:
        return who in SIDES
    if rule.by in (By.ASKED, By.WILLING):
        return who in SIDES and (who in interested) == (rule.by == By.WILLING)
    return who == rule.by


def after(
    move: str, status: str, interested: Collection[str], who: str, *, aim: str = ""
) -> str | None:
    """Return the state that a move leads to; None when it is not open.

    `aim`: the state that a curator has chosen, or the one that the match came from.
    """
    if not may(move, status, interested, who):
        return None
    rule = MOVES[move]
    if rule.to == To.CHOSEN:
        return aim if aim in right_states(status, interested) else None
    if rule.to == To.BEFORE:
        return aim or None
    if rule.to == To.SAME:
        return status
    return rule.first if rule.first and other(who) not in interested else rule.to


def moves_open(
    status: str, interested: Collection[str], side: str, *, may_go_on: bool
) -> frozenset[str]:
    """The moves that are open to the side on the match's page now."""
    return frozenset(
        name
        for name, rule in MOVES.items()
        if rule.by_hand and may(name, status, interested, side) and (may_go_on or not rule.goes_on)
    )


def right_states(status: str, interested: Collection[str]) -> tuple[str, ...]:
    """The states that a curator may put a match right to.

    Nobody is put together with a partner without both sides' word, and outcomes are verified one by
    one.
    """
    if set(interested) < set(SIDES):
        states: tuple[str, ...] = (MatchStatus.DECLINED, MatchStatus.CANCELLED)
    else:
        states = tuple(
            state
            for state in (*MatchStatus.TOGETHER, MatchStatus.STALLED, MatchStatus.WITHDRAWN)
            if state != MatchStatus.VERIFIED
        )
    return tuple(state for state in states if state != status)


def is_past(move: str, status: str) -> bool:
    """Return whether the match is already where the move leads, or further."""
    to = MOVES[move].to
    return to in STEPS and status in STEPS and STEPS.index(status) >= STEPS.index(to)


@dataclass(frozen=True, slots=True)
class Made:
    """The last move of a match, for who would take it back.

    `version`: of the match when it was made.
    """

    move: str
    user_id: int | None
    at: datetime
    version: int


def is_own_last(last: Made, user_id: int | None, version: int) -> bool:
    """Return whether somebody made the last move, one that can be taken back.

    `version`: of the match now. Nobody has moved since when it is the move's own.
    """
    own = user_id is not None and last.user_id == user_id
    return own and last.version == version and MOVES[last.move].reversible


def may_take_back(last: Made, user_id: int | None, version: int, at: datetime) -> bool:
    """Return whether somebody may take the last move back: it is theirs, and a day has not passed.

    `version`: of the match now.
    """
    return is_own_last(last, user_id, version) and at - last.at < TAKE_BACK_WITHIN


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


def first_words(text: str) -> str:
    """Return the beginning of a text as a title, cut between words where it has any.

    >>> first_words("We line  ponds.")
    'We line ponds.'
    """
    words = " ".join(text.split())
    if len(words) <= LONGEST_BEGINNING:
        return words
    cut = words[:LONGEST_BEGINNING]
    head = cut.rpartition(" ")[0]
    return f"{head if len(head) > LONGEST_BEGINNING // 2 else cut}…"


def may_talk(status: str) -> bool:
    """Return whether the sides may ask and answer: while the match waits, and once both agreed."""
    return status in (*MatchStatus.OPEN, *MatchStatus.TOGETHER)


def other(side: str) -> str:
    return SIDES[1 - SIDES.index(side)]


def after_interest(status: str, interested: Collection[str], side: str) -> str | None:
    """Return the status once a side says yes; None when it has said so already.

    A match that ended begins again: what was said before does not count.
    """
    move = "accept" if status in MatchStatus.OPEN else "interest"
    return after(move, status, interested, side)


def waiting(status: str, interested: Collection[str]) -> tuple[str, ...]:
    """The sides that have yet to answer."""
    return tuple(side for side in SIDES if may("accept", status, interested, side))


def answer_by(today: date) -> date:
    return today + ANSWER_WITHIN


def waits_since(status: str, expires_on: date, active_on: date) -> date:
    """The day on which its clock began: it was asked, or something happened last."""
    return expires_on - ANSWER_WITHIN if status in MatchStatus.OPEN else active_on


def stalls_on(active_on: date) -> date:
    """The day on which a match stalls if nothing happens after `active_on`."""
    return active_on + STALL_AFTER


def reminders_due(status: str, began: date, today: date) -> int:
    """How many reminders of the match's clock are due by today, those sent before included.

    `began`: see `waits_since`.
    """
    waits: tuple[timedelta, ...] = ()
    if status in MatchStatus.OPEN:
        waits = REMIND_UNANSWERED
    elif status in MatchStatus.UNDER_WAY:
        waits = REMIND_QUIET
    return sum(today >= began + wait for wait in waits)


def has_stalled(status: str, active_on: date, today: date) -> bool:
    """Return whether talks have been silent for too long. What was agreed does not stall."""
    return status in MatchStatus.TALKS and today >= stalls_on(active_on)


def last_months(day: date, number: int) -> list[date]:
    """Return the first days of the last months, the earliest first, the one under way included."""
    of_day = 12 * day.year + day.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(of_day - number + 1, of_day + 1)]
