"""What an agreement says or shows of its results already, for who reports one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matchmaker.agreements.models import Agreement
from matchmaker.agreements.queries import ServiceTotals
from matchmaker.agreements.terms import Terms, day


@dataclass(frozen=True, slots=True)
class Known:
    """What can be filled in. `amounts`: by measure, in the measure's unit."""

    amounts: Mapping[str, float]
    first_day: date | None
    last_day: date | None
    contract_number: str


def known(agreement: Agreement, log: ServiceTotals, today: date) -> Known:
    """Return what was agreed; what has happened since takes its place where it is recorded."""
    terms = agreement.current.terms if agreement.current else Terms()
    amounts = {
        **_agreed(agreement, terms),
        **_recorded(agreement, log),
        **_registered(agreement),
    }
    begins = terms.begins or agreement.agreed_on
    ends = day((terms.values.get("period") or (None, None))[1])
    registration = agreement.registration
    return Known(
        amounts={code: amounts[code] for code in agreement.instrument.outcomes if code in amounts},
        first_day=begins if begins and begins <= today else None,
        last_day=min(ends or today, today),
        contract_number=(registration.number or "") if registration else "",
    )


def _agreed(agreement: Agreement, terms: Terms) -> dict[str, float]:
    return {
        code: terms.values[field.code]
        for field in agreement.instrument.fields
        for code in field.counts
        if terms.values.get(field.code) is not None
    }


def _recorded(agreement: Agreement, log: ServiceTotals) -> dict[str, float]:
    """What people and the service log add up to, where there are any."""
    found = {
        "people_moved": len(agreement.people),
        "days_served": log.days,
        "people_reached": log.people,
    }
    return {code: float(number) for code, number in found.items() if number}


def _registered(agreement: Agreement) -> dict[str, float]:
    """The values that the office has recognised."""
    one = agreement.registration
    if one is None:
        return {}
    found = {"contract_value": one.contract_value, "technology_value": one.technology_value}
    return {code: float(value) for code, value in found.items() if value is not None}
