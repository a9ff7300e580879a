"""Append to the record and check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from matchmaker.audit import queries
from matchmaker.audit.models import AuditHead, AuditRecord
from matchmaker.audit.rules import GENESIS, first_broken, link
from matchmaker.db import moment
from matchmaker.permissions import Actor

# Nothing holds the head as an object: no object of the session has to be looked at when it changes.
_UNSEEN = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Event:
    """A record to be made. Details are codes and ids, never private text."""

    actor: Actor
    action: str
    subject_type: str
    subject_id: int | None
    detail: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: int | None,
    *,
    at: datetime | None = None,
    **detail: Any,
) -> AuditRecord:
    """Append one record in the caller's transaction.

    Details are codes and ids, never private text.
    """
    return record_all(session, [Event(actor, action, subject_type, subject_id, detail, at)])[0]


def record_all(session: Session, events: Sequence[Event]) -> list[AuditRecord]:
    """Append one record an event, in their order, with one visit to the head of the chain."""
    if not events:
        return []
    last, previous = _take(session, len(events))
    entries = []
    for number, event in enumerate(events, start=last - len(events) + 1):
        entry = _entry(number, event)
        previous = entry.hash = link(previous, _content(entry))
        entries.append(entry)
    session.add_all(entries)
    session.execute(
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(hash=previous)
        .execution_options(**_UNSEEN)
    )
    session.flush()
    return entries


def _entry(number: int, event: Event) -> AuditRecord:
    return AuditRecord(
        id=number,
        at=moment(event.at),
        actor_id=event.actor.user_id,
        actor_name=event.actor.name,
        action=event.action,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        detail=event.detail,
    )


def rename_actor(session: Session, actor_id: int, name: str) -> None:
    """Put another name in the place of an actor's. The chain binds the number, not the name.

    Records of earlier versions are bound to the name too, and keep it.
    """
    for entry, previous in queries.of_actor(session, actor_id):
        if link(previous or GENESIS, _content(entry)) == entry.hash:
            entry.actor_name = name
    session.flush()


def verify(session: Session) -> int | None:
    """Return the number of the first record altered, removed or put in, or None."""
    head = session.execute(select(AuditHead.count, AuditHead.hash)).one_or_none()
    count, hash_ = head or (0, GENESIS)
    return first_broken(_stored(session), count, hash_)


def _take(session: Session, records: int) -> tuple[int, str]:
    """Take the next numbers: return the last of them, and the hash to bind to.

    Holds the head's row until the caller's commit.
    """
    take = (
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(count=AuditHead.count + records)
        .returning(AuditHead.count, AuditHead.hash)
        .execution_options(**_UNSEEN)
    )
    try:
        number, previous = session.execute(take).one()
    except NoResultFound as error:
        raise RuntimeError(
            "the database has not been migrated: its audit chain has no head"
        ) from error
    return number, previous


def _stored(session: Session) -> Iterator[tuple[list[dict[str, Any]], str]]:
    query = (
        select(AuditRecord)
        .order_by(AuditRecord.id)
        .execution_options(yield_per=1000, populate_existing=True)
    )
    with session.scalars(query) as entries:
        for entry in entries:
            # Records of earlier versions are bound to the name too.
            yield [_content(entry), {**_content(entry), "actor_name": entry.actor_name}], entry.hash


def _content(entry: AuditRecord) -> dict[str, Any]:
    """Return what the chain binds. A person's name may have to go one day, so it is not bound."""
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name if entry.actor_id is None else "",
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "detail": entry.detail,
    }
