"""Values as people write them in tables: places, levels, languages, goals, ways to cooperate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from matchmaker.codelists import by_label
from matchmaker.datafiles import read_yaml
from matchmaker.engine import LANGUAGES, group_of
from matchmaker.regions import all_regions
from matchmaker.tables.headings import plain
from matchmaker.tables.sheets import CellFault, Fault

_LEVEL = re.compile(
    r"(?:技术(?:就绪|成熟)(?:水平|度)?)?(?:trl|第)?\s*[-:]?\s*([1-9一二三四五六七八九])(?:\.0)?\s*[级級]?"
    r"(?:\s*(?:[-~–—至到]|a|to)\s*(?:trl)?\s*([1-9一二三四五六七八九])\s*[级級]?)?"
)
_DIGITS = {digit: place for place, digit in enumerate("一二三四五六七八九", start=1)}
_BREAK = re.compile(r"[、,，;；/／和与及|\n]|\band\b|\by\b")
_MEASURE = re.compile(
    r"(?:约|大约|about|unos)?\s*(\d{1,3}(?:,\d{3}){1,2}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?)\s*(\D.*)?"
)
_SHORTEST_PART = 2  # characters of a text that is part of a label
_WORDY = re.compile(r"\bprovince\b|\bprovincia(?: de)?\b|\bprov\.?(?=\s|$)")


class Told(NamedTuple):
    """A value, and whether the cell said more than could be kept."""

    value: Any
    more: bool = False


@cache
def words() -> dict[str, Any]:
    """Return the words that stand for values."""
    data: dict[str, Any] = read_yaml(Path(__file__).with_name("words.yaml"))
    return data


@cache
def _codes(name: str) -> dict[str, Any]:
    return {plain(str(word)): code for code, all_of in words()[name].items() for word in all_of}


@cache
def _said(name: str) -> frozenset[str]:
    return frozenset(plain(str(word)) or str(word) for word in words()[name])


def says_nothing(text: str) -> bool:
    """Tell whether a cell is filled only to be filled."""
    return not text or (plain(text) or text.strip().lower()) in _said("nothing")


def language(text: str) -> str | None:
    """Return zh, en or es; raises CellFault for another language."""
    if says_nothing(text):
        return None
    code = _codes("languages").get(plain(text)) or re.split("[-_]", text.lower())[0]
    if code not in LANGUAGES:
        raise CellFault(Fault.LANGUAGE, value=text)
    return str(code)


def goal(text: str, names: Mapping[str, str]) -> str | None:
    """Return talent, technology_transfer or both; ``names`` are further names with their codes."""
    if says_nothing(text):
        return None
    code = names.get(text.lower()) or _codes("goals").get(plain(text))
    code = code or text.lower().replace(" ", "_")
    if code not in ("talent", "technology_transfer", "both"):
        found = {_codes("goals").get(part) for part in map(plain, _BREAK.split(text)) if part}
        if None in found or not found:
            raise CellFault(Fault.GOAL, value=text)
        code = found.pop() if len(found) == 1 else "both"
    return str(code)


def mode(text: str, names: Mapping[str, str]) -> str | None:
    """Return the code of a way to cooperate, or None for one that is not known."""
    code = names.get(text.lower()) or _codes("modes").get(plain(text))
    code = code or text.lower().replace(" ", "_")
    return code if group_of(code) else None


def ways(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the single ways to cooperate that a word means; of a group, the likeliest ones.

    >>> ways("产学研合作", {})
    ('key_technology_project', 'innovation_consortium')
    """
    several = _several().get(plain(text))
    if several:
        return several
    code = mode(text, names)
    if code is None:
        return ()
    return tuple(words()["likeliest"].get(code, (code,)))


@cache
def _several() -> dict[str, tuple[str, ...]]:
    return {plain(word): tuple(codes) for word, codes in words()["several"].items()}


def coded(text: str, labels: Mapping[str, str]) -> str | None:
    """Return the code that a text is, or is the label of; None where there is none."""
    return labels.get(text.lower()) or (text if text in labels.values() else None)


@lru_cache(4096)
def sector(text: str) -> str | None:
    """Return the sector that a text names, by its label, a usual word, or part of one label."""
    labels = by_label("sector")
    form = plain(text)
    code = coded(text, labels) or _codes("sectors").get(form)
    if code or len(form) < _SHORTEST_PART:
        return code
    parts = {code for label, code in labels.items() if form in plain(label)}
    return parts.pop() if len(parts) == 1 else None


def resource(text: str) -> str | None:
    """Return the code of what a text says is asked for or offered, or None."""
    return coded(text, by_label("resource")) or _codes("resources").get(plain(text))


def choice(name: str, text: str, labels: Mapping[str, str]) -> str | None:
    """Return the code of a choice among the fields of a resource, by its label or a usual word."""
    return coded(text, labels) or _choices(name).get(plain(text))


@cache
def _choices(name: str) -> dict[str, str]:
    known = words()["choices"][name].items()
    return {plain(str(word)): code for code, all_of in known for word in all_of}


def measure(name: str, text: str, unit: str = "") -> str:
    """Return a number of a resource in the unit in which it is kept, with two decimals at most.

    `unit`: what its heading says, for a cell without one. Raises ValueError for any other text.

    >>> measure("land", "300亩")
    '20'
    """
    found = _MEASURE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise ValueError(text)
    known, own = _units(name), plain(found[2] or "")
    if own and own not in known:
        raise ValueError(text)
    share = known.get(own or plain(unit), Fraction(1))
    amount = round(Fraction(found[1].replace(",", "")) * share, 2)
    return f"{float(amount):.2f}".rstrip("0").rstrip(".")


@cache
def _units(name: str) -> dict[str, Fraction]:
    known = words()["units"].get(name, {})
    return {plain(str(unit)): Fraction(str(share)) for unit, share in known.items()}


def organisation_type(text: str) -> str | None:
    """Return the code of the kind of organisation that a text names, or None."""
    known = _codes("organisation_types")
    return coded(text, by_label("organisation_type")) or known.get(plain(text))


def level(text: str) -> Told:
    """Return a level of readiness, the lower one of a range; raises CellFault for none."""
    low, high = levels(text)
    return Told(low, low != high)


def levels(text: str) -> tuple[int | None, int | None]:
    """Return the lower and the upper end of a range of readiness, the same for one level.

    Raises CellFault where there is none.

    >>> levels("TRL 4-6")
    (4, 6)
    """
    if says_nothing(text):
        return None, None
    form = plain(text)
    found = _LEVEL.fullmatch(form)
    if found:
        told = [_DIGITS.get(one) or int(one) for one in found.groups() if one]
        return min(told), max(told)
    known = _codes("levels")
    if form in known:
        return known[form], known[form]
    parts = [known.get(part) for part in map(plain, _BREAK.split(text)) if part]
    named = [part for part in parts if part is not None]
    if not named or len(named) < len(parts):
        raise CellFault(Fault.LEVEL, value=text)
    return min(named), max(named)


@lru_cache(4096)
def province(text: str) -> Told:
    """Return the code of the province that a place lies in, the first one of several.

    None stands for the whole country. Raises CellFault for a place that is not known.
    """
    if says_nothing(text) or plain(text) in _said("anywhere"):
        return Told(None)
    form = _place(text)
    if re.fullmatch(r"\d{6}", form):
        form = form[:2]  # the code of a place, of which the first two are its province's
    if form in _places():
        return Told(_places()[form])
    # The longest name at the earliest place: 海南藏族自治州 lies in Qinghai, not in Hainan.
    spaced = f" {_spaced(form)} "
    found = [
        (at, -len(name), code)
        for name, code in _places().items()
        if (at := _at(name, form, spaced)) >= 0
    ]
    if not found:
        raise CellFault(Fault.PROVINCE, value=text)
    first = min(found)[2]
    named = {code for part in _BREAK.split(text) if (code := _places().get(_place(part)))}
    return Told(first, bool(named - {first}))


def is_place(text: str) -> bool:
    """Tell whether a short text names a place of the country."""
    if len(text) > 20 or text.isdigit():
        return False
    try:
        return province(text).value is not None
    except CellFault:
        return False


def _at(name: str, form: str, spaced: str) -> int:
    if not name.isascii():
        return form.find(name)
    return -1 if name.isdigit() else spaced.find(f" {_spaced(name)} ")


def _spaced(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip()


@cache
def _places() -> dict[str, str]:
    """Return codes by names of provinces in three languages, and of unambiguous cities."""
    codes: dict[str, str] = {}
    provinces = all_regions().items()
    for code, region in provinces:
        for city in region.cities:
            for name in (city["zh"], city["en"], city.get("es", city["en"])):
                for form in (_place(name), plain(name)):
                    codes[form] = "" if codes.get(form, code) != code else code
    for code, region in provinces:
        names = (code, region.full_name, *region.name.values())
        codes.update((form, code) for name in names for form in (_place(name), plain(name)))
    for code, further in words()["provinces"].items():
        codes.update((plain(name), code) for name in further)
    return {name: code for name, code in codes.items() if code}


def _place(text: str) -> str:
    bare = _WORDY.sub("", plain(re.sub(r"[()（）]", " ", text))).strip()
    return re.sub(r"(?<=..)[省市]$", "", bare)
