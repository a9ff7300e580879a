"""Work outside requests: one queue, and a reconciler over the database's own state.

What must be done is always written in the database in the transaction that causes it (a mail in the outbox, a
listing with `matching_due`). A kick only makes the worker look sooner; losing one loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab

from matchmaker.config import Settings
from matchmaker.db import db

log = structlog.get_logger()

Job = Callable[[Any], object]


def jobs() -> dict[str, Job]:
    """Name → function of a session. Imported late: web processes need not load what only the worker runs."""
    from matchmaker.cooperation.jobs import expire_matches
    from matchmaker.listings.jobs import expire_listings
    from matchmaker.notices.jobs import deliver_mail
    from matchmaker.organisations.jobs import lapse_verifications
    from matchmaker.recommendation.jobs import refresh_suggestions

    return {
        "deliver_mail": deliver_mail,
        "refresh_suggestions": refresh_suggestions,
        "lapse_verifications": lapse_verifications,
        "expire_listings": expire_listings,
        "expire_matches": expire_matches,
    }


EVERY_MINUTE = ("deliver_mail", "refresh_suggestions")
EVERY_NIGHT = ("lapse_verifications", "expire_listings", "expire_matches")


def make_queue(settings: Settings) -> Huey:
    """The queue: Redis when there is one, else an SQLite file beside the database."""
    if settings.redis_url:
        return RedisHuey("matchmaker", url=settings.redis_url, results=False)
    settings.home_path.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("matchmaker", filename=str(settings.home_path / "jobs.sqlite"), results=False, fsync=True)


def install(app: Flask, settings: Settings) -> None:
    queue = make_queue(settings)
    app.extensions["jobs"] = queue

    @queue.task(name="run")
    def run(name: str) -> None:
        run_job(app, name)

    @queue.periodic_task(crontab(minute="*"), name="every_minute")
    def every_minute() -> None:
        for name in EVERY_MINUTE:
            run_job(app, name)

    @queue.periodic_task(crontab(minute="10", hour="2"), name="every_night")
    def every_night() -> None:
        for name in EVERY_NIGHT:
            run_job(app, name)

    app.extensions["jobs.run"] = run


def run_job(app: Flask, name: str) -> None:
    """Run one job to its end in an application context of its own, and log how it went."""
    with app.app_context():
        try:
            result = jobs()[name](db.session())
            log.info("job.done", job=name, result=result)
        except Exception:
            db.session.rollback()
            log.exception("job.failed", job=name)
        finally:
            db.session.remove()


def kick(*names: str) -> None:
    """Ask the worker to look now. A queue that does not answer costs at most a minute."""
    for name in names:
        try:
            current_app.extensions["jobs.run"](name)
        except Exception:
            log.warning("job.kick_failed", job=name, exc_info=True)


def commit(*kicks: str) -> None:
    """End a write: commit once, then wake the worker for what the transaction left to do."""
    db.session.commit()
    kick(*kicks)
