"""Matches that nobody answered in time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.cooperation import queries, service
from matchmaker.cooperation.states import is_overdue
from matchmaker.db import today


def expire_matches(session: Session) -> int:
    """End what is overdue, one transaction each, and return how many.

    An answer that comes at the same moment wins or loses whole.
    """
    day = today()
    ids = queries.overdue(session, day)
    session.commit()
    expired = 0
    for match_id in ids:
        match = queries.locked(session, match_id)
        if match is not None and is_overdue(match.status, match.expires_on, day):
            service.expire(session, match)
            expired += 1
        session.commit()
    return expired
