"""Fields of agreements beside the common ones. Every error names its field."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext
from wtforms import DateTimeLocalField, Field, SelectField, StringField
from wtforms.validators import StopValidation, ValidationError

from matchmaker.agreements import instruments
from matchmaker.db import CHINA
from matchmaker.web.forms import CHOOSE
from matchmaker.web.i18n import reader_language

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_NUMBER = 15  # characters
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


class QuantityField(StringField):
    """A number, whole or with a decimal point; shown again as it was typed."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].translate(_FULL_WIDTH).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            if len(text) > LONGEST_NUMBER:
                raise InvalidOperation
            number = Decimal(text.replace(",", ""))
            if not number.is_finite() or number < 0:
                raise InvalidOperation
        except InvalidOperation:
            raise ValueError(
                gettext("%(field)s: a number, such as 12 or 12.5.", field=self.label.text)
            ) from None
        whole = number == number.to_integral_value()
        self.data = int(number) if whole else float(number)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class MomentField(DateTimeLocalField):
    """A day and a time of day in China, whose error names the field."""

    def __init__(self, label: Any, checks: Any = (), **kwargs: Any) -> None:
        super().__init__(label, list(checks), format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            super().process_formdata([text])
        except ValueError:
            raise ValueError(
                gettext(
                    "%(field)s: a day and a time such as 2026-11-23 09:00.", field=self.label.text
                )
            ) from None

    @property
    def moment(self) -> datetime:
        """The moment meant; the field is a required one."""
        given: Any = self.data
        moment: datetime = given.replace(tzinfo=CHINA)
        return moment


class OptionField(SelectField):
    """One of the choices that a kind of agreement has, or none yet."""

    def __init__(self, label: Any, of: instruments.Field, **kwargs: Any) -> None:
        self.of = of
        super().__init__(label, choices=self._labelled, validate_choice=False, **kwargs)

    def _labelled(self) -> list[tuple[str, str]]:
        language = reader_language()
        return [
            ("", str(CHOOSE)),
            *((code, self.of.label_of(code, language)) for code in self.of.codes),
        ]

    def pre_validate(self, form: Any) -> None:
        self.data = self.data or ""
        if self.data and self.data not in self.of.codes:
            raise StopValidation(
                gettext("%(field)s: choose one from the list.", field=self.label.text)
            )


class YesNoField(SelectField):
    """Yes, no, or nothing said yet."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=self._labelled, validate_choice=False, **kwargs)

    def _labelled(self) -> list[tuple[str, str]]:
        return [("", str(CHOOSE)), ("yes", gettext("Yes")), ("no", gettext("No"))]

    def pre_validate(self, form: Any) -> None:
        if self.data not in ("", "yes", "no", None):
            raise StopValidation(
                gettext("%(field)s: choose one from the list.", field=self.label.text)
            )


def plausible_day(form: Any, field: Field) -> None:
    """A year such as 0202 or 20266 is a slip."""
    day = field.data
    if isinstance(day, datetime):
        day = day.date()
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(
            gettext("%(field)s: a day between 2000 and 2100.", field=field.label.text)
        )


def at_least_half_an_hour(form: Any, field: Field) -> None:
    """The hours of one day."""
    if field.data is not None and not 0.5 <= field.data <= 24:
        raise ValidationError(
            gettext("%(field)s: from half an hour to 24 hours.", field=field.label.text)
        )
