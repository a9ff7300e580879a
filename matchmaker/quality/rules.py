"""Judged pairs that measures are made of, and whether a result still holds."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

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
    """How much has been judged; `matched` needs have a capability graded above 0."""

    pairs: int
    needs: int
    capabilities: int
    matched: int

    @property
    def missing(self) -> int:
        """Further needs that have to be judged before anything is measured."""
        return max(0, LEAST_NEEDS - self.needs)


def scope_of(roles: Collection[str], provinces: Iterable[str]) -> str:
    """Return whose pairs the measures are made of: "all", or a provincial curator's provinces."""
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
    lines = (
        f"{p.need_id} {p.capability_id} {p.grade} {p.need_version} {p.capability_version}"
        for p in sorted(pairs)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_stale(measured: tuple[str, str, str], now: tuple[str, str, str]) -> bool:
    """Return whether a result is out of date; both are (state, engine version, weights version)."""
    return measured != now
