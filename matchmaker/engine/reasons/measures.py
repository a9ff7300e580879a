"""What an amount measures: a survival rate, a cost, a depth; read from a table in three languages.

``wanted`` says which amounts serve who asks for one without a bound: "more", "less", "reach" (the
range of what can be done), "cold" (a frost to be borne) or "" (that very amount). ``subject`` has
"whole" for a measure of a thing as a whole, which need not be named beside the amount, "own" for
one that has no other subject: a coercivity, and "sole" for one of which a single amount in a text
is of what the text is about: an uptime.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from typing import NamedTuple

from ..paths import DATA

_TABLE = DATA / "requirements" / "measures.tsv"
# Kinds of measure that an amount of a quantity can be of.
_KINDS = {
    "ratio": {"share"}, "time": {"time"}, "time/time": {"time"}, "length": {"length"},
    "length/time": {"length", "speed"}, "temperature": {"temperature"}, "mass/area": {"area_mass"},
    "mass": {"mass"}, "volume": {"volume"}, "area": {"area"}, "area/time": {"area", "rate"},
    "": {"number", "count", "people"}, "count": {"count"}, "people": {"people", "count"},
    "count/time": {"rate", "count"}, "mass/time": {"rate"}, "volume/time": {"rate"},
    "volume/area": {"volume"}, "volume/mass": {"volume"}, "count/volume": {"count_volume"},
    "field": {"field"}, "induction": {"induction"}, "pressure": {"pressure"}, "level": {"level"},
    "frequency": {"frequency"}, "angle": {"angle"}, "amount/volume": {"amount"},
    "power": {"power"}, "power/length": {"power"}, "voltage": {"voltage"},
    "people/time": {"people"},
    "area/volume/time": {"area"}, "area/mass/time": {"area"}, "mass/volume": {"content"},
    "mass/mass": {"content"},
}  # fmt: skip
_ANY_OF = {"money": {"money"}, "energy": {"energy"}, "fuel": {"energy"}}


ANY = frozenset({"any"})  # of measures of amounts of every unit: a spread
# Units that say what they measure.
TELLING = {
    "energy/mass": "energy_use", "energy/volume": "energy_use", "energy/area": "energy_use",
    "fuel/mass": "energy_use", "mass/area": "yield", "mass/time": "capacity",
    "volume/time": "capacity", "area/time": "capacity", "field": "coercivity",
    "power/length": "power", "level": "noise", "fuel/area": "energy_use",
}  # fmt: skip


class Measure(NamedTuple):
    """A row of the table."""

    name: str
    kinds: frozenset[str]
    wanted: str
    complement: str
    subject: str


class Mention(NamedTuple):
    """A measure that a text names, and where."""

    measure: Measure
    start: int
    end: int


def kinds_of(unit: str) -> set[str]:
    """Return the kinds of measure that an amount of a unit can be of."""
    return _KINDS.get(unit) or _ANY_OF.get(unit.split("/", maxsplit=1)[0], set())


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@lru_cache(maxsize=1)
def table() -> dict[str, Measure]:
    """Return the measures by name."""
    return {
        row["id"]: Measure(
            row["id"],
            frozenset(row["kind"].split(",")),
            row["wanted"],
            row["complement"],
            row["subject"],
        )
        for row in _rows()
    }


@lru_cache(maxsize=3)
def _labels(
    language: str,
) -> tuple[re.Pattern[str], dict[str, list[Measure]], list[tuple[str, Measure]]]:
    """Return a pattern of all labels of a language, the whole ones, and the beginnings of words."""
    whole: dict[str, list[Measure]] = {}
    starts: list[tuple[str, Measure]] = []
    for row in _rows():
        for label in filter(None, (row[language] or "").split("|")):
            measure = table()[row["id"]]
            if label.endswith("*"):
                starts.append((label[:-1].lower(), measure))
            else:
                whole.setdefault(label.lower(), []).append(measure)
    starts.sort(key=lambda one: -len(one[0]))
    either = sorted({*whole, *(f"{start}\0" for start, _ in starts)}, key=len, reverse=True)
    words = "|".join(
        re.escape(one).replace("\0", r"\w*").replace("\\\x00", r"\w*") for one in either
    )
    pattern = words if language == "zh" else rf"\b(?:{words})(?!\w)"
    return re.compile(pattern, re.IGNORECASE), whole, starts


@lru_cache(maxsize=20_000)
def _measures_of(label: str, language: str) -> tuple[Measure, ...]:
    _, whole, starts = _labels(language)
    found = list(whole.get(label, ()))
    found += [measure for start, measure in starts if label.startswith(start)]
    return tuple(dict.fromkeys(found))


def mentions(folded: str, language: str) -> list[Mention]:
    """Return the measures that a text from ``folding.fold`` names, in order."""
    return [
        Mention(measure, *match.span())
        for match in _labels(language)[0].finditer(folded)
        for measure in _measures_of(match.group().lower(), language)
    ]
