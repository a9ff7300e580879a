"""Races over agreements, round after round: one order of the two explains what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.agreements import fulfilment, persons, queries, service
from matchmaker.agreements.models import Slot
from matchmaker.db import today
from matchmaker.errors import Conflict, Refused
from matchmaker.limits.models import Use
from matchmaker.permissions import Actor
from tests import factories
from tests.agreements.conftest import Table, load
from tests.agreements.test_races import Deed, books, does, failed, pilot_line
from tests.agreements.test_service import PAYMENTS, naming
from tests.threads import at_once

pytestmark = pytest.mark.both_databases


@dataclass(frozen=True)
class Race:
    """Two deeds, how the later one fails, and what has to hold once both are done.

    `holds` is told whether the first deed of the two came first.
    """

    deeds: list[Deed]
    holds: Callable[[bool], bool]
    late: type[Exception] = Conflict


Begin = Callable[[Session, Table], Race]


def fulfils(agreement_id: int, move: Callable[..., object], who: Actor, *arguments: Any) -> Deed:
    def deed(session: Session) -> None:
        found = queries.agreement(session, agreement_id)
        assert found is not None
        move(session, who, found, *arguments)

    return deed


def a_slot_is_booked_twice(session: Session, table: Table) -> Race:
    (one, other), (slot_id,) = pilot_line(session, table, 1)
    deeds = [books(of, slot_id, table.western) for of in (one, other)]
    taken_by = select(Slot.agreement_id).where(Slot.id == slot_id)
    return Race(deeds, lambda first: session.scalar(taken_by) == (one if first else other))


def two_colleagues_sign(session: Session, table: Table) -> Race:
    agreement = table.sent(session)
    deed, agreement_id = does(agreement, table.eastern, "consent", number=1), agreement.id
    return Race([deed, deed], lambda first: len(load(session, agreement_id).milestones) == 5)


def signing_meets_taking_back(session: Session, table: Table) -> Race:
    agreement = table.sent(session)
    agreement_id = agreement.id
    deeds = [
        does(agreement, table.eastern, "consent", number=1),
        does(agreement, table.western, "take_back", number=1),
    ]

    def holds(first: bool) -> bool:
        return load(session, agreement_id).status == ("in_force" if first else "revising")

    return Race(deeds, holds)


def both_send_a_change(session: Session, table: Table) -> Race:
    agreement = table.in_force(session)
    sides = (table.western, table.eastern)
    for who in sides:
        terms = factories.terms("secondment", posts=9)
        service.save_draft(session, who, agreement, terms, version=agreement.version)
    session.commit()
    agreement_id, version = agreement.id, agreement.version
    deeds = [does(agreement, who, "send", version=version) for who in sides]

    def holds(first: bool) -> bool:
        pending = load(session, agreement_id).pending
        sender = sides[0 if first else 1]
        return pending is not None and pending.organisation_id == sender.organisation_id

    return Race(deeds, holds)


def a_payment_is_noted_twice(session: Session, table: Table) -> Race:
    agreement = table.in_force(session, "licence", payments=PAYMENTS)
    deeds = [
        fulfils(agreement.id, fulfilment.note_payment, who, 0, today())
        for who in (table.western, table.eastern)
    ]
    agreement_id = agreement.id
    return Race(deeds, lambda first: len(load(session, agreement_id).payments_made) == 1)


def a_person_is_named_twice(session: Session, table: Table) -> Race:
    one = table.in_force(session)
    other = table.in_force(session, "dual_appointment")
    ids = (one.id, other.id)
    deeds = [fulfils(of, persons.name_person, table.eastern, naming(f"{ids[0]}")) for of in ids]

    def holds(first: bool) -> bool:
        return [len(load(session, of).people) for of in ids] == ([1, 0] if first else [0, 1])

    return Race(deeds, holds, late=Refused)


RACES = (
    a_slot_is_booked_twice,
    two_colleagues_sign,
    signing_meets_taking_back,
    both_send_a_change,
    a_payment_is_noted_twice,
    a_person_is_named_twice,
)


def run(app: Flask, session: Session, table: Table, begin: Begin, rounds: int) -> None:
    for _ in range(rounds):
        session.execute(delete(Use))  # nobody may write so often
        race = begin(session, table)
        results = at_once(app, race.deeds)
        session.expire_all()
        assert failed(results) == [race.late]
        assert race.holds(not isinstance(results[0], Exception))


@pytest.mark.parametrize("begin", RACES)
def test_a_few_rounds(app: Flask, session: Session, table: Table, begin: Begin) -> None:
    run(app, session, table, begin, rounds=2)


@pytest.mark.slow
@pytest.mark.parametrize("begin", RACES)
def test_two_hundred_rounds(app: Flask, session: Session, table: Table, begin: Begin) -> None:
    run(app, session, table, begin, rounds=200)
