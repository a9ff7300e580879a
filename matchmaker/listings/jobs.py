from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.db import today
from matchmaker.listings import queries, service
from matchmaker.permissions import SYSTEM

BATCH = 100


def expire_listings(session: Session) -> int:
    """Take down what has passed its deadline, and return how many; a transaction each batch."""
    expired = 0
    while batch := queries.past_deadline(session, today(), BATCH):
        service.expire(session, SYSTEM, batch)
        session.commit()
        expired += len(batch)
    session.rollback()  # nothing is left open: the last look wrote nothing
    return expired
