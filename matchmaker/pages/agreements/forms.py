"""The form of an agreement, made from the data of its kind, and the small forms of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField
from wtforms import Field as FormPart

from matchmaker.agreements.instruments import Extra, Field, FieldType, Instrument
from matchmaker.agreements.rules import Wrong
from matchmaker.agreements.terms import Party, Payment, Terms, day
from matchmaker.errors import Refusal
from matchmaker.pages.agreements.fields import (
    MomentField,
    OptionField,
    QuantityField,
    YesNoField,
    at_least_half_an_hour,
    plausible_day,
)
from matchmaker.pages.agreements.wording import wrong_sentence
from matchmaker.pages.listings.fields import DayField, NumberField, YuanField
from matchmaker.pages.shared.uploads import FilesForm, files_field
from matchmaker.web.forms import (
    CHOOSE,
    CodeField,
    CodesField,
    Form,
    between,
    required,
    text_area,
    text_field,
)
from matchmaker.web.i18n import AMOUNT_IN_HINTS, reader_language

MOST_YUAN = 10**12
MOST_ROWS = 20
SPARE_ROWS = 2
PREFIX = "value_"


class RowForm(Form):
    """A row of a table in a form; its labels say which row it is."""

    numbered: Any = ""

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Name the fields before they are read: what is wrong with one names its row."""
        place = "".join(filter(str.isdigit, self._prefix)) or "0"
        for field in self:
            field.label.text = str(self.numbered) % {
                "number": int(place) + 1,
                "field": field.label.text,
            }
        super().process(formdata, *args, **kwargs)


class PaymentForm(RowForm):
    numbered = _l("Payment %(number)s, %(field)s")

    what = text_field(_l("what for"), longest=200)
    amount = YuanField(_l("amount"), [between(0, MOST_YUAN)])
    due = DayField(_l("due on"), [plausible_day])


class PartyForm(RowForm):
    numbered = _l("Party %(number)s, %(field)s")

    name = text_field(_l("name or unified social credit code"), longest=200)
    role = text_field(_l("role"), longest=200)
    share = QuantityField(_l("share in percent"), [between(0, 100)])


Resolve = Callable[[str], int | None]


class TermsForm(Form):
    """The fields of a kind; `payments` and `parties` where it has them."""

    instrument: Instrument

    def terms(self, resolve: Resolve) -> Terms:
        """What was typed. `resolve` finds the organisation of a name, if it is one here."""
        values = {one.code: self._value(one) for one in self.instrument.fields}
        return Terms(
            {code: value for code, value in values.items() if value is not None},
            tuple(self._parties(resolve)),
            tuple(self._payments()),
        )

    def _value(self, one: Field) -> Any:
        name = PREFIX + one.code
        if one.type == FieldType.PERIOD:
            days = [self[f"{name}_{end}"].data for end in ("from", "to")]
            return [one and one.isoformat() for one in days] if any(days) else None
        data = self[name].data
        if one.type == FieldType.YES_NO:
            return {"yes": True, "no": False}.get(data)
        if one.type == FieldType.DATE:
            return data and data.isoformat()
        return data if data not in ("", []) else None

    def _payments(self) -> Iterator[Payment]:
        for row in self._fields.get("payments", ()):
            what, amount, due = row.form.what.data, row.form.amount.data, row.form.due.data
            if what or amount is not None or due:
                yield Payment(what, amount, due)

    def _parties(self, resolve: Resolve) -> Iterator[Party]:
        for row in self._fields.get("parties", ()):
            if row.form.name.data:
                name = row.form.name.data
                yield Party(name, row.form.role.data, row.form.share.data, resolve(name))

    def find_fault(self, wrong: Sequence[Wrong]) -> None:
        """Write what the rules find beside the fields."""
        for one in wrong:
            field = self.field_of(one)
            sentence = wrong_sentence(self.instrument, one, field.label.text)
            field.errors = [*(e for e in field.errors if isinstance(e, str)), sentence]

    def field_of(self, wrong: Wrong) -> Any:
        if wrong.name in ("parties", "payments"):
            rows = self[wrong.name]
            return rows[wrong.place].form.what if _is_of_row(wrong, rows) else rows
        one = self.instrument.field(wrong.name)
        if one is not None and one.type == FieldType.PERIOD:
            return self[f"{PREFIX}{one.code}_to"]
        return self[PREFIX + wrong.name]

    @property
    def error_list(self) -> list[tuple[str, str]]:
        found = [("save", str(sentence)) for sentence in self.form_errors]
        return found + [(field.id, sentence) for field, sentence in self._sentences()]

    def _sentences(self) -> Iterator[tuple[FormPart, str]]:
        for field in self:
            yield from ((field, one) for one in field.errors if isinstance(one, str))
            for row in field if isinstance(field, FieldList) else ():
                for part in row.form:
                    yield from ((part, one) for one in part.errors if isinstance(one, str))


def _is_of_row(wrong: Wrong, rows: FieldList[Any]) -> bool:
    return wrong.name == "payments" and wrong.place < len(rows) and bool(wrong.place)


def terms_form(instrument: Instrument, terms: Terms) -> TermsForm:
    """The form of a kind, filled from the terms or, in a POST, from the request."""
    parts: dict[str, Any] = {"instrument": instrument}
    data: dict[str, Any] = {}
    for one in instrument.fields:
        parts |= _parts(one)
        data |= _data(one, terms.values.get(one.code))
    rows: tuple[tuple[Extra, str, type[RowForm], Sequence[Any]], ...] = (
        (Extra.PARTIES, "parties", PartyForm, terms.parties),
        (Extra.PAYMENTS, "payments", PaymentForm, terms.payments),
    )
    for extra, name, form, given in rows:
        if extra in instrument.extras:
            shown = min(max(len(given) + SPARE_ROWS, 3), MOST_ROWS)
            label = _l("Parties") if extra == Extra.PARTIES else _l("Payments by stages")
            parts[name] = FieldList(
                FormField(form), label, min_entries=shown, max_entries=MOST_ROWS
            )
            data[name] = [{key: getattr(row, key) for key in _columns(form)} for row in given]
    made: TermsForm = type("TermsForm", (TermsForm,), parts)(data=data)
    return made


def _columns(form: type[RowForm]) -> tuple[str, ...]:
    return ("what", "amount", "due") if form is PaymentForm else ("name", "role", "share")


def _parts(one: Field) -> dict[str, FormPart]:
    """The fields of the form for one field of the kind."""
    language, name = reader_language(), PREFIX + one.code
    label = one.labels[language]
    hint = one.hint[language] if one.hint else ""
    if one.type == FieldType.PERIOD:
        return {
            f"{name}_from": DayField(gettext("%(field)s: first day", field=label), [plausible_day]),
            f"{name}_to": DayField(gettext("%(field)s: last day", field=label), [plausible_day]),
        }
    makers: Mapping[FieldType, Callable[[], FormPart]] = {
        FieldType.TEXT: lambda: text_field(label, hint=hint),
        FieldType.LONG_TEXT: lambda: text_area(label, hint=hint, longest=4000, rows=4),
        FieldType.NUMBER: lambda: QuantityField(_with_unit(one, label), description=hint),
        FieldType.MONEY: lambda: YuanField(
            label,
            [between(0, MOST_YUAN)],
            description=hint or gettext("In yuan, for example %(amount)s", amount=AMOUNT_IN_HINTS),
        ),
        FieldType.DATE: lambda: DayField(label, [plausible_day], description=hint),
        FieldType.CHOICE: lambda: OptionField(label, one, description=hint),
        FieldType.CODES: lambda: CodesField(label, one.codelist, description=hint),
        FieldType.YES_NO: lambda: YesNoField(label, description=hint),
    }
    return {name: makers[one.type]()}


def _with_unit(one: Field, label: str) -> str:
    if one.unit is None:
        return label
    return str(gettext("%(field)s (%(unit)s)", field=label, unit=one.unit[reader_language()]))


def _data(one: Field, value: Any) -> dict[str, Any]:
    name = PREFIX + one.code
    if one.type == FieldType.PERIOD:
        begin, end = (day(text) for text in value or (None, None))
        return {f"{name}_from": begin, f"{name}_to": end}
    if one.type == FieldType.DATE:
        return {name: day(value)}
    if one.type == FieldType.YES_NO:
        return {name: {True: "yes", False: "no"}.get(value, "")}
    return {name: value}


class PartForm(Form):
    """A form of a page that has several: `part` keeps their fields apart."""

    part = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=self.part, **kwargs)


class SendBackForm(PartForm):
    part = "back-"

    words = text_area(
        _l("What would have to change"),
        required,
        hint=_l("Everybody who was asked can read it."),
        longest=2000,
        rows=4,
    )


class EndForm(PartForm):
    part = "end-"

    reason = CodeField(_l("Reason"), "agreement_end_reason", [required], blank=CHOOSE)
    words = text_area(_l("Message to the others"), hint=_l("Optional."), longest=2000, rows=3)


class MilestoneForm(PartForm):
    part = "milestone-"

    what = text_field(_l("What is to be reached"), required, longest=300)
    by = CodeField(_l("By whom"), "milestone_by", [required], blank=CHOOSE)
    due_on = DayField(_l("Due on"), [required, plausible_day])
    evidence_asked = text_field(_l("What will show it"), hint=_l("Optional."), longest=300)


class DoneForm(PartForm, FilesForm):
    part = "done-"
    beside: ClassVar = {Refusal.DAY_TO_COME: "done_on"}

    done_on = DayField(_l("Day"), [required, plausible_day])
    evidence = text_area(
        _l("What shows it"),
        required,
        hint=_l("A description, a document's number or a link."),
        longest=2000,
        rows=3,
    )
    files = files_field()


class PersonForm(PartForm):
    part = "person-"

    name = text_field(_l("Name"), required, longest=120)
    staff_number = text_field(
        _l("Staff number"),
        hint=_l("Needed only where two of your people have the same name."),
        longest=60,
    )
    post = text_field(_l("Post"), longest=200)
    starts_on = DayField(_l("First day"), [required, plausible_day])
    ends_on = DayField(_l("Last day"), [required, plausible_day])
    full_time = BooleanField(_l("Full time"))


class ConsentForm(PartForm):
    part = "consent-"

    consent_on = DayField(_l("Day"), [required, plausible_day])
    evidence = text_field(
        _l("What shows the consent"),
        required,
        hint=_l("For example a signed form and where it is kept."),
        longest=500,
    )


class PaidForm(PartForm):
    """Which stage of the price was paid, and when; the form's maker sets the stages."""

    part = "paid-"

    place = SelectField(_l("Payment"), validate_choice=False)
    paid_on = DayField(_l("Day"), [required, plausible_day])


class ServiceForm(PartForm):
    part = "service-"

    day = DayField(_l("Day"), [required, plausible_day])
    place = text_field(_l("Place of service"), required, longest=200)
    hours = QuantityField(_l("Hours"), [required, at_least_half_an_hour])
    people = NumberField(_l("People reached"), [between(0, 1_000_000)])
    what = text_area(_l("Service given"), required, longest=2000, rows=3)


class FacilityForm(PartForm):
    part = "facility-"

    name = text_field(
        _l("Facility"),
        required,
        hint=_l("Use the same name in every agreement, so that no slot is booked twice."),
        longest=200,
        list="facilities",
    )


class SlotForm(PartForm):
    part = "slot-"

    begins_at = MomentField(_l("Begins"), [required, plausible_day])
    ends_at = MomentField(_l("Ends"), [required, plausible_day])
    days = NumberField(
        _l("On how many days"),
        [between(1, 30)],
        description=_l("The same time on consecutive days. Leave it empty for one day."),
    )


class BookForm(PartForm):
    part = "book-"

    purpose = text_field(_l("What for"), required, longest=300)
