from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.engine import TupleResult
from sqlalchemy.orm import Session, aliased

from matchmaker.audit.models import AuditHead, AuditRecord
from matchmaker.audit.rules import GENESIS
from matchmaker.db import start_of
from matchmaker.permissions import Actor


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


def about_each(
    session: Session, subject_type: str, subject_ids: Collection[int], limit: int
) -> Sequence[AuditRecord]:
    """The newest records about some things of a kind, newest first."""
    return session.scalars(
        select(AuditRecord)
        .where(AuditRecord.subject_type == subject_type, AuditRecord.subject_id.in_(subject_ids))
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: of whom (part of a name), about what, and from which day to which in China."""

    actor: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    since: date | None = None
    until: date | None = None


def select_records(wanted: Wanted) -> Select[tuple[AuditRecord]]:
    """The log, newest first, as far as it is wanted."""
    query = select(AuditRecord).order_by(AuditRecord.id.desc())
    if wanted.actor:
        query = query.where(AuditRecord.actor_name.icontains(wanted.actor, autoescape=True))
    if wanted.subject_type:
        query = query.where(AuditRecord.subject_type == wanted.subject_type)
    if wanted.subject_id is not None:
        query = query.where(AuditRecord.subject_id == wanted.subject_id)
    if wanted.since is not None:
        query = query.where(AuditRecord.at >= start_of(wanted.since))
    if wanted.until is not None:
        query = query.where(AuditRecord.at < start_of(wanted.until + timedelta(days=1)))
    return query


def all_records(session: Session, wanted: Wanted) -> Iterator[AuditRecord]:
    """The wanted records one after another, however many: to be read to the end."""
    return iter(session.scalars(select_records(wanted).execution_options(yield_per=1000)))


def was_recorded(
    session: Session,
    actor: Actor,
    action: str,
    subject: tuple[str, int],
    *,
    since: datetime,
    detail: Mapping[str, Any],
) -> bool:
    """Return whether the actor did this since then, with these details among the record's."""
    query = select(AuditRecord.detail).where(
        AuditRecord.subject_type == subject[0],
        AuditRecord.subject_id == subject[1],
        AuditRecord.at >= since,
        AuditRecord.action == action,
        AuditRecord.actor_id == actor.user_id,
    )
    return any(detail.items() <= found.items() for found in session.scalars(query))


def select_actions(
    subject_type: str, subject_id: int, actions: Collection[str]
) -> Select[tuple[AuditRecord]]:
    """The records of some actions on one thing, newest first."""
    wanted = Wanted(subject_type=subject_type, subject_id=subject_id)
    return select_records(wanted).where(AuditRecord.action.in_(actions))


def newest(session: Session) -> AuditRecord | None:
    return session.scalar(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1))


def chain(session: Session) -> TupleResult[tuple[int, str, AuditRecord | None]]:
    """The head's number and hash with each record, in order, as of one moment; to be closed.

    One row without a record for an empty log; no row when the head itself is missing.
    """
    query = (
        select(AuditHead.count, AuditHead.hash, AuditRecord)
        .outerjoin_from(AuditHead, AuditRecord, true())
        .order_by(AuditRecord.id)
        .execution_options(yield_per=1000, populate_existing=True)
    )
    # The outer join has no record for an empty log, which SQLAlchemy's types cannot say.
    return session.execute(query).tuples()  # type: ignore[return-value]


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
