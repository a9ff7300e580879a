"""What can come of a match, as data: `seed_data/outcome_measures.yaml`, checked when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from matchmaker.codelists import LANGUAGES
from matchmaker.datafiles import read_yaml
from matchmaker.errors import UnusableFile
from matchmaker.paths import SEED_DATA
from matchmaker.web import amounts


class Kind(StrEnum):
    """What a measure counts. Amounts are stored in the smallest unit of their kind."""

    MONEY = "money"
    COUNT = "count"
    AREA = "area"  # stored in square metres
    MASS = "mass"  # stored in kilograms
    DATA = "data"  # stored in gigabytes


class Adding(StrEnum):
    SUM = "sum"
    LATEST = "latest"


# How many of the smallest unit the unit of a measure has.
SCALES: Mapping[Kind, int] = {
    Kind.MONEY: 1,
    Kind.COUNT: 1,
    Kind.AREA: 10_000,
    Kind.MASS: 1000,
    Kind.DATA: 1000,
}
_MU = Fraction(2000, 3)
WRITTEN: Mapping[Kind, Mapping[str, Fraction]] = {
    Kind.MONEY: dict.fromkeys(("", "元", "yuan", "yuanes", "rmb", "cny"), Fraction(1)),
    Kind.COUNT: {"": Fraction(1)},
    Kind.AREA: {
        **dict.fromkeys(("", "公顷", "ha", "hectares", "hectáreas"), Fraction(10_000)),
        **dict.fromkeys(("亩", "mu"), _MU),
        **dict.fromkeys(("平方公里", "km²", "km2"), Fraction(1_000_000)),
        **dict.fromkeys(("平方米", "m²", "m2"), Fraction(1)),
    },
    Kind.MASS: {
        **dict.fromkeys(("", "吨", "t", "tonnes", "toneladas"), Fraction(1000)),
        **dict.fromkeys(("公斤", "千克", "kg"), Fraction(1)),
    },
    Kind.DATA: {
        **dict.fromkeys(("", "tb"), Fraction(1000)),
        "gb": Fraction(1),
        "pb": Fraction(1_000_000),
    },
}
KEYS = {"unit", "kind", "adds", "most", "evidence", *LANGUAGES}


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of result. `units`: language → (of one, of several)."""

    code: str
    kind: Kind
    adds: Adding
    most: int  # of one result, in the unit
    needs_contract: bool
    units: Mapping[str, tuple[str, str]]
    evidence: Mapping[str, str]

    @property
    def scale(self) -> int:
        return SCALES[self.kind]

    def read(self, text: str) -> int:
        """Return the amount that a text says, in the smallest unit. Raises ValueError."""
        own = {word.lower(): Fraction(self.scale) for pair in self.units.values() for word in pair}
        amount = amounts.read(text, {**own, **WRITTEN[self.kind]})
        if self.scale == 1 and amount.denominator != 1:
            raise ValueError(text)
        return round(amount)

    def is_plausible(self, amount: int) -> bool:
        return 0 < amount <= self.most * self.scale


def parse(data: Any) -> dict[str, Measure]:
    """Return the measures by code, in the file's order. Raises UnusableFile, which says why."""
    if not isinstance(data, dict) or not data:
        raise UnusableFile("outcome measures: not a mapping of codes")
    return {code: _measure(str(code), entry) for code, entry in data.items()}


def _measure(code: str, entry: Any) -> Measure:
    if not isinstance(entry, dict) or (missing := KEYS - set(entry)):
        lacking = ", ".join(sorted(missing)) if isinstance(entry, dict) else "everything"
        raise UnusableFile(f"outcome measure {code}: missing {lacking}")
    if unknown := set(entry) - KEYS - {"contract"}:
        raise UnusableFile(f"outcome measure {code}: unknown {', '.join(sorted(unknown))}")
    try:
        return Measure(
            code=code,
            kind=Kind(entry["kind"]),
            adds=Adding(entry["adds"]),
            most=_positive(entry["most"]),
            needs_contract=bool(entry.get("contract", False)),
            units={language: _pair(entry["unit"][language]) for language in LANGUAGES},
            evidence={language: str(entry["evidence"][language]) for language in LANGUAGES},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableFile(f"outcome measure {code}: {error}") from error


def _positive(number: Any) -> int:
    if not isinstance(number, int) or number <= 0:
        raise ValueError(f"most is {number!r}, not a positive whole number")
    return number


def _pair(words: Any) -> tuple[str, str]:
    one, several = words
    return str(one), str(several)


def read(path: Path) -> dict[str, Measure]:
    """Read a file of measures. Raises UnusableFile."""
    return parse(read_yaml(path))


@cache
def all_measures() -> Mapping[str, Measure]:
    """Every measure by its code, in the order in which they are offered."""
    return read(SEED_DATA / "outcome_measures.yaml")
