"""How an organisation answers when it is asked, over the moves of its matches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median_high

from matchmaker.cooperation.rules import NO_MATCH
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of

SHOWN_FROM = 5  # times that it was asked


@dataclass(frozen=True, slots=True)
class Said:
    """A move of a match that still stands; `side`: whose it is, "" of neither."""

    move: str
    side: str
    before: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Once that a side was asked; `answered_at` None: it let the time pass."""

    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Replies:
    """What stands on the page of an organisation. `percent`: of the times asked.

    `days`: the median of days until an answer, None when it has never answered.
    """

    asked: int
    percent: int
    days: int | None


def asked(moves: Iterable[Said], side: str) -> list[Asked]:
    """How often a side was asked in a match, in the order of its moves; what is open is left out.

    An asker who takes the interest back, or a proposal that the other side declines, asks no more.

    >>> from datetime import UTC, datetime
    >>> first, second = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    >>> moves = [Said("interest", "need", "", first),
    ...          Said("accept", "capability", "one_side_interested", second)]
    >>> [one.answered_at == second for one in asked(moves, "capability")]
    [True]
    """
    found: list[Asked] = []
    since: datetime | None = None
    for one in moves:
        if since is not None and _lets_pass(one):
            found.append(Asked(since, None))
            since = None
        if _begins(one):
            since = None if one.side == side else one.at
        elif since is not None and one.move in ("accept", "decline") and one.side == side:
            found.append(Asked(since, one.at))
            since = None
        elif one.move in ("decline", "cancel", "put_right"):
            since = None
    return found


def _begins(one: Said) -> bool:
    anew = one.before in (NO_MATCH, *MatchStatus.ENDED)
    return anew and one.move in ("interest", "propose")


def _lets_pass(one: Said) -> bool:
    """The time to answer was over, whether or not the nightly job has recorded it."""
    return one.move == "expire" or (_begins(one) and one.before == MatchStatus.EXPIRED)


def replies(times: Iterable[Asked]) -> Replies | None:
    """Return the reply rate and the median days to answer; None when asked too rarely to tell."""
    times = list(times)
    if len(times) < SHOWN_FROM:
        return None
    days = [
        (day_of(one.answered_at) - day_of(one.at)).days
        for one in times
        if one.answered_at is not None
    ]
    return Replies(
        asked=len(times),
        percent=round(100 * len(days) / len(times)),
        days=median_high(days) if days else None,
    )
