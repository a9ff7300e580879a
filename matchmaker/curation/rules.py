"""Decisions about suggestions and waiting matches, over plain facts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matchmaker.cooperation.rules import OPEN
from matchmaker.db import CHINA


@dataclass(frozen=True, slots=True)
class Move:
    """What a curator may do with a suggestion: from which states, to which."""

    before: frozenset[str]
    after: str


MOVES: Mapping[str, Move] = {
    "shortlist": Move(frozenset({"new"}), "shortlisted"),
    "hold_back": Move(frozenset({"new", "shortlisted"}), "held_back"),
    "release": Move(frozenset({"shortlisted", "held_back"}), "new"),
    "propose": Move(frozenset({"new", "shortlisted"}), "shortlisted"),
}

NUDGE_EVERY = timedelta(days=7)


def moves_from(status: str, *, matched: bool, both_open: bool) -> tuple[str, ...]:
    """The moves open now.

    A pair that has become a match is the two sides' business, and only what both may read is put before them.
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
    """Whether the sides that have not answered may be reminded: while they can answer, once in seven days."""
    waiting = status in OPEN and expires_on >= at.astimezone(CHINA).date()
    return waiting and (nudged_at is None or at - nudged_at >= NUDGE_EVERY)


EVERYWHERE = "all"
LEAST_NEEDS = 10  # judged needs below which means over needs say nothing


@dataclass(frozen=True, slots=True, order=True)
class JudgedPair:
    """A judged pair with the versions of its two listings, whose texts the measures depend on."""

    need_id: int
    capability_id: int
    grade: int
    need_version: int
    capability_version: int


@dataclass(frozen=True, slots=True)
class JudgedCounts:
    """How much has been judged. `matched` needs have a capability graded above 0; the others have none that fits."""

    pairs: int
    needs: int
    capabilities: int
    matched: int

    @property
    def missing(self) -> int:
        """Further needs that have to be judged before anything is measured."""
        return max(0, LEAST_NEEDS - self.needs)


def scope_of(roles: Collection[str], provinces: Iterable[str]) -> str:
    """Whose judged pairs somebody's measures are made of: "all", or the provinces that a provincial curator has."""
    if "national_curator" in roles or "provincial_curator" not in roles:
        return EVERYWHERE
    return ",".join(sorted(provinces))


def provinces_of(scope: str) -> frozenset[str] | None:
    """The provinces of a scope; None for all."""
    return None if scope == EVERYWHERE else frozenset(filter(None, scope.split(",")))


def count(pairs: Collection[JudgedPair]) -> JudgedCounts:
    return JudgedCounts(
        pairs=len(pairs),
        needs=len({pair.need_id for pair in pairs}),
        capabilities=len({pair.capability_id for pair in pairs}),
        matched=len({pair.need_id for pair in pairs if pair.grade > 0}),
    )


def state_of(pairs: Iterable[JudgedPair]) -> str:
    """A name for exactly these judgements of exactly these texts, in whatever order they come."""
    lines = (f"{p.need_id} {p.capability_id} {p.grade} {p.need_version} {p.capability_version}" for p in sorted(pairs))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_stale(measured: tuple[str, str, str], now: tuple[str, str, str]) -> bool:
    """Whether a result no longer says how the engine does. Both are (state, engine version, weights version)."""
    return measured != now
