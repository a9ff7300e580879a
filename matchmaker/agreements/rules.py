"""How an agreement lives, and what its terms must say, over plain facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from matchmaker.agreements.instruments import Extra, Field, FieldType, Instrument
from matchmaker.agreements.states import AgreementStatus, Standing
from matchmaker.agreements.terms import Party, Payment, Terms

WHOLE = 100  # percent


# The life of an agreement


class By(StrEnum):
    """Who may make a move."""

    SIDE = "side"  # either organisation of the match
    SENDER = "sender"  # the side that sent what waits
    ASKED = "asked"  # an organisation whose answer is missing


@dataclass(frozen=True, slots=True)
class Move:
    """From which states, by whom, and to which state from each."""

    by: By
    after: Mapping[str, str]


MOVES: Mapping[str, Move] = {
    "send": Move(
        By.SIDE,
        {
            AgreementStatus.DRAFT: AgreementStatus.PROPOSED,
            AgreementStatus.REVISING: AgreementStatus.PROPOSED,
            AgreementStatus.IN_FORCE: AgreementStatus.CHANGING,
        },
    ),
    # Once nobody's answer is missing.
    "consent": Move(
        By.ASKED,
        {
            AgreementStatus.PROPOSED: AgreementStatus.IN_FORCE,
            AgreementStatus.CHANGING: AgreementStatus.IN_FORCE,
        },
    ),
    "send_back": Move(
        By.ASKED,
        {
            AgreementStatus.PROPOSED: AgreementStatus.REVISING,
            AgreementStatus.CHANGING: AgreementStatus.IN_FORCE,
        },
    ),
    "take_back": Move(
        By.SENDER,
        {
            AgreementStatus.PROPOSED: AgreementStatus.REVISING,
            AgreementStatus.CHANGING: AgreementStatus.IN_FORCE,
        },
    ),
    "end": Move(
        By.SIDE,
        {
            AgreementStatus.REVISING: AgreementStatus.ENDED,
            AgreementStatus.IN_FORCE: AgreementStatus.ENDED,
            AgreementStatus.CHANGING: AgreementStatus.ENDED,
        },
    ),
}


def may(move: str, standing: Standing, organisation_id: int | None) -> bool:
    """Return whether a move is open to an organisation."""
    rule = MOVES[move]
    if standing.status not in rule.after or organisation_id is None:
        return False
    if rule.by == By.SENDER:
        return organisation_id == standing.sender_id
    if rule.by == By.ASKED:
        return organisation_id in standing.missing
    return organisation_id in standing.side_ids


def moves_open(standing: Standing, organisation_id: int | None) -> frozenset[str]:
    return frozenset(move for move in MOVES if may(move, standing, organisation_id))


def after(move: str, status: str) -> str:
    return MOVES[move].after[status]


def asked_of(side_ids: Collection[int], terms: Terms) -> frozenset[int]:
    """The organisations that must consent: both sides, and every party that is here."""
    return frozenset(side_ids) | terms.organisation_ids


# What terms must say


class Fault(StrEnum):
    MISSING = "missing"
    BACKWARDS = "backwards"  # a period that ends before it begins
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_CODE = "unknown_code"
    MORE_THAN = "more_than"
    TOO_FEW_PARTIES = "too_few_parties"
    SIDE_IS_NO_PARTY = "side_is_no_party"
    PARTY_TWICE = "party_twice"
    NO_ROLE = "no_role"
    OVER_WHOLE = "over_whole"
    NO_AMOUNT = "no_amount"
    OVER_PRICE = "over_price"
    PAID_CHANGED = "paid_changed"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field, or with the row `place` of its parties or payments."""

    name: str
    fault: Fault
    place: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)


def faults(
    instrument: Instrument,
    terms: Terms,
    side_ids: Collection[int],
    paid: Mapping[int, Payment] | None = None,
) -> list[Wrong]:
    """Return all that keeps terms from being sent. `paid`: payments made, by their place."""
    found = [wrong for one in instrument.fields for wrong in _faults_of(one, terms.values)]
    if Extra.PARTIES in instrument.extras:
        found += _party_faults(instrument, terms.parties, side_ids)
    found += _payment_faults(terms, paid or {})
    return found


def _faults_of(asked: Field, values: Mapping[str, Any]) -> Iterator[Wrong]:
    value: Any = values.get(asked.code)
    if is_empty(value):
        if asked.required:
            yield Wrong(asked.code, Fault.MISSING)
        return
    if asked.type == FieldType.PERIOD:
        begin, end = value
        if not begin or not end:
            yield Wrong(asked.code, Fault.MISSING)
        elif end < begin:
            yield Wrong(asked.code, Fault.BACKWARDS)
    elif asked.type in (FieldType.NUMBER, FieldType.MONEY):
        low, high = asked.low or 0, asked.high
        if value < low or (high is not None and value > high):
            yield Wrong(asked.code, Fault.OUT_OF_RANGE, data={"low": low, "high": high})
        limit = values.get(asked.at_most) if asked.at_most else None
        if limit is not None and value > limit:
            yield Wrong(asked.code, Fault.MORE_THAN, data={"other": asked.at_most})
    elif asked.type in (FieldType.CHOICE, FieldType.CODES):
        codes = [value] if isinstance(value, str) else value
        if set(codes) - set(asked.codes):
            yield Wrong(asked.code, Fault.UNKNOWN_CODE)


def is_empty(value: Any) -> bool:
    """Nothing was said. No and nought are something."""
    return value in (None, "", []) or (isinstance(value, list) and not any(value))


def _party_faults(
    instrument: Instrument, parties: Sequence[Party], side_ids: Collection[int]
) -> Iterator[Wrong]:
    if not parties and instrument.least_parties <= 2:
        return  # the two sides alone
    names = [one.organisation_id or one.name.casefold() for one in parties]
    for place, (name, party) in enumerate(zip(names, parties, strict=True)):
        if name in names[:place]:
            yield Wrong("parties", Fault.PARTY_TWICE, place)
        elif not party.role:
            yield Wrong("parties", Fault.NO_ROLE, place)
    if len(parties) < instrument.least_parties:
        yield Wrong("parties", Fault.TOO_FEW_PARTIES, data={"least": instrument.least_parties})
    elif set(side_ids) - set(names):
        yield Wrong("parties", Fault.SIDE_IS_NO_PARTY)
    if sum(one.share or 0 for one in parties) > WHOLE:
        yield Wrong("parties", Fault.OVER_WHOLE)


def _payment_faults(terms: Terms, paid: Mapping[int, Payment]) -> Iterator[Wrong]:
    for place, made in paid.items():
        if place >= len(terms.payments) or terms.payments[place] != made:
            yield Wrong("payments", Fault.PAID_CHANGED, place)
    for place, one in enumerate(terms.payments):
        if one.amount is None or not one.what:
            yield Wrong("payments", Fault.NO_AMOUNT, place)
    price = terms.values.get("contract_value")
    if price is not None and sum(one.amount or 0 for one in terms.payments) > price:
        yield Wrong("payments", Fault.OVER_PRICE)


# What differs between two versions


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, or the row `place` of parties or payments, before and after. None: not there."""

    field: str
    before: Any
    after: Any
    place: int = 0


def differences(instrument: Instrument, before: Terms, after: Terms) -> list[Difference]:
    """What a reader has to know of a change, in the order of the form."""
    found = [
        Difference(one.code, before.values.get(one.code), after.values.get(one.code))
        for one in instrument.fields
        if _said(before.values.get(one.code)) != _said(after.values.get(one.code))
    ]
    rows: tuple[tuple[str, Sequence[Any], Sequence[Any]], ...] = (
        ("parties", before.parties, after.parties),
        ("payments", before.payments, after.payments),
    )
    for name, old, new in rows:
        for place in range(max(len(old), len(new))):
            was = old[place] if place < len(old) else None
            now = new[place] if place < len(new) else None
            if was != now:
                found.append(Difference(name, was, now, place))
    return found


def _said(value: Any) -> Any:
    return None if is_empty(value) else value


# Time


def due_on(begins: date, days: int) -> date:
    return begins + timedelta(days=days)


def overlap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Two periods have a day in common. Their last days count."""
    return one[0] <= other[1] and other[0] <= one[1]


def unpaid(
    payments: Sequence[Payment], paid: Collection[int], day: date
) -> list[tuple[Payment, date]]:
    """Return the payments that were due before a day, each with its day. `paid`: places paid."""
    return [
        (one, one.due)
        for place, one in enumerate(payments)
        if one.due is not None and one.due < day and place not in paid
    ]
