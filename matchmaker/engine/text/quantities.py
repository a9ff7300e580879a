"""Amounts in text as intervals in common units: ``不低于3 t/d``, ``below 0.5 %``, ``4–5 m``."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from .tokens import plain_number

_NUMERAL = r"\d+(?:[.,]\d+)*"
_TIMES = {
    "万": 1e4,
    "亿": 1e8,
    "千": 1e3,
    "百": 1e2,
    "": 1.0,
    "million": 1e6,
    "millones de": 1e6,
    "thousand": 1e3,
}
# Quantity that a unit measures, and its size in the common unit.
_ATOMS: dict[str, tuple[str, float]] = {
    "ng": ("mass", 1e-12), "μg": ("mass", 1e-9), "mg": ("mass", 1e-6), "g": ("mass", 1e-3),
    "克": ("mass", 1e-3), "kg": ("mass", 1.0), "公斤": ("mass", 1.0), "千克": ("mass", 1.0),
    "斤": ("mass", 0.5), "t": ("mass", 1e3), "吨": ("mass", 1e3), "tonnes": ("mass", 1e3),
    "nm": ("length", 1e-9), "μm": ("length", 1e-6), "微米": ("length", 1e-6),
    "mm": ("length", 1e-3), "毫米": ("length", 1e-3), "cm": ("length", 1e-2),
    "厘米": ("length", 1e-2), "m": ("length", 1.0), "米": ("length", 1.0), "km": ("length", 1e3),
    "公里": ("length", 1e3), "千米": ("length", 1e3), "m2": ("area", 1.0), "m²": ("area", 1.0),
    "平方米": ("area", 1.0), "km2": ("area", 1e6), "平方公里": ("area", 1e6), "ha": ("area", 1e4),
    "公顷": ("area", 1e4), "mu": ("area", 1e4 / 15), "亩": ("area", 1e4 / 15),
    "ml": ("volume", 1e-6), "l": ("volume", 1e-3), "升": ("volume", 1e-3), "m3": ("volume", 1.0),
    "m³": ("volume", 1.0), "立方米": ("volume", 1.0), "方": ("volume", 1.0), "s": ("time", 1.0),
    "秒": ("time", 1.0), "min": ("time", 60.0), "分钟": ("time", 60.0), "minutes": ("time", 60.0),
    "minutos": ("time", 60.0), "h": ("time", 3600.0), "小时": ("time", 3600.0),
    "hours": ("time", 3600.0), "horas": ("time", 3600.0), "d": ("time", 86400.0),
    "天": ("time", 86400.0), "日": ("time", 86400.0), "day": ("time", 86400.0),
    "days": ("time", 86400.0), "días": ("time", 86400.0), "dias": ("time", 86400.0),
    "个月": ("time", 2629800.0), "month": ("time", 2629800.0), "months": ("time", 2629800.0),
    "meses": ("time", 2629800.0), "a": ("time", 31557600.0), "年": ("time", 31557600.0),
    "year": ("time", 31557600.0), "years": ("time", 31557600.0), "año": ("time", 31557600.0),
    "años": ("time", 31557600.0), "w": ("power", 1.0), "kw": ("power", 1e3), "千瓦": ("power", 1e3),
    "MW": ("power", 1e6), "兆瓦": ("power", 1e6), "gw": ("power", 1e9), "wh": ("energy", 1.0),
    "kwh": ("energy", 1e3), "MWh": ("energy", 1e6), "°c": ("temperature", 1.0),
    "℃": ("temperature", 1.0), "%": ("ratio", 1e-2), "‰": ("ratio", 1e-3), "ppm": ("ratio", 1e-6),
    "ppb": ("ratio", 1e-9), "kpa": ("pressure", 1e3), "mpa": ("pressure", 1e6),
    "pa": ("pressure", 1.0), "bar": ("pressure", 1e5), "v": ("voltage", 1.0),
    "kv": ("voltage", 1e3), "hz": ("frequency", 1.0), "db": ("level", 1.0), "yuan": ("money", 1.0),
    "yuanes": ("money", 1.0), "元": ("money", 1.0), "人": ("people", 1.0),
    "people": ("people", 1.0), "personas": ("people", 1.0),
}  # fmt: skip
_ATOM = "|".join(sorted(map(re.escape, _ATOMS), key=lambda atom: -len(atom)))
_UNIT = rf"(?:{_ATOM})(?![a-zà-ÿ0-9])(?:\s?(?:/|·|per |por )\s?(?:{_ATOM})(?![a-zà-ÿ0-9]))?"
_AMOUNT = re.compile(
    rf"(?<![A-Za-z\d.])(?P<sign>-(?=\d))?(?P<first>{_NUMERAL})\s?"
    rf"(?:(?P<unit1>%|°c|℃)?\s?(?:-|~|to|a|至|到|y|and)\s?"
    rf"(?P<sign2>-(?=\d))?(?P<second>{_NUMERAL}))?\s?"
    rf"(?P<times>万|亿|千(?!克|米|瓦)|百|million|millones de|thousand)?\s?"
    rf"(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:不低于|不少于|不小于|至少|(?<!不)(?:大于|超过|高于)|≥|>=?|\bat least"
    r"|\bno less than|\bnot below|\babove|\bover|\bmore than"
    r"|\bminimum(?: of)?|\bheavier than|\blonger than|\blarger than|\bexceed\w*|\bfrom"
    r"|\bal menos|\bm[ií]nimo(?: de)?"
    r"|\bno menos de|\bm[aá]s de|\bsuperior(?:es)? al?|\bpor encima del?|\bdesde"
    r"|\bsupera\w*)\s?$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:不超过|不高于|不大于|(?<!不)(?:低于|少于|小于)|≤|<=?|控制在|降到|降至"
    r"|\bbelow|\bunder|\bless than|\bat most|\bno more than"
    r"|\bnot above|\bnever above|\bnot over|\bwithin|\bmaximum(?: of)?"
    r"|\binferior(?:es)? al?|\bpor debajo del?|\bmenos de"
    r"|\bcomo m[aá]ximo|\bhasta|\bno m[aá]s de|\bm[aá]ximo(?: de)?"
    r"|\bmenor(?:es)? (?:a|de|que))\s?$",
    re.IGNORECASE,
)
_MORE = re.compile(r"\s?(?:以上|及以上|or more|or above|o m[aá]s|como m[ií]nimo)", re.IGNORECASE)
_LESS = re.compile(r"\s?(?:以下|以内|之内|or less|or below|o menos|como m[aá]ximo)", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:no|never|sin|nunca|without)\b|不(?!低于|少于|小于|超过|高于|大于)", re.IGNORECASE
)
_NOT_LESS = re.compile(r"不低于|不少于|不小于|no less than|not below|no menos de", re.IGNORECASE)
_NEAR = 18


class Amount(NamedTuple):
    """An interval of a unit and its place; ``bounded`` when words or a range set its bounds."""

    low: float
    high: float
    unit: str
    start: int
    end: int
    bounded: bool = True


def amounts(folded: str, language: str) -> list[Amount]:
    """Return the amounts with units in a text from ``folding.fold``, in common units."""
    found: list[Amount] = []
    for match in _AMOUNT.finditer(folded):
        unit, factor = _measure(match["unit"])
        factor *= _TIMES[(match["times"] or "").lower()]
        first = _value(match["sign"], match["first"], language) * factor
        second = (
            first
            if match["second"] is None
            else _value(match["sign2"], match["second"], language) * factor
        )
        before, after = folded[max(0, match.start() - _NEAR) : match.start()], folded[match.end() :]
        low, high = sorted((first, second))
        ranged = low < high
        if not ranged and (_AT_LEAST.search(before) or _MORE.match(after)):
            low, high = (-math.inf, high) if _flips(folded[: match.start()]) else (low, math.inf)
        elif not ranged and (_AT_MOST.search(before) or _LESS.match(after)):
            low = -math.inf
        bounded = ranged or math.isinf(low) or math.isinf(high)
        found.append(Amount(low, high, unit, *match.span(), bounded))
    return found


def _flips(before: str) -> bool:
    """Tell whether a negation turns a lower bound into an upper one: ``no part above 50 kg``."""
    return bool(_NOT.search(before)) and not _NOT_LESS.search(before)


def satisfies(offered: Amount, asked: Amount) -> bool | None:
    """Tell whether an offered amount lies inside the asked one; None when it lies across."""
    if offered.unit != asked.unit:
        return None
    if not asked.bounded:
        return True if offered.low <= asked.low <= offered.high else None
    if asked.low <= offered.low and offered.high <= asked.high:
        return True
    return False if offered.high < asked.low or offered.low > asked.high else None


def _value(sign: str | None, numeral: str, language: str) -> float:
    plain = plain_number(numeral, language)
    try:
        return (-1.0 if sign else 1.0) * float(plain)
    except ValueError:  # a version or a date, such as 1.2.3
        return math.nan


def _measure(unit: str) -> tuple[str, float]:
    """Return the quantity of a unit (``mass/time``) and its factor to the common unit."""
    parts = [part.strip() for part in re.split(r"/|·|per |por ", unit, flags=re.IGNORECASE)]
    names, factor = [], 1.0
    for place, part in enumerate(parts):
        name, size = _ATOMS.get(part) or _ATOMS.get(part.lower()) or _ATOMS[_proper(part)]
        names.append(name)
        factor = factor * size if place == 0 else factor / size
    return "/".join(names), factor


def _proper(unit: str) -> str:
    return {"mw": "MW", "mwh": "MWh"}[unit.lower()]
