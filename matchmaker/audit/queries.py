from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from matchmaker.audit.models import AuditHead, AuditRecord
from matchmaker.audit.rules import GENESIS


def about(
    session: Session, subject_type: str, subject_id: int, limit: int = 20
) -> Sequence[AuditRecord]:
    """The newest records about one thing, newest first."""
    return session.scalars(
        select(AuditRecord)
        .where(AuditRecord.subject_type == subject_type, AuditRecord.subject_id == subject_id)
        .order_by(AuditRecord.id.desc())
        .limit(limit)
    ).all()


def of_actor(session: Session, actor_id: int) -> Sequence[tuple[AuditRecord, str | None]]:
    """What somebody did, oldest first, each with the hash of the record before."""
    before = aliased(AuditRecord)
    return (
        session.execute(
            select(AuditRecord, before.hash)
            .outerjoin(before, before.id == AuditRecord.id - 1)
            .where(AuditRecord.actor_id == actor_id)
            .order_by(AuditRecord.id)
        )
        .tuples()
        .all()
    )


def select_records(
    subject_type: str = "", subject_id: int | None = None
) -> Select[tuple[AuditRecord]]:
    """The log, newest first, perhaps about one kind of thing or one thing."""
    query = select(AuditRecord).order_by(AuditRecord.id.desc())
    if subject_type:
        query = query.where(AuditRecord.subject_type == subject_type)
    if subject_id is not None:
        query = query.where(AuditRecord.subject_id == subject_id)
    return query


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the record: that of one entry, or before the first."""

    number: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Since:
    """Things touched after a mark, (subject type, subject id) once each, and the next mark."""

    subjects: frozenset[tuple[str, int | None]]
    mark: Mark


def head(session: Session) -> Mark:
    """The newest entry's place."""
    found = session.execute(select(AuditHead.count, AuditHead.hash)).one_or_none()
    return Mark(*found) if found else Mark()


def since(session: Session, mark: Mark, subject_types: Collection[str]) -> Since | None:
    """Return what was done after the mark to things of these types.

    None if this record does not have the mark's entry.

    Numbers follow the order of commits, for a writer holds the head until its own. Nothing comes in
    behind a mark.
    """
    later = or_(AuditRecord.id == mark.number, AuditRecord.subject_type.in_(subject_types))
    rows = session.execute(
        select(
            AuditHead.count,
            AuditHead.hash,
            AuditRecord.id,
            AuditRecord.hash,
            AuditRecord.subject_type,
            AuditRecord.subject_id,
        )
        .outerjoin_from(AuditHead, AuditRecord, and_(AuditRecord.id >= mark.number, later))
        .order_by(AuditRecord.id)
    ).all()
    known = (mark.number, mark.hash) == (0, GENESIS)
    subjects = set()
    for _, _, number, hash_, subject_type, subject_id in rows:
        if number == mark.number:
            known = hash_ == mark.hash
        elif number is not None:
            subjects.add((subject_type, subject_id))
    if not known:
        return None
    return Since(frozenset(subjects), Mark(*rows[0][:2]) if rows else mark)
