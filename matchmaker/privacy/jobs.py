from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import now
from matchmaker.permissions import SYSTEM
from matchmaker.privacy import service
from matchmaker.services import services


def forget_old_data(session: Session) -> dict[str, int]:
    """Remove what is kept no longer than the settings say; return how much that was."""
    settings, at = services().settings, now()
    gone = {
        "registrations": service.forget_unconfirmed(
            session, at - timedelta(days=settings.keep_unconfirmed_days), at=at
        ),
        "mails": service.forget_mails(session, at - timedelta(days=settings.keep_mails_days)),
        "notices": service.forget_notices(session, at - timedelta(days=settings.keep_notices_days)),
    }
    if any(gone.values()):
        audit.record(session, SYSTEM, "data.forget", "data", None, at=at, **gone)
    session.commit()
    return gone
