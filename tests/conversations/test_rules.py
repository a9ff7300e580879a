from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.conversations import rules
from matchmaker.cooperation.states import MatchStatus
from matchmaker.errors import Refusal
from matchmaker.permissions import Actor

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
AUTHOR, OTHER = Actor(user_id=1), Actor(user_id=2)


@pytest.mark.parametrize("status", MatchStatus)
def test_a_thread_is_open_while_both_want_it(status: MatchStatus) -> None:
    expected = {
        **dict.fromkeys(MatchStatus.OPEN, Refusal.NOT_TOGETHER),
        **dict.fromkeys(MatchStatus.TOGETHER, None),
        **dict.fromkeys(MatchStatus.ENDED, Refusal.MATCH_ENDED),
    }
    assert rules.closed(status, are_organisations_shown=True) == expected[status]


def test_a_thread_is_closed_while_a_side_is_suspended() -> None:
    closed = rules.closed(MatchStatus.AGREED, are_organisations_shown=False)
    assert closed == Refusal.PARTNER_UNAVAILABLE


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        ("", 0, Refusal.MESSAGE_EMPTY),
        ("a", 0, None),
        ("", 1, None),
        ("a" * 10_000, 5, None),
        ("a" * 10_001, 0, Refusal.MESSAGE_TOO_LONG),
    ],
)
def test_what_may_be_sent(text: str, files: int, expected: Refusal | None) -> None:
    found = rules.fault(text, files)
    assert (found[0] if found else None) == expected


@pytest.mark.parametrize(
    ("actor", "minutes", "deleted", "expected"),
    [
        pytest.param(AUTHOR, 0, False, True, id="at once"),
        pytest.param(AUTHOR, 15, False, True, id="in time"),
        pytest.param(AUTHOR, 16, False, False, id="too late"),
        pytest.param(AUTHOR, 1, True, False, id="deleted already"),
        pytest.param(OTHER, 1, False, False, id="somebody else"),
    ],
)
def test_who_may_delete(actor: Actor, minutes: int, deleted: bool, expected: bool) -> None:
    at = NOON + timedelta(minutes=minutes)
    assert rules.may_delete(1, NOON, NOON if deleted else None, actor, at) == expected


@pytest.mark.parametrize(
    ("provinces", "expected"), [({"63"}, "63"), ({"37"}, "37"), ({"63", "37"}, "63"), (set(), "")]
)
def test_for_which_province_a_curator_speaks(provinces: set[str], expected: str) -> None:
    assert rules.curated_province(Actor(provinces=frozenset(provinces)), ("63", "37")) == expected
