"""Units of measurement: what each measures, and its size in the common unit of that quantity.

Symbols are matched with their case, because T is a tesla and t a tonne; words in any case and with
a plural; Chinese characters unless the next one makes them part of a word (``compounds.tsv``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..paths import DATA

_FOLDER = DATA / "requirements"
_PLURALS = {
    "metro cuadrado": "metros cuadrados",
    "metro cúbico": "metros cúbicos",
    "kilómetro cuadrado": "kilómetros cuadrados",
    "grado bajo cero": "grados bajo cero",
    "grado celsius": "grados celsius",
    "degree celsius": "degrees celsius",
}


class Unit(NamedTuple):
    """The quantity a unit measures, and its size in the common unit."""

    quantity: str
    size: float


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _read(kind: str) -> dict[str, Unit]:
    return {
        name: Unit(row["quantity"], float(row["size"]))
        for row in _rows(_FOLDER / "units.tsv")
        if row["kind"] == kind
        for name in row["names"].split("|")
    }


def _forms(name: str) -> set[str]:
    """Return a word with its plurals."""
    return {name.lower(), f"{name.lower()}s", f"{name.lower()}es", _PLURALS.get(name, name.lower())}


_SYMBOLS, _HAN = _read("symbol"), _read("han")
_WORDS = {form: unit for name, unit in _read("word").items() for form in _forms(name)}
_PARTS = {row["unit"]: row["followed_by"] for row in _rows(_FOLDER / "compounds.tsv")}


def _either(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_WORD_END = r"(?![A-Za-zÀ-ÿ0-9])"
_LATIN = rf"(?:(?:{_either(_SYMBOLS)}){_WORD_END}|(?i:{_either(_WORDS)}){_WORD_END}|°C)"
_CHINESE = "|".join(
    re.escape(name) + (f"(?![{_PARTS[name]}])" if name in _PARTS else "")
    for name in sorted(_HAN, key=len, reverse=True)
)
UNIT = {"zh": rf"(?:{_LATIN}|{_CHINESE})", "en": _LATIN, "es": _LATIN}


@lru_cache(maxsize=2000)
def unit_of(text: str) -> Unit | None:
    """Return the unit that a text names; None for other words."""
    name = re.sub(r"\s+", " ", text.strip())
    return _SYMBOLS.get(name) or _HAN.get(name) or _WORDS.get(name.lower())
