"""Decisions about suggestions and waiting matches, over plain facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from matchmaker.cooperation import rules as cooperation
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


class NextStep(StrEnum):
    """What a match waits for."""

    BOTH_ANSWER = "both_answer"
    NEED_ANSWERS = "need_answers"
    CAPABILITY_ANSWERS = "capability_answers"
    GET_IN_TOUCH = "get_in_touch"
    NEGOTIATE = "negotiate"
    AGREE = "agree"
    REGISTER_OR_DELIVER = "register_or_deliver"
    DELIVER = "deliver"
    COMPLETE = "complete"
    VERIFY = "verify"
    RESUME = "resume"
    NONE = "none"


_NEXT: Mapping[str, NextStep] = {
    MatchStatus.MUTUAL: NextStep.GET_IN_TOUCH,
    MatchStatus.IN_CONTACT: NextStep.NEGOTIATE,
    MatchStatus.NEGOTIATING: NextStep.AGREE,
    MatchStatus.AGREED: NextStep.REGISTER_OR_DELIVER,
    MatchStatus.CONTRACT_REGISTERED: NextStep.DELIVER,
    MatchStatus.DELIVERING: NextStep.COMPLETE,
    MatchStatus.COMPLETED: NextStep.VERIFY,
    MatchStatus.STALLED: NextStep.RESUME,
}


def next_step(standing: str, interested: Collection[str]) -> NextStep:
    """Return what a match waits for; `interested`: the sides that have said yes."""
    waiting = cooperation.waiting(standing, interested)
    if len(waiting) == 2:
        return NextStep.BOTH_ANSWER
    if waiting:
        return NextStep(f"{waiting[0]}_answers")
    return _NEXT.get(standing, NextStep.NONE)


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


def undone_by(move: str, before: str) -> str:
    """Return the move that brings back the state before, or "" when none does.

    Nothing takes a proposal back: both sides have read it.
    """
    if move == "propose":
        return ""
    after = MOVES[move].after
    return next(
        (name for name, one in MOVES.items() if after in one.before and one.after == before), ""
    )


def days_left(expires_on: date, today: date) -> int:
    """Days after today in which a match can still be answered; 0 on the last day."""
    return (expires_on - today).days


def may_nudge(status: str, nudged_at: datetime | None, expires_on: date, at: datetime) -> bool:
    """Return whether silent sides may be reminded: while they can answer, once in seven days."""
    waiting = status in MatchStatus.OPEN and expires_on >= day_of(at)
    return waiting and (nudged_at is None or at - nudged_at >= NUDGE_EVERY)
