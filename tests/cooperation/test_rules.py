"""The life of a match, as truth tables."""

from __future__ import annotations

from datetime import date

import pytest

from matchmaker.cooperation import rules
from matchmaker.cooperation.states import is_overdue, standing

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
    ("status", "interested", "moves"),
    [
        ("proposed", NOBODY, {"accept", "decline"}),
        ("one_side_interested", NEED, {"withdraw"}),
        ("one_side_interested", CAPABILITY, {"accept", "decline"}),
        ("mutual", BOTH, {"promise", "revoke", "end"}),
        ("declined", NEED, {"again"}),
        ("expired", NOBODY, {"again"}),
        ("cancelled", NEED, {"again"}),
        ("terminated", BOTH, {"again"}),
    ],
)
def test_the_moves_of_the_needs_side(
    status: str, interested: frozenset[str], moves: set[str]
) -> None:
    assert rules.moves_open(status, interested, "need", may_go_on=True) == moves
    stops = moves - {"accept", "promise", "again"}
    assert rules.moves_open(status, interested, "need", may_go_on=False) == stops


@pytest.mark.parametrize(
    ("held_back", "listings", "organisations", "agreed", "refusal"),
    [
        (False, True, True, False, None),
        (True, True, True, False, "pair_held_back"),
        (True, True, True, True, "pair_held_back"),
        (False, False, True, False, "listing_withdrawn"),
        (False, False, True, True, None),
        (False, False, False, True, "partner_unavailable"),
        (True, False, False, False, "pair_held_back"),
    ],
)
def test_whether_a_pair_may_go_on(
    held_back: bool, listings: bool, organisations: bool, agreed: bool, refusal: str | None
) -> None:
    pair = rules.Pair(held_back, listings, organisations)
    assert rules.obstacle(pair, agreed=agreed) == refusal


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
    assert is_overdue(status, expires_on, date(2026, 3, 1)) is expected
    assert standing(status, expires_on, date(2026, 3, 1)) == ("expired" if expected else status)
