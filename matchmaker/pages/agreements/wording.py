"""The values of an agreement, and what is wrong with them, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _l

from matchmaker import phrasing
from matchmaker.agreements.instruments import Field, FieldType, Instrument
from matchmaker.agreements.models import Milestone
from matchmaker.agreements.rules import Difference, Fault, Wrong, is_empty
from matchmaker.agreements.terms import Party, Payment, Terms, day
from matchmaker.web.i18n import reader_language, show_date, show_money, show_period

SENTENCES: Mapping[Fault, Any] = {
    Fault.MISSING: _l("%(field)s: please fill this in."),
    Fault.BACKWARDS: _l("%(field)s: it must not be before the first day."),
    Fault.OUT_OF_RANGE: _l("%(field)s: from %(low)s to %(high)s."),
    Fault.UNKNOWN_CODE: _l("%(field)s: choose one from the list."),
    Fault.MORE_THAN: _l("%(field)s: not more than “%(other)s”."),
    Fault.TOO_FEW_PARTIES: _l("%(field)s: at least %(least)s, each with its role."),
    Fault.SIDE_IS_NO_PARTY: _l(
        "%(field)s: both organisations of this match must be among them, with their full names."
    ),
    Fault.PARTY_TWICE: _l("%(field)s: number %(number)s is listed twice."),
    Fault.NO_ROLE: _l("%(field)s: number %(number)s needs a role."),
    Fault.OVER_WHOLE: _l("%(field)s: the shares add up to more than 100 percent."),
    Fault.NO_AMOUNT: _l("%(field)s: number %(number)s needs an amount and what it is for."),
    Fault.OVER_PRICE: _l("%(field)s: they add up to more than the contract value."),
    Fault.PAID_CHANGED: _l("%(field)s: number %(number)s has been paid and cannot be changed."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A field and its value, or its values before and after a change."""

    label: str
    text: str
    before: str = ""
    is_long: bool = False


def wrong_sentence(instrument: Instrument, wrong: Wrong, label: str) -> str:
    data = dict(wrong.data)
    if other := instrument.field(data.get("other", "")):
        data["other"] = other.labels[reader_language()]
    if wrong.fault == Fault.OUT_OF_RANGE and data.get("high") is None:
        return str(gettext("%(field)s: at least %(low)s.", field=label, **_numbers(data)))
    sentence = str(SENTENCES[wrong.fault])
    return sentence % {"field": label, "number": wrong.place + 1, **_numbers(data)}


def _numbers(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: format_decimal(value) if isinstance(value, int | float) else value
        for name, value in data.items()
    }


def lines(instrument: Instrument, terms: Terms) -> Sequence[Line]:
    """The fields that say something, in the order of the form, but for the name."""
    language = reader_language()
    return [
        Line(
            one.labels[language],
            value_text(one, terms.values[one.code]),
            is_long=one.type == FieldType.LONG_TEXT,
        )
        for one in instrument.fields
        if one.code != "subject" and not is_empty(terms.values.get(one.code))
    ]


def value_text(one: Field, value: Any) -> str:
    """A value as its reader writes it; nothing for nothing."""
    if is_empty(value):
        return ""
    language = reader_language()
    if one.type == FieldType.YES_NO:
        return str(gettext("Yes") if value else gettext("No"))
    if one.type == FieldType.MONEY:
        return show_money(value)
    if one.type == FieldType.NUMBER:
        unit = one.unit[language] if one.unit else ""
        gap = "" if language == "zh" or unit == "%" else " "
        return f"{format_decimal(value)}{gap}{unit}"
    if one.type == FieldType.DATE:
        return show_date(day(value))
    if one.type == FieldType.PERIOD:
        return show_period(day(value[0]), day(value[1]))
    if one.type == FieldType.CHOICE:
        return one.label_of(value, language)
    if one.type == FieldType.CODES:
        return phrasing.listed([one.label_of(code, language) for code in value], language)
    return str(value)


def difference_lines(instrument: Instrument, differences: Sequence[Difference]) -> Sequence[Line]:
    """What changes, each with the words before and after."""
    return [_difference(instrument, one) for one in differences]


def _difference(instrument: Instrument, one: Difference) -> Line:
    field = instrument.field(one.field)
    if field is not None:
        label = field.labels[reader_language()]
        return Line(label, value_text(field, one.after), value_text(field, one.before))
    number = one.place + 1
    if one.field == "parties":
        label = gettext("Party %(number)s", number=number)
        return Line(str(label), party_text(one.after), party_text(one.before))
    label = gettext("Payment %(number)s", number=number)
    return Line(str(label), payment_text(one.after), payment_text(one.before))


def party_text(party: Party | None) -> str:
    if party is None:
        return ""
    share = "" if party.share is None else f"{format_decimal(party.share)}%"
    return _joined(party.name, party.role, share)


def payment_text(payment: Payment | None) -> str:
    if payment is None:
        return ""
    return _joined(payment.what, show_money(payment.amount), show_date(payment.due))


def _joined(*parts: str) -> str:
    return ("，" if reader_language() == "zh" else ", ").join(part for part in parts if part)


def milestone_words(instrument: Instrument, milestone: Milestone) -> tuple[str, str]:
    """What is to be reached and what shows it: the sides' own words, else the template's."""
    if milestone.what:
        return milestone.what, milestone.evidence_asked
    step, language = instrument.step(milestone.template), reader_language()
    return (step.what[language], step.evidence[language]) if step else ("", "")
