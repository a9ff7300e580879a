"""Fields that forms of listings need beside the common ones. Every error names its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import format_decimal, gettext
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from matchmaker import codelists, regions
from matchmaker.db import today
from matchmaker.listings.references import NoReference, Reference, ReferenceFault
from matchmaker.listings.resources import TECHNOLOGY, codes
from matchmaker.listings.rules import MAX_LINES
from matchmaker.listings.values import (
    LONGEST_LINE,
    YEARS_AHEAD,
    budget,
    has_two_readings,
    last_of_month,
    level_text,
    says_no_amount,
)
from matchmaker.tables.sheets import CellFault
from matchmaker.tables.values import levels
from matchmaker.web.forms import CHOOSE, at_most, trimmed
from matchmaker.web.i18n import AMOUNT_IN_HINTS, reader_language

SHOWN = 60  # characters of a line that an error repeats
_NO_END = frozenset(("长期", "长期有效", "不限"))
# Not the minus of -20 nor the 1. of 1.5.
_BULLET = re.compile(r"^\s*(?:[-*–]\s+|[•·]\s*|\d{1,2}[.)]\s+|\d{1,2}[、）]\s*)")


def lines(text: str | None) -> tuple[str, ...]:
    """The lines of a text, without bullets, numbers and empty ones."""
    stripped = (_BULLET.sub("", line).strip() for line in (text or "").splitlines())
    return tuple(dict.fromkeys(line for line in stripped if line))


class YuanField(IntegerField):
    """An amount of money in yuan, or a range, as people write it; shown again as it was typed.

    `data` is the lower end, `high` the upper one; both are the same for one amount. An end that is
    open is None.
    """

    widget = TextInput()
    high: int | None = None

    def process_data(self, value: Any) -> None:
        super().process_data(value)
        self.high = self.data

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = self.high = None
        if not text or says_no_amount(text):
            return
        if has_two_readings(text):
            raise ValueError(
                gettext(
                    "%(field)s: “%(text)s” can be read in two ways. Please write 1.5万 or 15万.",
                    field=self.label.text,
                    text=text,
                )
            )
        try:
            self.data, self.high = budget(text, "元")
        except ValueError:
            raise ValueError(
                gettext(
                    "%(field)s: enter an amount in yuan, for example %(amount)s.",
                    field=self.label.text,
                    amount=AMOUNT_IN_HINTS,
                )
            ) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_decimal(self.data) if self.data is not None else ""


class NumberField(IntegerField):
    """A whole number whose error names the field."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text and not (text.isdecimal() and len(text) < 10):
            raise ValueError(gettext("%(field)s: enter a whole number.", field=self.label.text))
        self.data = int(text) if text else None


class LevelField(NumberField):
    """A level of readiness, or a range: 6, TRL6, 6级, 中试, 4-6. Shown again as it was typed.

    `data` is the lower end, `high` the upper one of a range.
    """

    high: int | None = None

    def process_data(self, value: Any) -> None:
        """Take the level of a listing: a range comes as the two ends."""
        self.data, self.high = value if isinstance(value, tuple) else (value, None)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.high = None
        if text and not text.isdecimal():
            try:
                low, high = levels(text)
            except CellFault:
                pass
            else:
                self.data, self.high = low, high if high != low else None
                return
        super().process_formdata(valuelist)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else level_text(self.data, self.high)


class DayField(DateField):
    """A date, as people write it, whose error names the field.

    A text box: what a browser's own box cannot read, it does not send.
    """

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        if not text or text in _NO_END:
            return
        try:
            if text.isdigit() and len(text) != 8:
                raise ValueError(text)  # 2027121 has two readings
            super().process_formdata([last_of_month(text) or text])
        except ValueError:
            raise ValueError(
                gettext("%(field)s: a date such as 2026-11-23.", field=self.label.text)
            ) from None


class LinesField(TextAreaField):
    """Several short texts, one a line."""

    def __init__(self, label: Any, checks: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(
            label, [*checks, _few_lines, at_most(6000)], render_kw={"rows": 4}, **kwargs
        )

    def process_data(self, value: Any) -> None:
        self.data = "\n".join(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = trimmed(valuelist[0]) if valuelist else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines as they were typed."""
        return lines(self.data)

    @property
    def written(self) -> tuple[str, ...]:
        """The lines as a listing holds them."""
        return self.lines


class ReferencesField(LinesField):
    """Numbers of patents, papers and standards, one a line, each with what it shows."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [_all_name_something], **kwargs)

    @property
    def written(self) -> tuple[str, ...]:
        """The lines in the one writing of their numbers; those that name none are left out."""
        return tuple(str(Reference.read(line)) for line in self.lines if not _fault_of(line))


def _all_name_something(form: Any, field: ReferencesField) -> None:
    faults = [_told(field, line, fault) for line in field.lines if (fault := _fault_of(line))]
    if faults:
        raise ValidationError(faults[0])


def _fault_of(line: str) -> NoReference | None:
    try:
        Reference.read(line)
    except NoReference as fault:
        return fault
    return None


def _told(field: Field, line: str, fault: NoReference) -> str:
    if fault.fault is ReferenceFault.CHECK_DIGIT:
        return str(
            gettext(
                "%(field)s: the check digit of “%(line)s” is wrong. By its other digits it would "
                "be %(digit)s. Compare it with the certificate.",
                field=field.label.text,
                line=line[:SHOWN],
                digit=fault.expected,
            )
        )
    return str(
        gettext(
            "%(field)s: “%(line)s” does not begin with the number of a patent, a paper (DOI), a "
            "standard or a registered result.",
            field=field.label.text,
            line=line[:SHOWN],
        )
    )


class ResourceField(RadioField):
    """What a listing asks for or offers: a technology where nothing is chosen."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=self._named, default=TECHNOLOGY, **kwargs)

    def _named(self) -> dict[str, str]:
        language = reader_language()
        return {code: codelists.label("resource", code, language) for code in codes()}

    @property
    def code(self) -> str:
        """The resource that is chosen; a technology where that is none."""
        return self.data if self.data in codes() else TECHNOLOGY

    def pre_validate(self, form: Any) -> None:
        self.data = self.data or TECHNOLOGY
        if self.data not in codes():
            raise StopValidation(
                gettext("%(field)s: choose one from the list.", field=self.label.text)
            )


class TasksField(SelectMultipleField):
    """Key tasks of the listing's plan, as checkboxes; the form's maker sets the choices."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, checks: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(
            label, list(checks), coerce=int, choices={}, validate_choice=False, **kwargs
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [int(value) for value in valuelist if value.isdecimal() and len(value) < 10]

    def pre_validate(self, form: Any) -> None:
        if set(map(str, self.data or ())) - set(self.choices or ()):
            raise StopValidation(gettext("%(field)s: choose from the list.", field=self.label.text))


class ProvinceField(SelectField):
    """One of the 34 provincial divisions, or none."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=self._named, validate_choice=False, **kwargs)

    def _named(self) -> dict[str, str]:
        language = reader_language()
        return {"": str(CHOOSE)} | {
            code: regions.region_name(code, language) for code in regions.all_regions()
        }

    def pre_validate(self, form: Any) -> None:
        self.data = self.data or ""
        if self.data and self.data not in regions.all_regions():
            raise StopValidation(
                gettext("%(field)s: choose one from the list.", field=self.label.text)
            )


def _few_lines(form: Any, field: Field) -> None:
    found = lines(field.data)
    if len(found) > MAX_LINES:
        raise ValidationError(
            gettext(
                "%(field)s: at most %(most)s lines; this has %(number)s.",
                field=field.label.text,
                most=MAX_LINES,
                number=len(found),
            )
        )
    longest = max((len(line) for line in found), default=0)
    if longest > LONGEST_LINE:
        raise ValidationError(
            gettext(
                "%(field)s: a line may have %(most)s characters at most; one has %(number)s.",
                field=field.label.text,
                most=LONGEST_LINE,
                number=longest,
            )
        )


def at_most_chosen(most: int) -> Any:
    def check(form: Any, field: Field) -> None:
        if len(set(field.data or ())) > most:
            raise ValidationError(
                gettext(
                    "%(field)s: choose at most %(most)s; %(number)s are chosen.",
                    field=field.label.text,
                    most=most,
                    number=len(set(field.data)),
                )
            )

    return check


def coming_day(form: Any, field: Field) -> None:
    """Today or later, and not so far away that it must be a slip."""
    if field.data is None:
        return
    day = today()
    if field.data < day:
        raise ValidationError(
            gettext(
                "%(field)s: this date is in the past. Choose a later date.", field=field.label.text
            )
        )
    if field.data > day + timedelta(days=366 * YEARS_AHEAD):
        raise ValidationError(
            gettext("%(field)s: at most five years ahead.", field=field.label.text)
        )
