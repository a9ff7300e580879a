"""What the worker tells of itself, for operators: a row a job, and a row a machine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base


class JobRun(Base):
    """The last run of a job."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    finished_at: Mapped[datetime]
    seconds: Mapped[float]
    result: Mapped[str] = mapped_column(String(200))
    error: Mapped[str] = mapped_column(String(300))  # "" when it went well
    succeeded_at: Mapped[datetime | None]  # the last time that it went well


class WorkerBeat(Base):
    """A sign of life of the worker of one machine."""

    __tablename__ = "worker_beats"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    pid: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
