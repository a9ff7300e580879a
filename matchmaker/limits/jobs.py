from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.limits import service


def forget_uses(session: Session) -> int:
    """Delete what no limit counts any more."""
    forgotten = service.forget(session)
    session.commit()
    return forgotten
