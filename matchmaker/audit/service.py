"""Append to the record and check it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditHead, AuditRecord
from matchmaker.audit.rules import GENESIS, first_broken, link
from matchmaker.db import now
from matchmaker.permissions import Actor


def record(
    session: Session, actor: Actor, action: str, subject_type: str, subject_id: int | None, **detail: Any
) -> AuditRecord:
    """Append one record in the caller's transaction. Details are codes and ids, never private text."""
    number, previous = _next(session)
    entry = AuditRecord(
        id=number,
        at=now(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        detail=detail,
    )
    entry.hash = link(previous, _content(entry))
    session.add(entry)
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(hash=entry.hash))
    session.flush()
    return entry


def verify(session: Session) -> int | None:
    """The number of the first record that was altered, removed or put in, or None when the chain is whole."""
    head = session.get(AuditHead, 1)
    count, hash_ = (head.count, head.hash) if head else (0, GENESIS)
    return first_broken(_stored(session), count, hash_)


def _next(session: Session) -> tuple[int, str]:
    """The next number and the hash to bind to; holds the head's row lock until the caller's commit."""
    take = (
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(count=AuditHead.count + 1)
        .returning(AuditHead.count, AuditHead.hash)
    )
    try:
        number, previous = session.execute(take).one()
    except NoResultFound as error:
        raise RuntimeError("the database has not been migrated: its audit chain has no head") from error
    return number, previous


def _stored(session: Session) -> Iterator[tuple[dict[str, Any], str]]:
    query = select(AuditRecord).order_by(AuditRecord.id).execution_options(yield_per=1000, populate_existing=True)
    with session.scalars(query) as entries:
        for entry in entries:
            yield _content(entry), entry.hash


def _content(entry: AuditRecord) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "detail": entry.detail,
    }
