"""Which moves a meeting allows, which times will do, and which links."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.errors import Refusal
from matchmaker.meetings.rules import MOVES, fault, in_zone, is_web_address, moves_open
from matchmaker.meetings.states import MeetingStatus, standing
from tests.meetings.conftest import DAY, NOON, proposal

# standing → the moves of the side that proposed the times, and of the side that is asked
OPEN = {
    "proposed": ({"move", "cancel"}, {"accept", "move", "cancel"}),
    "unanswered": ({"move", "cancel"}, {"move", "cancel"}),
    "accepted": ({"move", "cancel"}, {"move", "cancel"}),
    "past": ({"note_attendance", "write_minutes"}, {"note_attendance", "write_minutes"}),
    "cancelled": (set(), set()),
}


def test_the_table_has_every_state() -> None:
    assert set(OPEN) == set(MeetingStatus)


@pytest.mark.parametrize("state", OPEN)
def test_moves_by_state_and_side(state: str) -> None:
    both = tuple(moves_open(state, "need", side, may_go_on=True) for side in ("need", "capability"))
    assert both == OPEN[state]


@pytest.mark.parametrize("state", OPEN)
def test_what_goes_on_is_closed_where_the_two_may_not_go_on(state: str) -> None:
    goes_on = {"accept", "move"}
    for side, moves in zip(("need", "capability"), OPEN[state], strict=True):
        assert moves_open(state, "need", side, may_go_on=False) == moves - goes_on


def test_a_move_leads_to_a_state_that_is_stored() -> None:
    after = {move.after for move in MOVES.values() if move.after}
    assert after == {"accepted", "proposed", "cancelled"}


SOON, LATER, EARLIER = NOON + DAY, NOON + 2 * DAY, NOON - DAY


@pytest.mark.parametrize(
    ("status", "times", "starts_at", "expected"),
    [
        ("proposed", [SOON, EARLIER], None, "proposed"),
        ("proposed", [EARLIER, NOON], None, "unanswered"),
        ("accepted", [SOON], SOON, "accepted"),
        ("accepted", [NOON], NOON, "past"),
        ("cancelled", [EARLIER], EARLIER, "cancelled"),
    ],
)
def test_the_clock_decides_what_stands(
    status: str, times: list[datetime], starts_at: datetime | None, expected: str
) -> None:
    assert standing(status, times, starts_at, NOON) == expected


FIVE = tuple(NOON + number * DAY for number in range(1, 6))


@pytest.mark.parametrize(
    ("times", "fields", "expected"),
    [
        (FIVE, {}, None),
        ((*FIVE, NOON + 9 * DAY), {}, Refusal.NO_TIMES),
        ((SOON, NOON), {}, Refusal.TIME_PASSED),
        ((NOON + timedelta(days=367),), {}, Refusal.TIME_FAR_AHEAD),
        ((SOON, SOON), {}, Refusal.TIME_TWICE),
        ((SOON,), {"minutes": 14}, Refusal.LENGTH_OUT_OF_RANGE),
        ((SOON,), {"minutes": 481}, Refusal.LENGTH_OUT_OF_RANGE),
        ((SOON,), {"minutes": 480}, None),
        ((SOON,), {"place": ""}, Refusal.NO_WHEREABOUTS),
        ((SOON,), {"place": "", "link": "https://example.org"}, None),
    ],
)
def test_what_may_be_proposed(
    times: tuple[datetime, ...], fields: dict[str, object], expected: Refusal | None
) -> None:
    assert fault(proposal(*times, **fields), NOON) == expected


def test_no_times_at_all() -> None:
    assert fault(replace(proposal(), times=()), NOON) == Refusal.NO_TIMES


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        (datetime(2026, 12, 3, 14), "Asia/Shanghai", datetime(2026, 12, 3, 6, tzinfo=UTC)),
        (datetime(2026, 7, 3, 14), "Europe/Madrid", datetime(2026, 7, 3, 12, tzinfo=UTC)),
        (datetime(2026, 12, 3, 14), "Europe/Madrid", datetime(2026, 12, 3, 13, tzinfo=UTC)),
        # the hour that clocks leave out in spring, and the one that comes twice in autumn
        (datetime(2027, 3, 28, 2, 30), "Europe/Madrid", None),
        (datetime(2026, 10, 25, 2, 30), "Europe/Madrid", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_of_a_zone(local: datetime, zone: str, utc: datetime | None) -> None:
    assert in_zone(local, zone) == utc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://meeting.example.cn/j/123?pwd=a", True),
        ("http://example.org", True),
        ("https://会议.中国/入会", True),
        ("javascript:alert(1)", False),
        ("data:text/html,hi", False),
        ("//example.org", False),
        ("https://", False),
        ("https://[", False),
        ("https://example.org/a b", False),
        ("example.org", False),
    ],
)
def test_a_link_leads_to_the_web(text: str, expected: bool) -> None:
    assert is_web_address(text) is expected
