"""The life of a match, as truth tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from matchmaker.cooperation import rules
from matchmaker.cooperation.states import is_overdue, standing

NOBODY: frozenset[str] = frozenset()
NEED, CAPABILITY = frozenset({"need"}), frozenset({"capability"})
BOTH = NEED | CAPABILITY


@pytest.mark.parametrize(
    ("status", "interested", "side", "expected"),
    [
        ("", NOBODY, "need", "one_side_interested"),
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
    status: str, interested: frozenset[str], side: str, expected: str | None
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
        ("one_side_interested", NEED, {"cancel"}),
        ("one_side_interested", CAPABILITY, {"accept", "decline"}),
        ("mutual", BOTH, {"negotiate", "promise", "revoke", "end"}),
        ("agreed", BOTH, {"deliver", "complete", "promise", "revoke", "end"}),
        ("completed", BOTH, {"promise", "revoke"}),
        ("declined", NEED, {"interest"}),
        ("expired", NOBODY, {"interest"}),
        ("cancelled", NEED, {"interest"}),
        ("stalled", BOTH, {"interest", "resume"}),
        ("withdrawn", BOTH, {"interest"}),
    ],
)
def test_the_moves_of_the_needs_side(
    status: str, interested: frozenset[str], moves: set[str]
) -> None:
    assert rules.moves_open(status, interested, "need", may_go_on=True) == moves
    stops = moves & {"decline", "cancel", "revoke", "end", "complete"}
    assert rules.moves_open(status, interested, "need", may_go_on=False) == stops


MADE_AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("move", "user_id", "version", "hours", "expected"),
    [
        ("decline", 7, 3, 23, True),
        ("decline", 7, 3, 24, False),
        ("decline", 8, 3, 1, False),
        ("decline", None, 3, 1, False),
        ("decline", 7, 4, 1, False),
        ("accept", 7, 3, 1, True),
        ("interest", 7, 3, 1, False),
        ("agree", 7, 3, 1, False),
        ("verify", 7, 3, 1, False),
        ("take_back", 7, 3, 1, False),
    ],
)
def test_who_takes_back_the_last_move(
    move: str, user_id: int | None, version: int, hours: int, expected: bool
) -> None:
    made = rules.Made(move, user_id=7, at=MADE_AT, version=3)
    at = MADE_AT + timedelta(hours=hours)
    assert rules.may_take_back(made, user_id, version, at) is expected


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


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        ("We line ponds.\n\nCall  us.", "We line ponds. Call us."),
        ("我们做防渗。" * 20, ("我们做防渗。" * 20)[:60] + "…"),
        ("word " * 20, "word word word word word word word word word word word word…"),
        ("W" * 61, "W" * 60 + "…"),
        ("a " + "W" * 80, "a " + "W" * 58 + "…"),
    ],
)
def test_the_first_words_of_a_text(text: str, title: str) -> None:
    assert rules.first_words(text) == title


@pytest.mark.parametrize(
    ("day", "number", "months"),
    [
        (date(2026, 3, 31), 1, ["2026-03-01"]),
        (date(2026, 2, 1), 3, ["2025-12-01", "2026-01-01", "2026-02-01"]),
        (date(2026, 12, 31), 2, ["2026-11-01", "2026-12-01"]),
    ],
)
def test_the_last_months_end_with_the_one_under_way(
    day: date, number: int, months: list[str]
) -> None:
    assert [one.isoformat() for one in rules.last_months(day, number)] == months
