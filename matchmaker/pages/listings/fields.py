"""Fields that forms of listings need beside the common ones. Every error names its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import format_decimal, gettext
from wtforms import DateField, Field, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from matchmaker import regions
from matchmaker.db import today
from matchmaker.listings.rules import MAX_LINES
from matchmaker.listings.values import (
    LONGEST_LINE,
    YEARS_AHEAD,
    budget,
    has_two_readings,
    last_of_month,
    says_no_amount,
)
from matchmaker.tables.sheets import CellFault
from matchmaker.tables.values import level
from matchmaker.web.forms import CHOOSE, at_most, trimmed
from matchmaker.web.i18n import AMOUNT_IN_HINTS, reader_language

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
    """A level of readiness: 6, TRL6, 6级 or 中试. A range is asked back."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if text and not text.isdecimal():
            try:
                told = level(text)
            except CellFault:
                told = None
            if told is not None and told.more:
                self.data = None
                raise ValueError(
                    gettext(
                        "%(field)s: “%(text)s” names several levels. Please give the lowest one.",
                        field=self.label.text,
                        text=text,
                    )
                )
            if told is not None:
                self.data = told.value
                return
        super().process_formdata(valuelist)


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
        return lines(self.data)


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
                "%(field)s: a line of at most %(most)s characters; one has %(number)s.",
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
