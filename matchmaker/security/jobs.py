from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker.db import now
from matchmaker.security.service import forget
from matchmaker.services import services


def forget_security_events(session: Session) -> int:
    """Delete events that are older than the settings say."""
    count = forget(session, now() - timedelta(days=services().settings.security_days))
    session.commit()
    return count
