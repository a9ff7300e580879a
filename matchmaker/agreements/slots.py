"""Facilities whose slots partners book: offered by their owner, taken by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from matchmaker.agreements import messages, queries
from matchmaker.agreements.fulfilment import check_binding
from matchmaker.agreements.instruments import Extra
from matchmaker.agreements.models import Agreement, Facility, Slot
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.organisations import queries as organisations
from matchmaker.permissions import Actor

LONGEST = timedelta(days=60)


def choose_facility(
    session: Session, actor: Actor, agreement: Agreement, name: str, *, at: datetime | None = None
) -> Facility:
    """Say which facility of one's own the partner may book. A new name makes a new one."""
    at = moment(at)
    check_binding(agreement)
    agreement = queries.locked(session, agreement.id)
    if Extra.SLOTS not in agreement.instrument.extras or agreement.facility_id is not None:
        raise Conflict("agreement", agreement.id)
    own = actor.organisation_id or 0
    organisations.hold(session, own)
    found = queries.facility(session, own, name)
    if found is None:
        found = Facility(organisation_id=own, name=name)
        session.add(found)
    agreement.facility = found
    session.flush()
    _record(session, actor, "agreement.choose_facility", agreement, at=at, facility=found.id)
    return found


def offer(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    begins_at: datetime,
    ends_at: datetime,
    *,
    days: int = 1,
    at: datetime | None = None,
) -> Sequence[Slot]:
    """Offer a time, the same on `days` days one after the other.

    Raises Refused when it is over already, ends before it begins, or overlaps with another slot.
    """
    at = moment(at)
    facility = _own_facility(actor, agreement)
    if not timedelta() < ends_at - begins_at <= LONGEST:
        raise Refused(Refusal.PERIOD_BACKWARDS)
    if begins_at <= at:
        raise Refused(Refusal.SLOT_OVER)
    queries.hold_facility(session, facility.id)
    offered = []
    for number in range(days):
        begin, end = (one + timedelta(days=number) for one in (begins_at, ends_at))
        if queries.slots_between(session, facility.id, begin, end):
            raise Refused(Refusal.SLOT_OVERLAPS, begin=begin)
        slot = Slot(facility_id=facility.id, begins_at=begin, ends_at=end)
        session.add(slot)
        session.flush()
        offered.append(slot)
    _record(
        session, actor, "agreement.offer_slots", agreement, at=at, slots=[s.id for s in offered]
    )
    return offered


def withdraw(
    session: Session, actor: Actor, agreement: Agreement, slot: Slot, *, at: datetime | None = None
) -> None:
    """Take a free slot back. Conflict when somebody has booked it meanwhile."""
    at = moment(at)
    _own_facility(actor, agreement)
    free = delete(Slot).where(Slot.id == slot.id, Slot.agreement_id.is_(None))
    if _changed(session, free) != 1:
        raise Conflict("agreement", agreement.id)
    _record(session, actor, "agreement.withdraw_slot", agreement, at=at, slot=slot.id)


def book(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    slot: Slot,
    purpose: str,
    *,
    at: datetime | None = None,
) -> None:
    """Book a free slot of the partner's. Of two who book it at once the second is told."""
    at = moment(at)
    check_binding(agreement)
    if agreement.facility is None or agreement.facility.organisation_id == actor.organisation_id:
        raise NotAllowed
    if slot.begins_at <= at:
        raise Refused(Refusal.SLOT_OVER)
    taken = (
        update(Slot)
        .where(Slot.id == slot.id, Slot.agreement_id.is_(None))
        .values(agreement_id=agreement.id, purpose=purpose, booked_at=at)
    )
    if _changed(session, taken) != 1:
        raise Conflict("agreement", agreement.id)
    _record(session, actor, "agreement.book_slot", agreement, at=at, slot=slot.id)
    messages.tell_booked(session, agreement, actor, slot, at=at)


def release(
    session: Session, actor: Actor, agreement: Agreement, slot: Slot, *, at: datetime | None = None
) -> None:
    """Give a booked slot free again. Either side of the agreement that booked it may."""
    at = moment(at)
    freed = (
        update(Slot)
        .where(Slot.id == slot.id, Slot.agreement_id == agreement.id)
        .values(agreement_id=None, purpose="", booked_at=None)
    )
    if _changed(session, freed) != 1:
        raise Conflict("agreement", agreement.id)
    _record(session, actor, "agreement.release_slot", agreement, at=at, slot=slot.id)


def _own_facility(actor: Actor, agreement: Agreement) -> Facility:
    check_binding(agreement)
    facility = agreement.facility
    if facility is None or facility.organisation_id != actor.organisation_id:
        raise NotAllowed
    return facility


def _changed(session: Session, statement: Any) -> int:
    """How many rows a statement has changed."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def _record(
    session: Session,
    actor: Actor,
    action: str,
    agreement: Agreement,
    *,
    at: datetime,
    **detail: object,
) -> None:
    audit.record(session, actor, action, "agreement", agreement.id, at=at, **detail)
