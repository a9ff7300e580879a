from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.db import now, today
from matchmaker.listings import bookmarks, following, queries
from matchmaker.listings.bookmarks import NEAR
from matchmaker.permissions import SYSTEM

BATCH = 100


def remind_of_deadlines(session: Session) -> int:
    """Tell who watches a listing that its deadline is near, and return how many were told."""
    told = 0
    while batch := queries.deadlines_near(session, today(), today() + NEAR, BATCH):
        for bookmark, user in batch:
            bookmarks.tell_deadline(session, bookmark, user, at=now())
        session.commit()
        told += len(batch)
    session.rollback()
    return told


def expire_listings(session: Session) -> int:
    """Take down what has passed its deadline, and return how many; a transaction each batch."""
    expired = 0
    while batch := queries.past_deadline(session, today(), BATCH):
        following.expire(session, SYSTEM, batch)
        session.commit()
        expired += len(batch)
    session.rollback()  # nothing is left open: the last look wrote nothing
    return expired
