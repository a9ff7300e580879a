"""The states of a meeting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum


class MeetingStatus(StrEnum):
    PROPOSED = "proposed"  # one side has proposed times, the other has to choose
    UNANSWERED = "unanswered"  # all proposed times have passed; never stored
    ACCEPTED = "accepted"
    PAST = "past"  # accepted, and it has begun; never stored
    CANCELLED = "cancelled"


def standing(
    status: str, times: Collection[datetime], starts_at: datetime | None, now: datetime
) -> str:
    """The status that holds now: time goes on without a job."""
    if status == MeetingStatus.PROPOSED and all(time <= now for time in times):
        return MeetingStatus.UNANSWERED
    if status == MeetingStatus.ACCEPTED and starts_at is not None and starts_at <= now:
        return MeetingStatus.PAST
    return status
