"""How a meeting comes about, over plain facts: which moves are open, which times will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from matchmaker.errors import Refusal
from matchmaker.meetings.states import MeetingStatus

MOST_TIMES = 5
SHORTEST, LONGEST = 15, 480  # minutes
AHEAD = timedelta(days=366)
REMIND_BEFORE = timedelta(days=1)
WRITE_UP_WITHIN = timedelta(days=30)  # after it, nobody is asked what came of a meeting


class By(StrEnum):
    """The side that a move is open to."""

    EITHER = "either"
    ASKED = "asked"  # the other one proposed the times


@dataclass(frozen=True, slots=True)
class Move:
    """A move of one side: from which states, by whom, to which (None: it stays).

    `goes_on`: only while the two sides work together.
    """

    before: frozenset[str]
    by: By
    after: str | None = None
    goes_on: bool = False


_OPEN = frozenset({MeetingStatus.PROPOSED, MeetingStatus.UNANSWERED, MeetingStatus.ACCEPTED})
_PROPOSED, _PAST = frozenset({MeetingStatus.PROPOSED}), frozenset({MeetingStatus.PAST})
MOVES: Mapping[str, Move] = {
    "accept": Move(_PROPOSED, By.ASKED, MeetingStatus.ACCEPTED, goes_on=True),
    "move": Move(_OPEN, By.EITHER, MeetingStatus.PROPOSED, goes_on=True),
    "cancel": Move(_OPEN, By.EITHER, MeetingStatus.CANCELLED),
    "note_attendance": Move(_PAST, By.EITHER),
    "write_minutes": Move(_PAST, By.EITHER),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one side proposes: when, for how many minutes, where and about what."""

    times: tuple[datetime, ...]
    minutes: int
    topic: str
    place: str = ""
    link: str = ""


def may(move: str, standing: str, proposed_by: str, side: str) -> bool:
    """Return whether a move is open to the side; `proposed_by`: the side that named the times."""
    rule = MOVES[move]
    return standing in rule.before and (rule.by == By.EITHER or side != proposed_by)


def moves_open(standing: str, proposed_by: str, side: str, *, may_go_on: bool) -> frozenset[str]:
    """The moves that are open to the side now."""
    return frozenset(
        name
        for name, rule in MOVES.items()
        if may(name, standing, proposed_by, side) and (may_go_on or not rule.goes_on)
    )


def fault(proposal: Proposal, now: datetime) -> Refusal | None:
    """Return what is wrong with a proposal, None if nothing is."""
    if not proposal.place and not proposal.link:
        return Refusal.NO_WHEREABOUTS
    if not SHORTEST <= proposal.minutes <= LONGEST:
        return Refusal.LENGTH_OUT_OF_RANGE
    return fault_of_times(proposal.times, now)


def fault_of_times(times: Sequence[datetime], now: datetime) -> Refusal | None:
    """Return what is wrong with the times of a proposal, None if nothing is."""
    if not 1 <= len(times) <= MOST_TIMES:
        return Refusal.NO_TIMES
    if min(times) <= now:
        return Refusal.TIME_PASSED
    if max(times) > now + AHEAD:
        return Refusal.TIME_FAR_AHEAD
    return Refusal.TIME_TWICE if len(set(times)) < len(times) else None


def in_zone(local: datetime, zone: str) -> datetime | None:
    """Return the moment that clocks of a zone show so; None for an hour that they leave out."""
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    there_and_back = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return moment if there_and_back == local else None


def is_web_address(text: str) -> bool:
    """Return whether a link leads to a page of the web, and nowhere else."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not _blank(text)
    except ValueError:
        return False


def _blank(text: str) -> bool:
    return any(character.isspace() for character in text)
