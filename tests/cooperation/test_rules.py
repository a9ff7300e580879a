"""The life of a match, as truth tables."""

from __future__ import annotations

from datetime import date

import pytest

from matchmaker.cooperation import rules

NOBODY: frozenset[str] = frozenset()
NEED, CAPABILITY = frozenset({"need"}), frozenset({"capability"})
BOTH = NEED | CAPABILITY


@pytest.mark.parametrize(
    ("status", "interested", "side", "expected"),
    [
        (None, NOBODY, "need", "one_side_interested"),
        ("proposed", NOBODY, "need", "one_side_interested"),
        ("proposed", NOBODY, "capability", "one_side_interested"),
        ("one_side_interested", NEED, "capability", "mutual"),
        ("one_side_interested", CAPABILITY, "need", "mutual"),
        ("one_side_interested", NEED, "need", None),
        ("one_side_interested", CAPABILITY, "capability", None),
        ("mutual", BOTH, "need", None),
        ("mutual", BOTH, "capability", None),
        ("declined", NEED, "need", "one_side_interested"),
        ("declined", NEED, "capability", "one_side_interested"),
        ("expired", NEED, "need", "one_side_interested"),
        ("cancelled", NEED, "capability", "one_side_interested"),
    ],
)
def test_what_a_yes_leads_to(
    status: str | None, interested: frozenset[str], side: str, expected: str | None
) -> None:
    assert rules.after_interest(status, interested, side) == expected


@pytest.mark.parametrize(
    ("status", "interested", "waiting"),
    [
        ("proposed", NOBODY, ("need", "capability")),
        ("one_side_interested", NEED, ("capability",)),
        ("one_side_interested", CAPABILITY, ("need",)),
        ("mutual", BOTH, ()),
        ("declined", NEED, ()),
        ("expired", NEED, ()),
        ("cancelled", NEED, ()),
    ],
)
def test_who_has_yet_to_answer(
    status: str, interested: frozenset[str], waiting: tuple[str, ...]
) -> None:
    assert rules.waiting(status, interested) == waiting


@pytest.mark.parametrize(
    ("status", "interested", "expected"),
    [
        ("proposed", NOBODY, False),
        ("one_side_interested", NEED, True),
        ("one_side_interested", CAPABILITY, False),
        ("mutual", BOTH, False),
        ("declined", NEED, False),
    ],
)
def test_only_an_unanswered_interest_can_be_withdrawn(
    status: str, interested: frozenset[str], expected: bool
) -> None:
    assert rules.may_withdraw(status, interested, "need") is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, True),
        ("proposed", False),
        ("one_side_interested", False),
        ("mutual", False),
        ("declined", True),
        ("expired", True),
        ("cancelled", True),
    ],
)
def test_when_a_curator_may_propose(status: str | None, expected: bool) -> None:
    assert rules.may_propose(status) is expected


@pytest.mark.parametrize(
    ("status", "promised", "expected"),
    [
        ("mutual", False, True),
        ("mutual", True, False),
        ("one_side_interested", False, False),
        ("declined", False, False),
    ],
)
def test_when_the_promise_can_be_given(status: str, promised: bool, expected: bool) -> None:
    assert rules.may_promise(status, promised) is expected


@pytest.mark.parametrize(
    ("status", "expires_on", "expected"),
    [
        ("proposed", date(2026, 3, 1), False),
        ("proposed", date(2026, 2, 28), True),
        ("one_side_interested", date(2026, 2, 28), True),
        ("mutual", date(2026, 2, 28), False),
    ],
)
def test_the_last_day_to_answer_still_counts(status: str, expires_on: date, expected: bool) -> None:
    assert rules.is_overdue(status, expires_on, date(2026, 3, 1)) is expected
