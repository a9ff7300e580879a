from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
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


def select_records(subject_type: str = "", subject_id: int | None = None) -> Select[tuple[AuditRecord]]:
    """The log, newest first, perhaps about one kind of thing or one thing."""
    query = select(AuditRecord).order_by(AuditRecord.id.desc())
    if subject_type:
        query = query.where(AuditRecord.subject_type == subject_type)
    if subject_id is not None:
        query = query.where(AuditRecord.subject_id == subject_id)
    return query
