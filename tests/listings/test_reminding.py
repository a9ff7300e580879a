"""When writers are reminded of a listing, and what the link of a reminder still does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from matchmaker.listings import reminding
from matchmaker.listings.reminding import LinkState, Step

TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)  # noon in China
LONG_AGO = TODAY - timedelta(days=100)


def days(number: float) -> timedelta:
    return timedelta(days=number)


@pytest.mark.parametrize(
    ("ends_in", "confirmed", "told", "expected"),
    [
        (15, LONG_AGO, (), None),
        (14, LONG_AGO, (), 14),
        (14, LONG_AGO, (14,), None),
        (10, LONG_AGO, (), 14),  # the worker was down
        (4, LONG_AGO, (14,), None),
        (3, LONG_AGO, (14,), 3),
        (2, LONG_AGO, (), 3),  # the later one alone
        (2, LONG_AGO, (14, 3), None),
        (0, LONG_AGO, (14,), 3),
        (-1, LONG_AGO, (14,), None),
        (10, TODAY - days(1), (), None),  # they have just said so themselves
        (3, TODAY, (), None),
        (3, TODAY - days(1), (), 3),
    ],
)
def test_each_warning_is_due_once(
    ends_in: int, confirmed: date, told: tuple[int, ...], expected: int | None
) -> None:
    assert reminding.warning_due(TODAY + days(ends_in), confirmed, told, TODAY) == expected


@pytest.mark.parametrize(
    ("confirmed", "asked", "deadline", "expected"),
    [
        (179, None, None, None),
        (180, None, None, Step.ASK),
        (400, 200, None, Step.PAUSE),
        (209, 29, None, None),
        (210, 30, None, Step.PAUSE),
        (180, 190, None, Step.ASK),  # that question was answered
        (180, None, 30, None),  # the warnings of its deadline come first
        (180, None, 31, Step.ASK),
    ],
)
def test_who_was_silent_is_asked_and_then_paused(
    confirmed: int, asked: int | None, deadline: int | None, expected: Step | None
) -> None:
    ends = None if deadline is None else TODAY + days(deadline)
    asked_at = None if asked is None else NOW - days(asked)
    assert reminding.stale_step(ends, NOW - days(confirmed), asked_at, NOW) == expected


@pytest.mark.parametrize(
    ("ends_in", "lasted", "expected"),
    [
        (14, 104, 118),  # as long again
        (-10, 90, 90),  # counted from today
        (3, 10, 33),  # a month at least
        (14, 360, 365),  # a year from today at most
        (0, 900, 365),
    ],
)
def test_one_click_renews_for_as_long_again(ends_in: int, lasted: int, expected: int) -> None:
    deadline = TODAY + days(ends_in)
    renewed = reminding.renewed_deadline(deadline, deadline - days(lasted), TODAY)
    assert renewed == TODAY + days(expected)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, LinkState.OPEN),
        ({"status": "expired"}, LinkState.OPEN),
        ({"status": "paused"}, LinkState.OPEN),
        ({"status": "closed"}, LinkState.OVERTAKEN),
        ({"status": "in_review"}, LinkState.OVERTAKEN),
        ({"answered_at": NOW}, LinkState.USED),
        ({"asked_at": NOW - days(60)}, LinkState.TOO_LATE),
        ({"asked_at": NOW - days(59)}, LinkState.OPEN),
        ({"deadline": TODAY + days(90)}, LinkState.OVERTAKEN),
        ({"about": None, "confirmed_at": NOW - days(2)}, LinkState.OPEN),
        ({"about": None, "confirmed_at": NOW}, LinkState.OVERTAKEN),
    ],
)
def test_a_link_is_good_until_something_was_said(
    changed: dict[str, object], expected: LinkState
) -> None:
    facts = {
        "asked_at": NOW - days(1),
        "answered_at": None,
        "about": TODAY,
        "deadline": TODAY,
        "status": "published",
        "confirmed_at": NOW - days(90),
        "at": NOW,
    }
    assert reminding.link_state(**{**facts, **changed}) == expected  # type: ignore[arg-type]
