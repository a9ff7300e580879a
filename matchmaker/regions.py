"""The 34 provincial divisions of China (GB/T 2260) and their cities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from matchmaker.datafiles import read_yaml
from matchmaker.paths import SEED_DATA


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: Mapping[str, str]  # zh (short), en, es
    full_name: str  # zh
    character: str  # zh, one character
    letters: str  # GB/T 2260's two letters
    grid: tuple[int, int]  # column, row of the tile map
    cities: tuple[Mapping[str, str], ...]  # zh, en; es where it differs from en; code?


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_yaml(SEED_DATA / "regions.yaml")
    return data


@cache
def all_regions() -> Mapping[str, Region]:
    """Every division by its two-digit code, in the order of the standard."""
    regions = [
        Region(
            code=entry["code"],
            name={"zh": entry["zh"]["short"], "en": entry["en"], "es": entry["es"]},
            full_name=entry["zh"]["full"],
            character=entry["zh"]["one_char"],
            letters=entry["letters"],
            grid=tuple(entry["grid"]),
            cities=tuple(entry["cities"]),
        )
        for entry in _data()["regions"]
    ]
    return {region.code: region for region in sorted(regions, key=lambda region: region.code)}


@cache
def eastern() -> frozenset[str]:
    """The eastern provinces: a plan's partners are these, and others."""
    return frozenset(_data()["groups"]["eastern"]["codes"])


def city_name(city: str, province: str, language: str) -> str:
    """Return the name of a place of a province, told by one of its names; others stay as they are.

    >>> city_name("长沙", "43", "es")
    'Changsha'
    """
    region = all_regions().get(province)
    for place in region.cities if region else ():
        if city in (*place.values(), place["zh"].removesuffix("市")):
            return place.get(language, place["en"])
    return city


def region_name(code: str, language: str) -> str:
    """The division's name. Raises KeyError for an unknown code."""
    return all_regions()[code].name[language]
