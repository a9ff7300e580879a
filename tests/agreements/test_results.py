"""What an agreement says of its results already."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matchmaker.agreements.instruments import catalogue
from matchmaker.agreements.models import (
    Agreement,
    AgreementPerson,
    AgreementVersion,
    ContractRegistration,
)
from matchmaker.agreements.queries import ServiceTotals
from matchmaker.agreements.results import known
from matchmaker.agreements.terms import Terms
from matchmaker.outcomes.measures import all_measures

NO_LOG = ServiceTotals(0, 0, 0.0, 0)
TODAY = date(2026, 6, 1)


def agreement(code: str, values: dict[str, Any], **parts: Any) -> Agreement:
    version = AgreementVersion(status="in_force", content=Terms(values).to_json())
    given = {"people": [], "registration": None, **parts}
    return Agreement(instrument_code=code, agreed_on=date(2026, 1, 5), versions=[version], **given)


@pytest.mark.parametrize(
    ("code", "values", "log", "amounts"),
    [
        ("licence", {"contract_value": 3_600_000}, NO_LOG, {"contract_value": 3_600_000}),
        ("licence", {"royalty": 3}, NO_LOG, {}),
        ("training_course", {"participants": 40}, NO_LOG, {"people_trained": 40}),
        ("popularisation_event", {"participants": 400}, NO_LOG, {"people_reached": 400}),
        (
            "popularisation_event",
            {"participants": 400},
            ServiceTotals(2, 2, 6.0, 350),
            {"people_reached": 350},
        ),
        (
            "extension_worker",
            {"households": 30},
            ServiceTotals(12, 10, 60.5, 0),
            {"households": 30, "days_served": 10},
        ),
        ("demonstration", {"demonstration_area": 12.5}, NO_LOG, {"hectares": 12.5}),
    ],
)
def test_amounts_come_from_fields_and_from_what_was_recorded(
    code: str, values: dict[str, Any], log: ServiceTotals, amounts: dict[str, float]
) -> None:
    assert known(agreement(code, values), log, TODAY).amounts == amounts


def test_people_who_were_named_count_instead_of_posts() -> None:
    people = [AgreementPerson(), AgreementPerson()]
    found = known(agreement("secondment", {"posts": 3}, people=people), NO_LOG, TODAY)
    assert found.amounts == {"people_moved": 2}


def test_what_the_office_recognised_takes_the_place_of_what_was_agreed() -> None:
    one = ContractRegistration(number="2026-63-1", contract_value=90, technology_value=80)
    found = known(agreement("licence", {"contract_value": 100}, registration=one), NO_LOG, TODAY)
    assert found.amounts == {"contract_value": 90, "technology_value": 80}
    assert found.contract_number == "2026-63-1"


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (None, (date(2026, 1, 5), TODAY)),
        (["2026-02-01", "2026-03-31"], (date(2026, 2, 1), date(2026, 3, 31))),
        (["2026-02-01", "2027-03-31"], (date(2026, 2, 1), TODAY)),
        (["2026-09-01", "2027-03-31"], (None, TODAY)),
    ],
)
def test_the_period_ends_today_at_the_latest(
    period: list[str] | None, days: tuple[date | None, date]
) -> None:
    values = {"period": period} if period else {}
    found = known(agreement("licence", values), NO_LOG, TODAY)
    assert (found.first_day, found.last_day) == days


def test_every_measure_that_a_kind_or_a_field_names_exists() -> None:
    kinds = catalogue().instruments.values()
    named = {code for kind in kinds for code in kind.outcomes}
    named |= {code for kind in kinds for field in kind.fields for code in field.counts}
    assert named <= set(all_measures())
