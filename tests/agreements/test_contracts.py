"""Working days, the registration's data, and a number that counts once."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.agreements import contracts, queries
from matchmaker.agreements import registration as service
from matchmaker.agreements.models import Agreement
from matchmaker.agreements.registration import Result
from matchmaker.agreements.states import ContractType
from matchmaker.db import today
from matchmaker.errors import NotAllowed, Refusal, Refused
from tests.agreements.conftest import Table, load
from tests.threads import at_once


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-02", False),  # New Year
        ("2026-01-04", True),  # a Sunday that is worked
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-05-09", True),
        ("2026-10-07", False),
        ("2026-11-28", False),  # a Saturday
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2027-01-04", None),  # not announced
    ],
)
def test_working_days(day: str, works: bool | None) -> None:
    assert contracts.calendar().is_working(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("accepted", "by"),
    [
        ("2026-03-02", date(2026, 4, 1)),
        ("2026-01-20", date(2026, 2, 24)),  # the last day lies in the Spring Festival
        ("2026-09-01", date(2026, 10, 8)),
        ("2026-12-10", None),  # ends in a year that is not known
    ],
)
def test_the_office_decides_within_thirty_days(accepted: str, by: date | None) -> None:
    assert contracts.answer_by(date.fromisoformat(accepted)) == by


def test_working_days_left() -> None:
    left = contracts.calendar().working_days
    assert left(date(2026, 4, 30), date(2026, 5, 9)) == 4  # the 6th to the 9th
    assert left(date(2026, 12, 30), date(2027, 1, 4)) is None


def test_every_rule_names_its_source() -> None:
    data = contracts.registration()
    assert set(data["types"]) == set(ContractType)
    rules = [data["limit"], *data["types"].values(), *data["papers"].values()]
    assert {one["source"] for one in rules} <= set(data["sources"])


RESULT = Result("2026 63 0001", date(2026, 5, 1), 3_600_000, 3_000_000)


@pytest.fixture
def licence(session: Session, table: Table) -> Agreement:
    return table.in_force(session, "licence")


def test_from_papers_to_a_number(session: Session, table: Table, licence: Agreement) -> None:
    kept = service.prepare(
        session,
        table.eastern,
        licence,
        ContractType.LICENCE,
        papers=["contract", "x"],
        accepted_on=today(),
    )
    assert kept.papers == ["contract"]
    service.record_number(session, table.eastern, licence, RESULT)
    session.commit()
    found = load(session, licence.id)
    assert found.registration is not None
    assert found.registration.number == "2026630001"
    assert found.match.status == "contract_registered"


def test_a_number_counts_once(session: Session, table: Table, licence: Agreement) -> None:
    service.record_number(session, table.eastern, licence, RESULT)
    other = table.in_force(session, "licence")
    with pytest.raises(Refused) as refused:
        service.record_number(session, table.eastern, other, RESULT)
    assert refused.value.refusal == Refusal.CONTRACT_NUMBER_TAKEN


@pytest.mark.parametrize(
    ("result", "refusal"),
    [
        (Result("1", date(2099, 1, 1), 5, 5), Refusal.DAY_TO_COME),
        (Result("1", date(2026, 1, 5), 5, 6), Refusal.TECHNOLOGY_OVER_CONTRACT),
    ],
)
def test_results_that_cannot_be(
    session: Session, table: Table, licence: Agreement, result: Result, refusal: Refusal
) -> None:
    with pytest.raises(Refused) as refused:
        service.record_number(session, table.eastern, licence, result)
    assert refused.value.refusal == refusal


def test_a_secondment_is_no_technology_contract(session: Session, table: Table) -> None:
    with pytest.raises(NotAllowed):
        service.record_number(session, table.eastern, table.in_force(session), RESULT)


@pytest.mark.both_databases
def test_one_number_for_two_agreements_at_once(app: Flask, session: Session, table: Table) -> None:
    ids = [table.in_force(session, "licence").id for _ in range(2)]
    east = table.eastern

    def records(agreement_id: int) -> object:
        def deed(session: Session) -> None:
            found = queries.agreement(session, agreement_id)
            assert found is not None
            service.record_number(session, east, found, RESULT)

        return deed

    results = at_once(app, [records(one) for one in ids])  # type: ignore[misc]
    assert [type(one) for one in results if one is not None] == [Refused]
