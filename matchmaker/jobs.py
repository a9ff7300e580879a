"""Waking the worker.

What must be done is written in the database, in the transaction that causes it: a mail in the
outbox, a listing with `matching_due`. A kick only makes the worker look sooner: losing one loses
nothing.
"""

from __future__ import annotations

import structlog

from matchmaker.db import db
from matchmaker.services import services

log = structlog.get_logger()


def kick(*names: str) -> None:
    """Ask the worker to run these jobs now. A queue that does not answer costs at most a minute."""
    for name in names:
        try:
            services().run(name)
        except Exception:
            log.warning("job.kick_failed", job=name, exc_info=True)


def commit(*kicks: str) -> None:
    """End a write: commit once, then wake the worker for what the transaction left to do."""
    db.session.commit()
    kick(*kicks)
