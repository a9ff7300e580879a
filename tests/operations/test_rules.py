from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.operations.messages import JOBS, STATES, TROUBLES
from matchmaker.operations.rules import is_silent, job_state
from matchmaker.operations.schedule import LATE_AFTER
from matchmaker.operations.states import JobState, Trouble
from matchmaker.worker import JOBS as RUN

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
THREE, TWO, HALF = NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR / 2


@pytest.mark.parametrize(
    ("finished_at", "succeeded_at", "started_at", "state"),
    [
        (HALF, HALF, TWO, JobState.GOOD),
        (TWO, TWO, TWO, JobState.LATE),
        (HALF, TWO, TWO, JobState.FAILED),
        (HALF, None, TWO, JobState.FAILED),
        (None, None, HALF, JobState.NEVER),
        (None, None, TWO, JobState.LATE),
        (None, None, None, JobState.NEVER),
    ],
)
def test_how_a_job_stands(
    finished_at: datetime | None,
    succeeded_at: datetime | None,
    started_at: datetime | None,
    state: JobState,
) -> None:
    assert job_state(finished_at, succeeded_at, started_at, late_after=HOUR, at=NOON) == state


@pytest.mark.parametrize(
    ("ago", "silent"), [(timedelta(seconds=90), False), (timedelta(minutes=3), True), (None, True)]
)
def test_a_worker_is_silent_after_two_minutes(ago: timedelta | None, *, silent: bool) -> None:
    assert is_silent(None if ago is None else NOON - ago, NOON) is silent


def test_every_job_has_its_time_and_its_words() -> None:
    assert RUN.keys() == LATE_AFTER.keys() == JOBS.keys()
    assert set(STATES) == set(JobState)
    assert set(TROUBLES) == set(Trouble)
