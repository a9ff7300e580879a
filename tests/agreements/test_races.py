"""Two act at once: what holds afterwards is what one order of the two explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.agreements import queries, service, slots
from matchmaker.agreements.models import Agreement
from matchmaker.errors import Conflict, Refused
from matchmaker.permissions import Actor
from tests import factories
from tests.agreements.conftest import Table, load
from tests.agreements.test_service import consortium
from tests.agreements.test_slots import at
from tests.threads import at_once

pytestmark = pytest.mark.both_databases
Deed = Callable[[Session], Any]


def does(agreement: Agreement, actor: Actor, move: str, *arguments: Any, **named: Any) -> Deed:
    """As a form does that was served before."""
    agreement_id = agreement.id

    def deed(session: Session) -> Any:
        found = queries.agreement(session, agreement_id)
        assert found is not None
        return getattr(service, move)(session, actor, found, *arguments, **named)

    return deed


def failed(results: list[Any]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def test_two_parties_consent_at_once(app: Flask, session: Session, table: Table) -> None:
    agreement = table.sent(session, "consortium", parties=consortium(table))
    deeds = [does(agreement, who, "consent", number=1) for who in (table.eastern, table.outsider)]
    results = at_once(app, deeds)
    assert sorted(results) == [False, True]
    agreement = load(session, agreement.id)
    assert agreement.status == "in_force"
    assert len(agreement.milestones) == 3


def test_an_old_version_is_confirmed_while_a_new_one_is_sent(
    app: Flask, session: Session, table: Table
) -> None:
    agreement = table.sent(session)
    west, terms = table.western, factories.terms("secondment", posts=9)
    agreement_id = agreement.id

    def replaces(session: Session) -> None:
        found = queries.agreement(session, agreement_id)
        assert found is not None
        service.take_back(session, west, found, number=1)
        service.save_draft(session, west, found, terms, version=found.version)
        service.send(session, west, found, version=found.version)

    results = at_once(app, [does(agreement, table.eastern, "consent", number=1), replaces])
    assert failed(results) == [Conflict]
    agreement = load(session, agreement.id)
    shown = agreement.current if results[0] is True else agreement.pending
    assert shown is not None
    assert shown.number == (1 if results[0] is True else 2)


def pilot_line(session: Session, table: Table, number: int) -> tuple[list[int], list[int]]:
    """Two agreements over one line, and its slots."""
    agreements = [table.in_force(session, "pilot_scale").id for _ in range(2)]
    for agreement_id in agreements:
        found = load(session, agreement_id)
        slots.choose_facility(session, table.eastern, found, f"Line {agreements[0]}")
        session.commit()
    found = load(session, agreements[0])
    offered = slots.offer(session, table.eastern, found, at(1), at(1, 17), days=number)
    ids = [one.id for one in offered]
    session.commit()
    return agreements, ids


def books(agreement_id: int, slot_id: int, actor: Actor) -> Deed:
    def deed(session: Session) -> None:
        found = queries.agreement(session, agreement_id)
        assert found is not None
        slot = queries.slot(session, found, slot_id)
        assert slot is not None
        slots.book(session, actor, found, slot, "trial")

    return deed


def test_overlapping_slots_are_offered_at_once(app: Flask, session: Session, table: Table) -> None:
    (one, other), _ = pilot_line(session, table, 1)
    east = table.eastern

    def offers(agreement_id: int, hour: int) -> Deed:
        def deed(session: Session) -> None:
            found = queries.agreement(session, agreement_id)
            assert found is not None
            slots.offer(session, east, found, at(9, hour), at(9, hour + 3))

        return deed

    assert failed(at_once(app, [offers(one, 9), offers(other, 11)])) == [Refused]
