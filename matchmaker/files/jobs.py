from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.files import service


def remove_files(session: Session) -> int:
    """Remove the bytes of files that were deleted."""
    removed = service.remove_deleted(session)
    session.commit()
    return removed


def forget_stray_files(session: Session) -> int:
    """Remove bytes that no file has."""
    forgotten = service.forget_strays(session)
    session.commit()
    return forgotten
