"""Work outside requests: one queue, and a look at the database's own state every minute.

Every night in China what ran out is cleaned up. Pages compare dates themselves and wait for no job.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask
from huey import Huey, SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from matchmaker import garbage
from matchmaker.accounts.jobs import forget_sessions
from matchmaker.agreements.jobs import tell_overdue_milestones
from matchmaker.audit.jobs import anchor_audit
from matchmaker.backup.jobs import make_backup
from matchmaker.config import Settings
from matchmaker.cooperation.jobs import expire_matches, keep_clocks
from matchmaker.curation.jobs import forget_untaken
from matchmaker.db import db, now
from matchmaker.files.jobs import forget_stray_files, remove_files
from matchmaker.imports.jobs import forget_imports, work_on_imports
from matchmaker.limits.jobs import forget_uses
from matchmaker.listings.jobs import expire_listings, remind_of_deadlines, remind_writers
from matchmaker.meetings.jobs import tend_meetings
from matchmaker.operations import service as operations
from matchmaker.operations.rules import BEAT_EVERY
from matchmaker.operations.schedule import EVERY_MINUTE, EVERY_NIGHT, last_night
from matchmaker.organisations.jobs import (
    deliver_mail,
    lapse_verifications,
    report_undelivered,
    warn_of_lapses,
)
from matchmaker.outcomes.jobs import ask_how_it_goes
from matchmaker.privacy.jobs import forget_old_data
from matchmaker.quality import jobs as quality
from matchmaker.recommendation.run import jobs as recommendation
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.search import jobs as search
from matchmaker.search.jobs import keep_search_kernels, write_search_snapshot
from matchmaker.security.jobs import forget_security_events
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


def tell_finds(session: Session) -> int:
    """Tell who saved a search of its new finds."""
    return search.tell_finds(session, services().searching)


JOBS: Mapping[str, Callable[[Any], object]] = {
    "tend_meetings": tend_meetings,
    "deliver_mail": deliver_mail,
    "report_undelivered": report_undelivered,
    "keep_search_snapshot": keep_search_snapshot,
    "keep_kernels": keep_kernels,
    "renew_search_snapshot": renew_search_snapshot,
    "refresh_suggestions": refresh_suggestions,
    "verify_suggestions": verify_suggestions,
    "measure_quality": measure_quality,
    "lapse_verifications": lapse_verifications,
    "warn_of_lapses": warn_of_lapses,
    "expire_listings": expire_listings,
    "expire_matches": expire_matches,
    "keep_clocks": keep_clocks,
    "tell_overdue_milestones": tell_overdue_milestones,
    "remind_of_deadlines": remind_of_deadlines,
    "remind_writers": remind_writers,
    "tell_finds": tell_finds,
    "ask_how_it_goes": ask_how_it_goes,
    "forget_sessions": forget_sessions,
    "forget_old_data": forget_old_data,
    "forget_uses": forget_uses,
    "work_on_imports": work_on_imports,
    "forget_imports": forget_imports,
    "forget_untaken": forget_untaken,
    "remove_files": remove_files,
    "forget_stray_files": forget_stray_files,
    "anchor_audit": anchor_audit,
    "make_backup": make_backup,
    "forget_security_events": forget_security_events,
}

LAST_NIGHT = "night"  # in the queue's own store: the last night whose jobs this machine has done
LOOK_SECONDS = 1.0
SECONDS_TO_END = 10.0
THREADS = 2  # a long night's run holds up no mail
_running = {name: threading.Lock() for name in JOBS}
_in_night = threading.Lock()


def install(app: Flask) -> None:
    """Give the application its queue; `matchmaker.jobs.kick` puts jobs into it."""
    held = services(app)
    queue = held.queue

    def run(name: str) -> None:
        run_job(app, name)

    def run_each() -> None:
        for name in EVERY_MINUTE:
            run_job(app, name)

    held.run = queue.task(name="run")(run)
    queue.periodic_task(crontab(minute="*"), name="every_minute")(run_each)
    queue.periodic_task(crontab(minute="*"), name="every_night")(lambda: keep_nights(app))


def keep_nights(app: Flask) -> None:
    """Do the night's jobs once a night; a night that nobody worked in is made up for at once."""
    if not _in_night.acquire(blocking=False):
        return
    try:
        queue, night = services(app).queue, last_night(now()).isoformat()
        if queue.get(LAST_NIGHT, peek=True) != night:
            for name in EVERY_NIGHT:
                run_job(app, name)
            queue.put(LAST_NIGHT, night)
    finally:
        _in_night.release()


def recommender_store(settings: Settings, n_jobs: int = 1) -> RecommenderStore:
    """Return where one machine's processes keep the recommender; `n_jobs` may compute it."""
    return RecommenderStore(settings.home_path / "recommender", settings.encoder, n_jobs)


def make_queue(settings: Settings) -> Huey:
    """The queue: an SQLite file in the home folder, shared by the processes of one machine."""
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
    started, result, failure = time.monotonic(), None, None
    with app.app_context():
        try:
            result = JOBS[name](db.session())
            log.info("job.done", job=name, result=result)
        except Exception as error:
            failure = error
            log.exception("job.failed", job=name)
        finally:
            _running[name].release()
        seconds = time.monotonic() - started
        _note(name, lambda s: operations.note_run(s, name, seconds, result=result, error=failure))


def _note(what: str, write: Callable[[Session], None]) -> None:
    """Write down something about the worker; what cannot be written stops no work."""
    session = db.session()
    session.rollback()
    try:
        write(session)
        session.commit()
    except SQLAlchemyError:
        session.rollback()
        log.warning("worker.not_noted", what=what, exc_info=True)


def beat_for_ever(app: Flask, stop: threading.Event) -> None:
    """Give signs of life, also while every thread is at work."""
    host, pid, started = socket.gethostname(), os.getpid(), now()
    stopped = False
    while not stopped:
        with app.app_context():
            _note("beat", lambda session: operations.note_beat(session, host, pid, started))
        stopped = stop.wait(BEAT_EVERY.total_seconds())


def end_with(master: int) -> None:
    """End this process when the process that started it has ended."""
    while os.getppid() == master:
        time.sleep(LOOK_SECONDS)
    log.error("worker.orphaned", master=master)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_END)
    os._exit(1)


def work(app: Flask, master: int | None = None) -> None:
    """Run the queue until told to stop, beginning with what was left undone while nobody worked.

    `master`: the process that started this one, without which it is not to go on.
    """
    garbage.collect_apart()
    if master is not None:
        threading.Thread(target=end_with, args=(master,), daemon=True).start()
    threading.Thread(target=beat_for_ever, args=(app, threading.Event()), daemon=True).start()
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
