from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, Field, IntegerField, RadioField
from wtforms.validators import ValidationError

from matchmaker.db import now
from matchmaker.meetings import rules
from matchmaker.meetings.models import Meeting
from matchmaker.meetings.rules import LONGEST, MOST_TIMES, SHORTEST, Proposal
from matchmaker.pages.shared.refusals import sentence
from matchmaker.web.forms import (
    CodeField,
    Form,
    between,
    optional,
    required,
    text_area,
    text_field,
)
from matchmaker.web.session import current_actor

SPELLINGS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
YEARS = range(2000, 3000)
YES, NO = "yes", "no"


class TimeField(DateTimeLocalField):
    """A day and a time whose error names the field."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            super().process_formdata([valuelist[0].strip()])
            if (
                self.data is None or self.data.year not in YEARS
            ):  # in another zone it might have no date at all
                raise ValueError
        except ValueError:
            raise ValueError(
                gettext(
                    "%(field)s: a day and a time such as 2026-12-03 14:00.", field=self.label.text
                )
            ) from None


class LengthField(IntegerField):
    """A number of minutes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValueError(gettext("%(field)s: a whole number.", field=self.label.text))
        self.data = int(text)


def web_address(form: Any, field: Field) -> None:
    if not rules.is_web_address(field.data):
        raise ValidationError(
            gettext(
                "%(field)s: an address that begins with http:// or https://.",
                field=field.label.text,
            )
        )


def time_field(number: int, *checks: Any) -> Any:
    return TimeField(
        _l("Time %(number)s", number=number),
        list(checks) or [optional],
        format=SPELLINGS,
    )


class ProposeForm(Form):
    """Up to five times as the clocks of one zone show them, and what the meeting is about."""

    topic: Any = text_field(_l("Topic of the meeting"), required, longest=200)
    zone = CodeField(_l("Time zone of these times"), "time_zone", [required])
    time_1 = time_field(1, required)
    time_2 = time_field(2)
    time_3 = time_field(3)
    time_4 = time_field(4)
    time_5 = time_field(5)
    minutes: Any = LengthField(
        _l("Length in minutes"), [required, between(SHORTEST, LONGEST)], default=60
    )
    place: Any = text_field(
        _l("Meeting place"),
        hint=_l("An address, a room, or a telephone number. Fill in the place, the link, or both."),
        longest=300,
    )
    link: Any = text_field(
        _l("Link"),
        optional,
        web_address,
        hint=_l("The address of the video conference: https://…"),
        longest=500,
        inputmode="url",
    )

    @classmethod
    def empty(cls, meeting: Meeting | None = None) -> ProposeForm:
        """The form before it is sent, with what was proposed before but for its times."""
        names = ("topic", "minutes", "place", "link") if meeting else ()
        kept = {name: getattr(meeting, name) for name in names}
        return cls(formdata=None, data={**kept, "zone": current_actor().time_zone})

    @property
    def time_fields(self) -> list[Any]:
        return [self[f"time_{number}"] for number in range(1, MOST_TIMES + 1)]

    def validate_place(self, field: Field) -> None:
        if not field.data and not self.link.data:
            field.errors = []
            raise ValidationError(gettext("Place or link: please fill in at least one of them."))

    def proposal(self) -> Proposal | None:
        """What was sent, or None: then the errors say why."""
        if not self.validate():
            return None
        given = [field for field in self.time_fields if field.data is not None]
        times = [self._moment(field) for field in given]
        found = [time for time in times if time is not None]
        if len(found) == len(given) and (fault := rules.fault_of_times(found, now())):
            self.time_1.errors = [sentence(fault)]
        if self.errors:
            return None
        return Proposal(
            tuple(found), self.minutes.data, self.topic.data, self.place.data, self.link.data
        )

    def _moment(self, field: Field) -> datetime | None:
        moment = rules.in_zone(field.data, self.zone.data)
        if moment is None:
            field.errors = [
                gettext(
                    "%(field)s: this time does not exist on that day, because the clocks go "
                    "forward there.",
                    field=field.label.text,
                )
            ]
        return moment


class AcceptForm(Form):
    time: Any = RadioField(_l("Which time suits you?"), [required], validate_choice=False)

    def offer(self, choices: Iterable[tuple[str, str]]) -> AcceptForm:
        self.time.choices = list(choices)
        return self

    def validate_time(self, field: Field) -> None:
        if field.data not in {value for value, _ in self.time.choices}:
            raise ValidationError(
                gettext("%(field)s: choose one from the list.", field=field.label.text)
            )


class CancelForm(Form):
    words: Any = text_area(
        _l("Message to them"),
        required,
        hint=_l("The other organisation reads this."),
        longest=1000,
        rows=3,
    )


def yes_or_no(label: Any) -> Any:
    return RadioField(label, [required, is_yes_or_no], choices=_yes_and_no, validate_choice=False)


def _yes_and_no() -> list[tuple[str, str]]:
    return [(YES, gettext("Yes")), (NO, gettext("No"))]


def is_yes_or_no(form: Any, field: Field) -> None:
    if field.data not in (YES, NO):
        raise ValidationError(
            gettext("%(field)s: choose one from the list.", field=field.label.text)
        )


class AttendanceForm(Form):
    we_came = yes_or_no(_l("Did anyone from your organisation take part?"))
    they_came = yes_or_no(_l("Did anyone from the other organisation take part?"))


class MinutesForm(Form):
    text: Any = text_area(
        _l("Minutes"),
        required,
        hint=_l("What was said and what comes next. Both organisations read this."),
        longest=20_000,
        rows=10,
    )
