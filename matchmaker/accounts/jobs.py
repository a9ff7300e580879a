from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker.accounts import sessions
from matchmaker.db import now

KEPT_FOR = timedelta(days=180)  # until then they say which places are known


def forget_sessions(session: Session) -> int:
    """Delete sessions that began long ago; return how many."""
    forgotten = sessions.forget(session, now() - KEPT_FOR)
    session.commit()
    return forgotten
