"""Slots of a facility: offered by its owner, booked once, across all its agreements."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.agreements import slots
from matchmaker.agreements.models import Agreement
from matchmaker.db import now
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from tests.agreements.conftest import Table, load


def at(days: int, hour: int = 9) -> datetime:
    return now().replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)


@pytest.fixture
def pilot(session: Session, table: Table) -> Agreement:
    agreement = table.in_force(session, "pilot_scale")
    slots.choose_facility(session, table.eastern, agreement, "Line 1")
    session.commit()
    return load(session, agreement.id)


def test_offer_book_and_give_free(session: Session, table: Table, pilot: Agreement) -> None:
    offered = slots.offer(session, table.eastern, pilot, at(1), at(1, 17), days=3)
    assert [one.begins_at for one in offered] == [at(1), at(2), at(3)]
    slot = offered[1]
    slots.book(session, table.western, pilot, slot, "First trial")
    session.refresh(slot)
    assert (slot.agreement_id, slot.purpose) == (pilot.id, "First trial")
    with pytest.raises(Conflict):
        slots.book(session, table.western, pilot, slot, "Again")
    with pytest.raises(Conflict):
        slots.withdraw(session, table.eastern, pilot, slot)
    slots.release(session, table.western, pilot, slot)
    slots.withdraw(session, table.eastern, pilot, slot)


@pytest.mark.parametrize(
    ("begin", "end", "refusal"),
    [
        (at(1, 16), at(1, 18), Refusal.SLOT_OVERLAPS),
        (at(1, 8), at(1, 10), Refusal.SLOT_OVERLAPS),
        (at(1, 10), at(1, 11), Refusal.SLOT_OVERLAPS),
        (at(1, 17), at(1, 18), None),  # one begins when the other ends
        (at(-1), at(-1, 10), Refusal.SLOT_OVER),
        (at(2, 10), at(2, 10), Refusal.PERIOD_BACKWARDS),
        (at(2), at(90), Refusal.PERIOD_BACKWARDS),
    ],
)
def test_which_times_can_be_offered(
    session: Session, table: Table, pilot: Agreement,
    begin: datetime, end: datetime, refusal: Refusal | None,
) -> None:  # fmt: skip
    slots.offer(session, table.eastern, pilot, at(1), at(1, 17))
    with pytest.raises(Refused) if refusal else nullcontext() as error:
        slots.offer(session, table.eastern, pilot, begin, end)
    assert error is None or error.value.refusal == refusal


def test_only_the_owner_offers_and_only_the_partner_books(
    session: Session, table: Table, pilot: Agreement
) -> None:
    with pytest.raises(NotAllowed):
        slots.offer(session, table.western, pilot, at(1), at(1, 17))
    [slot] = slots.offer(session, table.eastern, pilot, at(1), at(1, 17))
    with pytest.raises(NotAllowed):
        slots.book(session, table.eastern, pilot, slot, "ourselves")


def test_one_facility_is_booked_once_by_all_its_agreements(
    session: Session, table: Table, pilot: Agreement
) -> None:
    other = table.in_force(session, "pilot_scale")
    slots.choose_facility(session, table.eastern, other, "Line 1")
    session.commit()
    other = load(session, other.id)
    assert other.facility_id == pilot.facility_id
    [slot] = slots.offer(session, table.eastern, pilot, at(1), at(1, 17))
    slots.book(session, table.western, other, slot, "Ours")
    with pytest.raises(Conflict):
        slots.book(session, table.western, pilot, slot, "Ours too")
