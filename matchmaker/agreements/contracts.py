"""Registration of technology contracts: dated data with its sources, and working days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from matchmaker.datafiles import read_yaml
from matchmaker.paths import SEED_DATA

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and weekends that are worked, of the years that were announced."""

    years: frozenset[int]
    off: frozenset[date]
    worked: frozenset[date]

    def is_working(self, day: date) -> bool | None:
        """Return whether people work on the day; None for a year that is not known."""
        if day.year not in self.years:
            return None
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def last_day(self, begin: date, days: int) -> date | None:
        """The day `days` after `begin`, or the next working day; None if it is not known."""
        day = begin + timedelta(days=days)
        while (works := self.is_working(day)) is False:
            day += timedelta(days=1)
        return day if works else None

    def working_days(self, begin: date, end: date) -> int | None:
        """How many working days lie after `begin` up to `end`; None if a year is not known."""
        days = [begin + timedelta(days=one + 1) for one in range((end - begin).days)]
        known = [self.is_working(day) for day in days]
        return None if None in known else sum(map(bool, known))


@cache
def calendar() -> Calendar:
    """The working days that are shipped."""
    data: Mapping[int, Mapping[str, Any]] = read_yaml(SEED_DATA / "working_days.yaml")
    return Calendar(
        years=frozenset(data),
        off=frozenset(
            day for year in data.values() for span in year["rest"] for day in _days(span)
        ),
        worked=frozenset(day for year in data.values() for day in year["worked"]),
    )


def _days(span: str) -> Iterator[date]:
    """The days of a span such as 2026-05-01..2026-05-05."""
    first, last = (date.fromisoformat(text) for text in span.split(".."))
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


@cache
def registration() -> Mapping[str, Any]:
    """What is known of the registration, with its sources."""
    data: Mapping[str, Any] = read_yaml(SEED_DATA / "contract_registration.yaml")
    return data


def answer_by(accepted_on: date) -> date | None:
    """The day by which the office decides; None where that year's working days are not known."""
    return calendar().last_day(accepted_on, registration()["limit"]["days"])


def tidy_number(text: str) -> str:
    """A registration number as it is compared: without blanks, in capitals."""
    return "".join(text.split()).upper()
