from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.curation.rules import days_left, may_nudge, moves_from
from matchmaker.quality.rules import (
    LEAST_NEEDS,
    JudgedPair,
    count,
    is_stale,
    provinces_of,
    scope_of,
    state_of,
)

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = AT.date()


@pytest.mark.parametrize(
    ("status", "matched", "both_open", "moves"),
    [
        ("new", False, True, ("shortlist", "hold_back", "propose")),
        ("shortlisted", False, True, ("hold_back", "release", "propose")),
        ("held_back", False, True, ("release",)),
        ("new", False, False, ("hold_back",)),
        ("shortlisted", False, False, ("hold_back", "release")),
        ("held_back", False, False, ("release",)),
        ("dismissed", False, True, ()),
        ("new", True, True, ()),
        ("shortlisted", True, True, ()),
        ("held_back", True, True, ()),
    ],
)
def test_the_moves_open_to_a_curator(
    status: str, matched: bool, both_open: bool, moves: tuple[str, ...]
) -> None:
    assert moves_from(status, matched=matched, both_open=both_open) == moves


@pytest.mark.parametrize(("days", "left"), [(30, 30), (1, 1), (0, 0)])
def test_days_left(days: int, left: int) -> None:
    assert days_left(TODAY + timedelta(days=days), TODAY) == left


@pytest.mark.parametrize(
    ("status", "nudged", "expires_in", "may"),
    [
        ("proposed", None, 5, True),
        ("one_side_interested", None, 0, True),
        ("proposed", timedelta(days=7), 5, True),
        ("proposed", timedelta(days=6, hours=23), 5, False),
        ("proposed", None, -1, False),
        ("mutual", None, 5, False),
        ("declined", None, 5, False),
    ],
)
def test_a_reminder_is_sent_once_in_seven_days(
    status: str, nudged: timedelta | None, expires_in: int, may: bool
) -> None:
    nudged_at = AT - nudged if nudged is not None else None
    assert may_nudge(status, nudged_at, TODAY + timedelta(days=expires_in), AT) is may


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
