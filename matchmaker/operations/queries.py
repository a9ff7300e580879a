from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matchmaker.operations.models import JobRun, WorkerBeat


def runs(session: Session) -> Mapping[str, JobRun]:
    """The last run of each job that ever ran."""
    return {run.name: run for run in session.scalars(select(JobRun))}


def beats(session: Session) -> Sequence[WorkerBeat]:
    """The workers by machine, the one seen last first."""
    return session.scalars(select(WorkerBeat).order_by(WorkerBeat.seen_at.desc())).all()


def database_size(session: Session) -> int:
    """The bytes that the database takes on its disk."""
    if session.get_bind().dialect.name == "postgresql":
        return session.scalar(select(func.pg_database_size(func.current_database()))) or 0
    pages = session.scalar(text("PRAGMA page_count")) or 0
    return int(pages) * int(session.scalar(text("PRAGMA page_size")) or 0)
