from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.curation.rules import days_left, may_nudge, moves_from, undone_by

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


@pytest.mark.parametrize(
    ("move", "before", "back"),
    [
        ("shortlist", "new", "release"),
        ("hold_back", "new", "release"),
        ("hold_back", "shortlisted", ""),
        ("release", "shortlisted", "shortlist"),
        ("release", "held_back", "hold_back"),
        ("propose", "new", ""),
        ("propose", "shortlisted", ""),
    ],
)
def test_a_move_is_undone_by_the_one_that_brings_back_the_state_before(
    move: str, before: str, back: str
) -> None:
    assert undone_by(move, before) == back
