"""Decisions about suggestions and waiting matches, over plain facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of
from matchmaker.recommendation.states import SuggestionStatus


@dataclass(frozen=True, slots=True)
class Move:
    """A curator's move with a suggestion: from which states, to which."""

    before: frozenset[str]
    after: str


MOVES: Mapping[str, Move] = {
    "shortlist": Move(frozenset({SuggestionStatus.NEW}), SuggestionStatus.SHORTLISTED),
    "hold_back": Move(frozenset(SuggestionStatus.OPEN), SuggestionStatus.HELD_BACK),
    "release": Move(
        frozenset({SuggestionStatus.SHORTLISTED, SuggestionStatus.HELD_BACK}), SuggestionStatus.NEW
    ),
    "propose": Move(frozenset(SuggestionStatus.OPEN), SuggestionStatus.SHORTLISTED),
}

NUDGE_EVERY = timedelta(days=7)


def moves_from(status: str, *, matched: bool, both_open: bool) -> tuple[str, ...]:
    """The moves open now.

    A match is the two sides' business, and only what both may read is put before them.
    """
    if matched:
        return ()
    return tuple(
        name
        for name, move in MOVES.items()
        if status in move.before and (both_open or name in ("hold_back", "release"))
    )


def days_left(expires_on: date, today: date) -> int:
    """Days after today in which a match can still be answered; 0 on the last day."""
    return (expires_on - today).days


def may_nudge(status: str, nudged_at: datetime | None, expires_on: date, at: datetime) -> bool:
    """Return whether silent sides may be reminded: while they can answer, once in seven days."""
    waiting = status in MatchStatus.OPEN and expires_on >= day_of(at)
    return waiting and (nudged_at is None or at - nudged_at >= NUDGE_EVERY)
