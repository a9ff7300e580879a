"""What the worker writes down about itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.db import moment
from matchmaker.operations.models import JobRun, WorkerBeat


def note_run(
    session: Session,
    name: str,
    seconds: float,
    *,
    result: object = None,
    error: Exception | None = None,
    at: datetime | None = None,
) -> None:
    """Note how a job's run went, over what is noted of the last one."""
    at = moment(at)
    run = session.get(JobRun, name)
    if run is None:
        run = JobRun(name=name, succeeded_at=None)
        session.add(run)
    run.finished_at, run.seconds = at, seconds
    run.result = "" if result is None else str(_counted(result))[:200]
    run.error = "" if error is None else f"{type(error).__name__}: {error}"[:300]
    if error is None:
        run.succeeded_at = at


def _counted(result: object) -> object:
    """Return one number for counts of several kinds: the page names no kinds."""
    return sum(result.values()) if isinstance(result, Mapping) else result


def note_beat(
    session: Session, host: str, pid: int, started_at: datetime, *, at: datetime | None = None
) -> None:
    """Note that the worker of a machine lives."""
    session.merge(WorkerBeat(host=host, pid=pid, started_at=started_at, seen_at=moment(at)))
