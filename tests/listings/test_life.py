"""The life of a listing as a truth table: every move from every status."""

from __future__ import annotations

from datetime import date

import pytest

from matchmaker.codelists import codes
from matchmaker.listings.rules import CLOSE_REASONS, MOVES, after_revision, may_move
from matchmaker.listings.states import has_passed

STATUSES = ("draft", "in_review", "changes_requested", "published", "paused", "expired", "closed")
#                   draft review changes published paused expired closed
TABLE = {
    "submit":          "✓     ·      ✓       ·         ·      ·       ·",
    "request_changes": "·     ✓      ·       ·         ·      ·       ·",
    "publish":         "·     ✓      ·       ·         ·      ·       ·",
    "pause":           "·     ·      ·       ✓         ·      ·       ·",
    "resume":          "·     ·      ·       ·         ✓      ·       ·",
    "confirm":         "·     ·      ·       ✓         ·      ·       ·",
    "renew":           "·     ·      ·       ✓         ✓      ✓       ·",
    "close":           "✓     ✓      ✓       ✓         ✓      ✓       ·",
    "revise":          "✓     ✓      ✓       ✓         ✓      ✓       ·",
}  # fmt: skip


def test_the_table_names_every_status_and_every_move() -> None:
    assert set(STATUSES) == set(codes("listing_status"))
    assert set(TABLE) == set(MOVES)


@pytest.mark.parametrize("move", TABLE)
@pytest.mark.parametrize("status", STATUSES)
def test_a_move_starts_where_the_table_says(move: str, status: str) -> None:
    assert may_move(move, status) == (TABLE[move].split()[STATUSES.index(status)] == "✓")


@pytest.mark.parametrize(
    ("status", "then"),
    [
        ("draft", "draft"),
        ("changes_requested", "changes_requested"),
        ("in_review", "draft"),
        ("paused", "in_review"),
        ("expired", "in_review"),
    ],
)
def test_a_changed_text_is_never_shown_before_it_is_reviewed(status: str, then: str) -> None:
    assert after_revision(status) == then


@pytest.mark.parametrize(
    ("deadline", "passed"),
    [
        (None, False),
        (date(2026, 6, 1), False),
        (date(2026, 5, 31), True),
        (date(2026, 6, 2), False),
    ],
)
def test_the_last_day_still_counts(deadline: date | None, passed: bool) -> None:
    assert has_passed(deadline, date(2026, 6, 1)) is passed


@pytest.mark.parametrize("kind", ["need", "capability"])
def test_reasons_to_close_are_of_the_code_list(kind: str) -> None:
    assert set(CLOSE_REASONS[kind]) <= set(codes("close_reason"))
