from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """How a job stands."""

    GOOD = "good"
    FAILED = "failed"  # the last run did not go well
    LATE = "late"  # it should have run again
    NEVER = "never"


class Trouble(StrEnum):
    """Why the site is not ready, in the order that is asked."""

    NO_DATABASE = "no database"
    NOT_MIGRATED = "not migrated"
    DISK_FULL = "disk full"
    WORKER_SILENT = "worker silent"
