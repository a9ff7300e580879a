"""Work outside requests: one queue, and a look at the database's own state every minute."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask
from huey import Huey, SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy.orm import Session

from matchmaker import garbage
from matchmaker.config import Settings
from matchmaker.cooperation.jobs import expire_matches
from matchmaker.db import db
from matchmaker.limits.jobs import forget_uses
from matchmaker.listings.jobs import expire_listings
from matchmaker.notices.jobs import deliver_mail
from matchmaker.organisations.jobs import lapse_verifications
from matchmaker.quality import jobs as quality
from matchmaker.recommendation.run import jobs as recommendation
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.search.jobs import keep_search_kernels, write_search_snapshot
from matchmaker.services import services

log = structlog.get_logger()


def refresh_suggestions(session: Session) -> recommendation.Summary:
    """Find partners for listings that are due, with this process's recommender."""
    return recommendation.refresh_suggestions(session, services().recommender)


def verify_suggestions(session: Session) -> recommendation.Summary:
    """Find everybody's partners again."""
    return recommendation.verify_suggestions(session, services().recommender)


def measure_quality(session: Session) -> int:
    """Measure how well pairs are ranked where curators have asked, with the same encoder."""
    return quality.measure_quality(session, encoder=services().recommender.encoder)


def keep_search_snapshot(session: Session) -> int | None:
    """Write the search index to disk when there is none, or much has changed since."""
    return write_search_snapshot(session, services().searching)


def renew_search_snapshot(session: Session) -> int | None:
    """Write the search index to disk if anything has changed since."""
    return write_search_snapshot(session, services().searching, always=True)


def keep_kernels(session: Session) -> bool | None:
    """Compile the kernels of the search where the catalogue is large, once a machine."""
    return keep_search_kernels(session, services().searching)


JOBS: Mapping[str, Callable[[Any], object]] = {
    "deliver_mail": deliver_mail,
    "keep_search_snapshot": keep_search_snapshot,
    "keep_kernels": keep_kernels,
    "renew_search_snapshot": renew_search_snapshot,
    "refresh_suggestions": refresh_suggestions,
    "verify_suggestions": verify_suggestions,
    "measure_quality": measure_quality,
    "lapse_verifications": lapse_verifications,
    "expire_listings": expire_listings,
    "expire_matches": expire_matches,
    "forget_uses": forget_uses,
}
EVERY_MINUTE = (
    "deliver_mail",
    "keep_search_snapshot",
    "refresh_suggestions",
    "measure_quality",
    "keep_kernels",
)
EVERY_NIGHT = (
    "lapse_verifications",
    "expire_listings",
    "expire_matches",
    "forget_uses",
    "renew_search_snapshot",
    "verify_suggestions",
)

THREADS = 2  # a long night's run holds up no mail
_running = {name: threading.Lock() for name in JOBS}


def install(app: Flask) -> None:
    """Give the application its queue; `matchmaker.jobs.kick` puts jobs into it."""
    held = services(app)
    queue = held.queue

    def run(name: str) -> None:
        run_job(app, name)

    def run_all(names: tuple[str, ...]) -> Callable[[], None]:
        def run_each() -> None:
            for name in names:
                run_job(app, name)

        return run_each

    held.run = queue.task(name="run")(run)
    queue.periodic_task(crontab(minute="*"), name="every_minute")(run_all(EVERY_MINUTE))
    queue.periodic_task(crontab(minute="10", hour="2"), name="every_night")(run_all(EVERY_NIGHT))


def recommender_store(settings: Settings, n_jobs: int = 1) -> RecommenderStore:
    """Return where one machine's processes keep the recommender; `n_jobs` may compute it."""
    return RecommenderStore(settings.home_path / "recommender", settings.encoder, n_jobs)


def make_queue(settings: Settings) -> Huey:
    """The queue: an SQLite file in the home folder, shared by the processes of one machine."""
    settings.home_path.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(
        "matchmaker", filename=str(settings.home_path / "jobs.sqlite"), results=False, fsync=True
    )


def run_job(app: Flask, name: str) -> None:
    """Run one job to its end in an application context of its own, and log how it went.

    One that runs already in this process is left to run: a minute later it is asked for again.
    """
    if not _running[name].acquire(blocking=False):
        log.info("job.running", job=name)
        return
    with app.app_context():
        try:
            log.info("job.done", job=name, result=JOBS[name](db.session()))
        except Exception:
            db.session.rollback()
            log.exception("job.failed", job=name)
        finally:
            _running[name].release()


def work(app: Flask) -> None:
    """Run the queue until told to stop, beginning with what was left undone while nobody worked."""
    garbage.collect_apart()
    for name in EVERY_MINUTE:
        services(app).run(name)
    consumer = Consumer(
        services(app).queue,
        workers=THREADS,
        periodic=True,
        initial_delay=0.2,
        max_delay=1.0,
        check_worker_health=True,
    )
    consumer.run()
