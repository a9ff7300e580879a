"""How the installation stands: for the page, for `/metrics` and for `/ready`."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from matchmaker import __version__, deaths, engine, home, metrics, schema
from matchmaker.audit import queries as audit
from matchmaker.backup.service import nightly
from matchmaker.db import now, reading
from matchmaker.notices import queries as notices
from matchmaker.notices.models import OutboxMail
from matchmaker.operations import queries
from matchmaker.operations.models import JobRun, WorkerBeat
from matchmaker.operations.rules import is_silent, job_state
from matchmaker.operations.schedule import EVERY_MINUTE, LATE_AFTER
from matchmaker.operations.states import JobState, Trouble
from matchmaker.plan import queries as plans
from matchmaker.recommendation import queries as recommendation
from matchmaker.recommendation.run.compute import weights_version
from matchmaker.search import rules as search
from matchmaker.security import queries as security
from matchmaker.services import services

SLOW_SHOWN, MAILS_SHOWN = 10, 10
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Job:
    """A job with its last run, if there was one."""

    name: str
    each_minute: bool
    state: JobState
    run: JobRun | None


@dataclass(frozen=True, slots=True)
class File:
    """A file that a job writes."""

    written_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Facts:
    """How everything stands at a time. Sizes are in bytes."""

    at: datetime
    troubles: Sequence[Trouble]
    workers: Sequence[WorkerBeat]
    jobs: Sequence[Job]
    asked: int  # jobs that somebody asked for and nobody has begun
    listings_due: int
    mails: notices.MailCounts
    troubled_mails: Sequence[OutboxMail]
    disk_free: int
    disk_total: int
    database: str
    database_size: int
    revision: str
    records: int  # of the audit log
    alarming: int  # security events of the last day
    deaths: int  # of processes in the last week
    index: File | None
    recommender: File | None
    backup: File | None
    backs_up: bool
    versions: Sequence[tuple[str, str]]
    slow_pages: Sequence[metrics.PageTimes]


def troubles(session: Session, at: datetime) -> list[Trouble]:
    """Return why the site is not ready; nothing when it is."""
    found = []
    try:
        with reading(session):
            if not schema.is_current(session.connection()):
                return [Trouble.NOT_MIGRATED]
            workers = queries.beats(session)
    except SQLAlchemyError:
        return [Trouble.NO_DATABASE]
    if home.is_full(services().settings.home_path):
        found.append(Trouble.DISK_FULL)
    if is_silent(workers[0].seen_at if workers else None, at):
        found.append(Trouble.WORKER_SILENT)
    return found


def gather(session: Session) -> Facts:
    settings, at = services().settings, now()
    workers, disk = queries.beats(session), shutil.disk_usage(settings.home_path)
    started_at = min((worker.started_at for worker in workers), default=None)
    backups = nightly(settings)
    return Facts(
        at=at,
        troubles=troubles(session, at),
        workers=workers,
        jobs=_jobs(session, started_at, at),
        asked=services().queue.pending_count(),
        listings_due=recommendation.count_due(session),
        mails=notices.mail_counts(session),
        troubled_mails=notices.troubled_mails(session, MAILS_SHOWN),
        disk_free=disk.free,
        disk_total=disk.total,
        database=_database(session),
        database_size=queries.database_size(session),
        revision=schema.revision(session.connection()),
        records=audit.head(session).number,
        alarming=security.count_alarming(session, at - DAY),
        deaths=deaths.count_since(settings.home_path, at - WEEK),
        index=_folder(settings.home_path / "search", "current.json"),
        recommender=_file(settings.home_path / "recommender" / engine.FILE),
        backup=_file(backups[0]) if backups else None,
        backs_up=bool(settings.backup_folder),
        versions=_versions(session),
        slow_pages=metrics.slowest(SLOW_SHOWN),
    )


def _jobs(session: Session, started_at: datetime | None, at: datetime) -> list[Job]:
    runs = queries.runs(session)
    jobs = []
    for name, late_after in LATE_AFTER.items():
        run = runs.get(name)
        state = job_state(
            run.finished_at if run else None,
            run.succeeded_at if run else None,
            started_at,
            late_after=late_after,
            at=at,
        )
        jobs.append(Job(name, name in EVERY_MINUTE, state, run))
    return jobs


def _database(session: Session) -> str:
    dialect = session.get_bind().dialect
    version = ".".join(map(str, dialect.server_version_info or ()))
    return f"{ {'sqlite': 'SQLite', 'postgresql': 'PostgreSQL'}[dialect.name] } {version}".strip()


def _versions(session: Session) -> list[tuple[str, str]]:
    """Name and version of what results depend on."""
    plan, encoder = plans.current(session), services().settings.encoder
    return [
        ("matchmaker", __version__),
        ("engine", engine.ENGINE_VERSION),
        ("recommender", weights_version(plan.id if plan else 0, encoder)),
        ("index", search.VERSION),
        ("Python", platform.python_version()),
    ]


def _folder(folder: Path, newest: str) -> File | None:
    """A folder of files, as old as the one that is written last."""
    last = _file(folder / newest)
    size = sum(found.size for path in folder.rglob("*.*") if (found := _file(path)))
    return File(last.written_at, size) if last else None


def _file(path: Path) -> File | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return File(datetime.fromtimestamp(found.st_mtime, UTC), found.st_size)
