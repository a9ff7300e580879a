from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord


def about(session: Session, subject_type: str, subject_id: int, limit: int = 20) -> Sequence[AuditRecord]:
    """The newest records about one thing, newest first."""
    return session.scalars(
        select(AuditRecord)
        .where(AuditRecord.subject_type == subject_type, AuditRecord.subject_id == subject_id)
        .order_by(AuditRecord.id.desc())
        .limit(limit)
    ).all()


def recent(session: Session, limit: int, before: int | None = None) -> Sequence[AuditRecord]:
    """The newest records, newest first; with `before`, those older than that number."""
    query = select(AuditRecord).order_by(AuditRecord.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRecord.id < before)
    return session.scalars(query).all()
