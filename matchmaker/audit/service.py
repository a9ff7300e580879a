"""Append to the record and check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from matchmaker.audit import queries
from matchmaker.audit.models import AuditHead, AuditRecord
from matchmaker.audit.rules import (
    GENESIS,
    Anchor,
    Broken,
    Fault,
    Stored,
    first_broken,
    fitting_parts,
    is_sealed,
    key_from,
    link,
    nameless,
    seal,
    sealed_parts,
)
from matchmaker.db import moment, reading
from matchmaker.permissions import SYSTEM, Actor
from matchmaker.services import services

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
    key = _keys()[0]
    entries = []
    for number, event in enumerate(events, start=last - len(events) + 1):
        entry = _entry(number, event)
        content = _content(entry)
        previous = entry.hash = link(previous, nameless(content))
        entry.seal = seal(key, *sealed_parts(content, entry.hash))
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
    """Put another name in the place of an actor's, and seal the records with it.

    The chain binds the number, not the name. Records of earlier versions are bound to the name, and
    keep it. What was tampered with stays as it is, to be found.
    """
    keys = _keys()
    for entry, previous in queries.of_actor(session, actor_id):
        parts = fitting_parts(previous or GENESIS, _stored(entry))
        if parts == (entry.hash, entry.actor_name) and is_sealed(keys, entry.seal, *parts):
            entry.actor_name, entry.seal = name, seal(keys[0], entry.hash, name)
    session.flush()


def seal_rest(session: Session) -> bool:
    """Seal what was recorded before there were seals, by a record that binds it.

    Records that lost their seals when the database went back get new ones: the chain does not bind
    the name in them. Returns whether there was something to seal.
    """
    newest = queries.newest(session)
    if newest is None or newest.seal:
        return False
    key, previous = _keys()[0], GENESIS
    with queries.chain(session) as rows:
        for entry in (entry for _, _, entry in rows if entry is not None):
            parts = fitting_parts(previous, _stored(entry))
            if not entry.seal and parts == (entry.hash, entry.actor_name):
                entry.seal = seal(key, *parts)
            previous = entry.hash
    record(session, SYSTEM, "audit.seal", "audit", None, records=newest.id)
    return True


def verify(session: Session, anchors: Sequence[Anchor] = ()) -> Broken | None:
    """Return the first record altered, removed, put in or not sealed with the secret, or None.

    `anchors` are what the end of the log was at times before. Writers need not wait meanwhile.
    """
    with reading(session), queries.chain(session) as rows:
        first = next(rows, None)
        if first is None:
            return Broken(1, Fault.MISSING)  # the chain's head itself is gone
        count, hash_, _ = first
        records = (_stored(entry) for _, _, entry in chain((first,), rows) if entry is not None)
        return first_broken(records, count, hash_, _keys(), anchors)


def _keys() -> list[bytes]:
    """The keys that seals may be made with: that of new ones first."""
    settings = services().settings
    return [key_from(secret) for secret in (settings.secret_key, *settings.old_secrets)]


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


def _stored(entry: AuditRecord) -> Stored:
    return Stored(_content(entry), entry.hash, entry.seal)


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
