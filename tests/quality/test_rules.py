"""The judged pairs that are measured, and results that are stale."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.quality.rules import (
    LEAST_NEEDS,
    JudgedPair,
    count,
    is_stale,
    provinces_of,
    scope_of,
    state_of,
)

ONE, TWO = JudgedPair(1, 5, 3, 1, 1), JudgedPair(2, 6, 0, 1, 1)


@pytest.mark.parametrize(
    ("roles", "provinces", "scope"),
    [
        ({"provincial_curator"}, {"65", "63"}, "63,65"),
        ({"provincial_curator", "evaluator"}, {"63"}, "63"),
        ({"provincial_curator", "national_curator"}, {"63"}, "all"),
        ({"national_curator"}, set(), "all"),
        ({"evaluator"}, set(), "all"),
        ({"provincial_curator"}, set(), ""),
    ],
)
def test_whose_judged_pairs_are_measured(roles: set[str], provinces: set[str], scope: str) -> None:
    assert scope_of(roles, provinces) == scope
    assert provinces_of(scope) == (None if scope == "all" else frozenset(provinces))


def test_needs_with_nothing_above_no_fit_have_no_partner() -> None:
    counts = count([ONE, TWO, JudgedPair(1, 6, 0, 1, 1)])
    assert (counts.pairs, counts.needs, counts.capabilities, counts.matched) == (3, 2, 2, 1)
    assert counts.missing == LEAST_NEEDS - 2
    assert count([JudgedPair(need, 1, 1, 1, 1) for need in range(LEAST_NEEDS + 3)]).missing == 0


def test_the_state_is_that_of_judgements_and_texts_in_any_order() -> None:
    assert state_of([ONE, TWO]) == state_of([TWO, ONE])
    changed = [
        replace(ONE, grade=2),
        replace(ONE, need_version=2),
        replace(ONE, capability_version=2),
    ]
    assert len({state_of([one, TWO]) for one in [ONE, *changed]} | {state_of([ONE])}) == 5


@pytest.mark.parametrize("place", range(3))
def test_a_result_is_stale_when_any_of_what_made_it_changed(place: int) -> None:
    now = ("state", "engine", "weights")
    assert not is_stale(now, now)
    assert is_stale(tuple("old" if at == place else part for at, part in enumerate(now)), now)  # type: ignore[arg-type]
