from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker.db import now, today
from matchmaker.listings import bookmarks, following, kept, queries, renewals
from matchmaker.listings.bookmarks import NEAR
from matchmaker.listings.reminding import STALE_AFTER, WARNINGS
from matchmaker.permissions import SYSTEM

BATCH = 100


def remind_of_deadlines(session: Session) -> int:
    """Tell who watches a listing that its deadline is near, and return how many were told."""
    told = 0
    while batch := kept.deadlines_near(session, today(), today() + NEAR, BATCH):
        for bookmark, user in batch:
            bookmarks.tell_deadline(session, bookmark, user, at=now())
        session.commit()
        told += len(batch)
    session.rollback()
    return told


def remind_writers(session: Session) -> int:
    """Remind writers of what ends or was not spoken of, a transaction each; return how many."""
    at, day = now(), today()
    near, silent = day + timedelta(days=max(WARNINGS)), at - STALE_AFTER
    reminded = 0
    for listing_id in queries.to_remind(session, day, near, silent):
        session.commit()
        listing = queries.locked(session, listing_id)
        if listing is not None and listing.is_shown:
            sent = queries.reminders_of(session, listing_id)
            reminded += renewals.look_after(session, listing, sent, at=at)
    session.commit()
    return reminded


def expire_listings(session: Session) -> int:
    """Take down what has passed its deadline, and return how many; a transaction each batch."""
    expired = 0
    while batch := queries.past_deadline(session, today(), BATCH):
        following.expire(session, SYSTEM, batch)
        session.commit()
        expired += len(batch)
    session.rollback()  # nothing is left open: the last look wrote nothing
    return expired
