from __future__ import annotations

from datetime import datetime, timedelta

from matchmaker.operations.states import JobState

BEAT_EVERY = timedelta(seconds=20)
SILENT_AFTER = timedelta(minutes=2)


def is_silent(seen_at: datetime | None, at: datetime) -> bool:
    """Return whether no worker has given a sign of life for too long."""
    return seen_at is None or at - seen_at > SILENT_AFTER


def job_state(
    finished_at: datetime | None,
    succeeded_at: datetime | None,
    started_at: datetime | None,
    *,
    late_after: timedelta,
    at: datetime,
) -> JobState:
    """How a job stands. Until its first run is overdue since the worker's start, it never ran.

    >>> hour = timedelta(hours=1)
    >>> noon = datetime(2026, 5, 1, 12)
    >>> job_state(noon, noon, noon, late_after=hour, at=noon + 2 * hour)
    <JobState.LATE: 'late'>
    """
    since = succeeded_at or started_at
    if finished_at is not None and finished_at != succeeded_at:
        return JobState.FAILED
    if since is not None and at - since > late_after:
        return JobState.LATE
    return JobState.GOOD if finished_at else JobState.NEVER
