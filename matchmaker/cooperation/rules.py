"""How a match lives, over plain facts: who has said yes, what may come next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from matchmaker.cooperation.states import MatchStatus

SIDES = ("need", "capability")
ANSWER_WITHIN = timedelta(days=30)


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
    return None if status in MatchStatus.AGREED else MatchStatus.ONE_SIDE_INTERESTED


def may_answer(status: str, interested: Collection[str], side: str) -> bool:
    """Return whether the side is asked: it may accept or decline."""
    return status in MatchStatus.OPEN and side not in interested


def may_withdraw(status: str, interested: Collection[str], side: str) -> bool:
    return status in MatchStatus.OPEN and side in interested


def may_propose(status: str | None) -> bool:
    """A curator may ask both sides, also again after a match ended."""
    return status is None or status in MatchStatus.ENDED


def may_promise(status: str, has_promised: bool) -> bool:
    """Only who agreed to meet may open the other's annex."""
    return status in MatchStatus.AGREED and not has_promised


def waiting(status: str, interested: Collection[str]) -> tuple[str, ...]:
    """The sides that have yet to answer."""
    return tuple(side for side in SIDES if may_answer(status, interested, side))


def answer_by(today: date) -> date:
    return today + ANSWER_WITHIN


def is_overdue(status: str, expires_on: date, today: date) -> bool:
    """The last day to answer is over; that day itself still counts."""
    return status in MatchStatus.OPEN and expires_on < today
