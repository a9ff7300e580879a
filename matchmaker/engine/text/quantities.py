"""Amounts in text as intervals in common units: ``不低于3 t/d``, ``below 0.5 %``, ``4–5 m``.

An amount is a level ("reaches 71 %") or a change against before ("falls by 60 %"). What a text
gives as the state before ("from 46 %", "against 12 % so far") is marked as such.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from .bounds import AT_LEAST, AT_MOST, LESS, MORE, NOT, NOT_LESS, REACHES
from .changes import FALL, LEVEL, RISE, change_of, is_before, moves
from .numerals import NUMERAL, SHARE, number, share
from .units import UNIT, Unit, unit_of

_TIMES = {
    "万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "": 1.0, "million": 1e6, "millones de": 1e6,
    "millones": 1e6, "thousand": 1e3, "mil": 1e3, "hundred": 1e2, "billion": 1e9,
}  # fmt: skip
_SEPARATOR = r"(?:-|~|—|\bto\b|\bhasta\b|\band\b|\ba\b|\by\b|\bor\b|\bal\b|至|到|、(?=[\d.、]+\s?[^\d、]))"
_CURRENCY = r"(?:CNY|RMB|¥|￥|EUR|€|US\$|USD|\$)"
_CURRENCIES = {"EUR": "money_eur", "€": "money_eur", "US$": "money_usd", "USD": "money_usd"}
_EACH = {
    "zh": r"/|每|·|/\(|一",
    "en": r"/|·|per\b|an?\b|each\b|every\b",
    "es": r"/|·|por\b|al?\b|cada\b",
}
_ADVERBS = {
    "day": r"daily|diari[oa]s?|al día|每天|每日|per day",
    "year": r"annually|yearly|annual|anual(?:es)?|al año|每年|per annum",
    "month": r"monthly|mensual(?:es)?|al mes|每月",
    "hour": r"hourly|每小时",
    "week": r"weekly|semanal(?:es)?|每周",
}
_NOUN = {"zh": r"[一-鿿]", "en": r"[A-Za-z]{3,}", "es": r"[A-Za-zÀ-ÿ]{3,}"}
# 亩产, 日处理, 吨水电耗: what a Chinese amount is counted by stands before it.
_PREFIXED = re.compile(
    r"每(?:一|个)?(?P<each>[^\W\d_每]{1,3})"
    r"|(?<![\d一二两三四五六七八九十百千万半个几每去今当本全次近公前后多每同某])(?P<by>[亩吨日年月户头])"
    r"(?![后来内起前龄级以生代份度限][^,]*$|[光常照本]?$)(?=[^\d,]{1,9}$)"
)
_NOT_COUNTED = ("ratio", "", "temperature", "angle", "level", "voltage")
_LOOK_BACK = 26
_NEAR = 24


class Amount(NamedTuple):
    """An interval of a unit and its place.

    ``bounded`` when words or a range set its bounds, ``change`` "fall", "rise" or "" for a level,
    ``before`` for a state before, ``reach`` for "up to": the farthest of what is possible.
    ``per`` is the place of the word it is counted by, when that is no unit.
    """

    low: float
    high: float
    unit: str
    start: int
    end: int
    bounded: bool = True
    change: str = LEVEL
    before: bool = False
    reach: bool = False
    per: tuple[int, int] | None = None


@lru_cache(maxsize=3)
def _amount(language: str) -> re.Pattern[str]:
    numeral, unit = NUMERAL[language], UNIT[language]
    return re.compile(
        rf"(?:(?P<money>{_CURRENCY})\s?)?(?<![A-Za-z\d])(?<!\d[.,/])(?P<sign>-(?=\d)|零下|minus )?"
        r"(?P<list>(?:\d+(?:\.\d+)?、)+(?=\d))?"
        rf"(?P<first>{numeral})\s?"
        rf"(?:(?P<unit1>{unit})?\s?{_SEPARATOR}\s?(?:(?:{_CURRENCY})\s?)?"
        rf"(?P<sign2>-(?=\d)|零下)?(?P<second>{numeral})\s?)?"
        r"(?P<more>[多余来]\s?)?"
        r"(?P<times>万|亿|千(?!克|米|瓦|伏|帕|赫|卡|焦)|百(?!分)|(?:million|millones de|millones|thousand"
        r"|mil|hundred)\b)?(?P<more2>[多余])?[\s-]?"
        rf"(?P<unit>{unit})?",
    )


@lru_cache(maxsize=3)
def _rate(language: str) -> re.Pattern[str]:
    unit, noun = UNIT[language], _NOUN[language]
    return re.compile(
        rf"\s?(?:{_EACH[language]})\s?\(?\s?(?:(?P<each>{unit})(?:·(?P<more>{unit}))?"
        rf"|(?P<noun>{noun}))",
        re.IGNORECASE if language != "zh" else 0,
    )


_BY_ADVERB = re.compile(
    r"\s?(?:" + "|".join(rf"(?P<{name}>{words})" for name, words in _ADVERBS.items()) + r")(?!\w)",
    re.IGNORECASE,
)
# "4,800 t of dry solids per day", "15 toneladas secas diarias"
_OF_THINGS = re.compile(
    r"\s(?:(?:of|de)\s)?(?:[A-Za-zÀ-ÿ-]+\s){1,3}?(?:(?:per|an?|each|al|por|cada)\s"
    r"(?P<unit>day|hour|year|month|week|día|hora|año|mes|semana)\b|"
    + "|".join(rf"(?P<{name}>{words})\b" for name, words in _ADVERBS.items())
    + ")",
    re.IGNORECASE,
)
_AND_TIME = re.compile(r"\s(?:and|y)\s(?P<unit>day|year|month|week|día|año|mes|semana)\b")
_ONE_IN = re.compile(r"\s(?:in|out of|de cada|en cada)\s(?:\d|two|three|four|five|six|seven|eight|nine|ten)")
# The purity 4N5 is 99.995 %.
_NINES = re.compile(r"(?<![A-Za-z\d-])(?P<nines>[2-8])N(?P<last>\d)?(?![A-Za-z\d])")
_CLAUSE_START = re.compile(r"[,;:。;!?()]|\.\s")
_BELOW_ZERO = re.compile(r"\s?(?:°C )?(?:below zero|bajo cero)", re.IGNORECASE)


def amounts(folded: str, language: str) -> list[Amount]:
    """Return the amounts in a text from ``folding.fold``, in common units, in order.

    Numbers without a unit have the unit "" and shares in words ("two thirds") "ratio".
    """
    found: list[Amount] = []
    place = 0
    while match := _amount(language).search(folded, place):
        amount, place = _read(match, folded, language)
        if amount is not None:
            found.append(amount)
    for match in _NINES.finditer(folded):
        value = 1.0 - (10.0 - float(match["last"] or 0)) / 10.0 ** (int(match["nines"]) + 1)
        found.append(Amount(value, value, "ratio", *match.span(), bounded=False))
    for match in SHARE[language].finditer(folded):
        low, high = share(match, language)
        if not any(one.start < match.end() and match.start() < one.end and one.unit for one in found):
            found = [one for one in found if one.end <= match.start() or match.end() <= one.start]
            found.append(_bounded(folded, low, high, "ratio", match.span(), None, language))
    return sorted(found, key=lambda one: one.start)


def _read(match: re.Match[str], folded: str, language: str) -> tuple[Amount | None, int]:
    """Return the amount of a match, and where to look for the next one."""
    unit, end, per = _unit_of(match, folded, language)
    if unit is None or _ONE_IN.match(folded, end):
        return None, max(match.end("first"), match.end("second"))
    factor = unit.size * _TIMES[(match["times"] or "").lower()]
    sign = -1.0 if match["sign"] else 1.0
    first = number(match["first"], language)
    if unit.quantity in ("temperature", "angle") and _BELOW_ZERO.match(folded, end):
        sign, unit = -1.0, Unit("temperature", 1.0)
    if "bajo cero" in (match["unit"] or "").lower():
        sign = -1.0
    low, high = sign * first[0] * factor, sign * first[1] * factor
    start = match.start("money") if match["money"] else match.start("first")
    start = match.start("sign") if match["sign"] and not match["money"] else start
    place = (start, end)
    if match["list"]:
        low = min(float(one) for one in match["list"].rstrip("、").split("、")) * factor
        low, high = min(low, high), max(low, high)
        return Amount(low, high, unit.quantity, match.start("list"), end, per=per), end
    if match["second"] is None:
        return _bounded(folded, low, high, unit.quantity, place, per, language), end
    second = number(match["second"], language)
    inherits = match["sign"] == "零下" or sign < 0 and not match["sign"]
    last = (-1.0 if match["sign2"] or inherits else 1.0) * second[-1] * factor
    if match["unit1"]:
        other = unit_of(match["unit1"])
        if other is None or other.quantity != unit.quantity.split("/", maxsplit=1)[0]:
            return None, match.end("unit1")
        if not match["times"]:
            low *= other.size / unit_of(match["unit"]).size if match["unit"] else 1.0
    if moves(folded, start, end, low > last, language):
        to = (match.start("second"), end)
        return _bounded(folded, last, last, unit.quantity, to, per, language), end
    if low > last and match["second"][0].isalpha() | match["first"][0].isalpha():
        return None, match.end("first")
    if low > last and not match["unit1"] and unit.quantity == "temperature":
        first_place = (start, match.end("first"))  # "COP of 1.8 at -25 °C"
        return _bounded(folded, abs(first[0]), abs(first[0]), "", first_place, None, language), first_place[1]
    change = change_of(folded, start, end, language)
    before = is_before(folded, start, end, language)
    low, high = min(low, last), max(low, last)
    return Amount(low, high, unit.quantity, start, end, True, change, before, False, per), end


def _unit_of(
    match: re.Match[str], folded: str, language: str
) -> tuple[Unit | None, int, tuple[int, int] | None]:
    """Return the unit of an amount, where the amount ends, and the word it is counted by."""
    text, end = match["unit"], match.end()
    if text is None:
        end = match.end("times") if match["times"] else match.end("second")
        end = end if end > 0 else match.end("first")
    if match["money"]:
        unit = Unit(_CURRENCIES.get(match["money"].upper(), "money"), 1.0)
        end = end if text is None else match.start("unit")
        end = len(folded[:end].rstrip(" -"))
    elif text is None:
        if not _stands_alone(match, folded, language):
            return None, end, None
        return _counted(folded, end, language)
    else:
        known = _degrees(folded, match.start()) if text == "度" else unit_of(text)
        if known is None or _is_date(match, text, folded):
            return None, end, None
        unit = known
    return _counted_by(unit, folded, match.start(), end, language)


def _stands_alone(match: re.Match[str], folded: str, language: str) -> bool:
    """Tell whether digits without a unit are a number: no year, no enumerator, no part of a name."""
    after = folded[match.end("second" if match["second"] else "first") :][:1]
    before = folded[match.start() - 1 : match.start()]
    first = match["first"]
    if not first[0].isdigit():
        bound = folded[max(0, match.start() - _NEAR) : match.start()]
        return language != "zh" and (
            first.lower() not in ("a", "un", "una", "one", "media", "medio")
            or bool(AT_LEAST.search(bound) or AT_MOST.search(bound))
        )
    if (before == "(" and after == ")") or (after.isascii() and after.isalpha()) or after == "-":
        return False
    return not (len(first) == 4 and first[:2] in ("19", "20"))


_COUNTED = {
    "zh": re.compile(r"\s?/\s?"),
    "en": re.compile(r"\s?/\s?|\s(?:[A-Za-z-]+\s){0,3}?(?:per|an?|each|every)\s(?:[a-z]+ and )?(?=[a-z])"),
    "es": re.compile(r"\s?/\s?|\s(?:[A-Za-zÀ-ÿ-]+\s){0,3}?(?:por|al?|cada)\s(?:[a-z]+ y )?(?=[a-z])"),
}


@lru_cache(maxsize=3)
def _plain_unit(language: str) -> re.Pattern[str]:
    return re.compile(UNIT[language])


def _counted(folded: str, end: int, language: str) -> tuple[Unit, int, None]:
    """Return the unit of a bare number: of a count by a time or volume, such as "two alarms a year"."""
    gap = _COUNTED[language].match(folded, end)
    match = _plain_unit(language).match(folded, gap.end()) if gap else None
    unit = unit_of(match.group()) if match else None
    if unit is None or unit.quantity not in ("time", "volume", "mass", "area"):
        return Unit("", 1.0), end, None
    return Unit(f"count/{unit.quantity}", 1.0 / unit.size), end, None


def _is_date(match: re.Match[str], unit: str, folded: str) -> bool:
    first = match["second"] or match["first"]
    if folded[match.start() - 1 : match.start()] in ("月", "第"):
        return True
    if unit in ("年", "月", "日") and not match["times"]:
        return (len(first) == 4 and first[:2] in ("19", "20")) or unit == "月"
    return False


def _degrees(folded: str, start: int) -> Unit:
    """Return what 度 stands for: a kilowatt hour, a degree of heat, of alcohol or of an angle."""
    before = folded[max(0, start - 12) : start]
    if "电" in before or "耗" in before:
        return Unit("energy", 1e3)
    if "温" in before or "零下" in folded[max(0, start - 2) : start + 2] or "气" in before:
        return Unit("temperature", 1.0)
    return Unit("ratio", 0.01) if "酒" in before else Unit("angle", 1.0)


def _counted_by(
    unit: Unit, folded: str, start: int, end: int, language: str
) -> tuple[Unit, int, tuple[int, int] | None]:
    """Return a unit with those it is counted by, as in "per mu", "daily" or 每亩 before it."""
    quantity, size = unit
    per: tuple[int, int] | None = None
    adverb = _BY_ADVERB.match(folded, end)
    if not adverb and language != "zh" and quantity in ("mass", "volume", "area", "money", "energy"):
        gap = _OF_THINGS.match(folded, end)
        if gap is not None:
            other = unit_of(gap["unit"] or next(n for n, v in gap.groupdict().items() if v and n != "unit"))
            if other is not None and other.quantity == "time":
                return Unit(f"{quantity}/time", size / other.size), end, None
    while not adverb and (match := _rate(language).match(folded, end)) is not None:
        other = unit_of(match["each"]) if match["each"] else None
        if other and other.quantity in ("count", "people", "angle"):
            per, other = match.span("each"), None
        elif other is None:
            if quantity in ("", "ratio") or not _counts_by_noun(quantity, match.group(), language):
                break
            per = match.span("noun")
        if other is None:
            also = _AND_TIME.match(folded, match.end())
            by = unit_of(also["unit"]) if also else None
            if by is None:
                return Unit(f"{quantity}/each", size), match.end(), per
            return Unit(f"{quantity}/each/{by.quantity}", size / by.size), also.end(), per
        if other.quantity == quantity and quantity in ("mass", "volume"):  # mg/kg are parts
            return Unit("ratio", size / other.size), match.end(), None
        quantity, size = f"{quantity}/{other.quantity}", size / other.size
        if match["more"] and (second := unit_of(match["more"])):
            quantity, size = f"{quantity}/{second.quantity}", size / second.size
        end = match.end()
        adverb = _BY_ADVERB.match(folded, end)
    if adverb and unit.quantity not in ("ratio", "time", "temperature", ""):
        other = unit_of(adverb.lastgroup or "day")
        if other is not None:
            return Unit(f"{quantity}/{other.quantity}", size / other.size), adverb.end(), per
    if quantity == unit.quantity and language == "zh" and quantity not in _NOT_COUNTED:
        return (*_prefixed(unit, folded, start, end),)
    return Unit(quantity, size), end, per


def _counts_by_noun(quantity: str, matched: str, language: str) -> bool:
    """Tell whether a noun after an amount is what it is counted by, not merely what follows."""
    if language == "zh":
        return matched.strip()[0] in "/每" and quantity.startswith(("money", "mass", "energy", "volume"))
    return matched.strip().lower().startswith(("per", "por", "cada", "each", "/", "every"))


def _prefixed(unit: Unit, folded: str, start: int, end: int) -> tuple[Unit, int, tuple[int, int] | None]:
    before = folded[max(0, start - _LOOK_BACK) : start]
    breaks = [one.end() for one in _CLAUSE_START.finditer(before)]
    clause = start - len(before) + (breaks[-1] if breaks else 0)
    matches = list(_PREFIXED.finditer(folded[clause:start]))
    if not matches:
        return unit, end, None
    last = max(matches, key=lambda one: (_has_size(one["each"] or one["by"]), one.start()))
    name = last["by"] or last["each"]
    names = (name[:3], name[:2], name[:1]) if last["each"] else (name,)
    found = next((one for one in names if unit_of(one)), None)
    other = unit_of(found) if found else None
    if other is None or other.quantity in ("count", "people", "angle"):
        if unit.quantity in ("time", "length") or (not last["each"] and name not in "户头"):
            return unit, end, None
        place = clause + last.start("each" if last["each"] else "by")
        return Unit(f"{unit.quantity}/each", unit.size), end, (place, place + 1)
    if other.quantity == unit.quantity and unit.quantity != "time":
        return unit, end, None
    return Unit(f"{unit.quantity}/{other.quantity}", unit.size / other.size), end, None


def _has_size(name: str) -> bool:
    found = next((one for size in (3, 2, 1) if (one := unit_of(name[:size]))), None)
    return found is not None and found.quantity not in ("count", "people", "angle")


def _bounded(
    folded: str,
    low: float,
    high: float,
    unit: str,
    place: tuple[int, int],
    per: tuple[int, int] | None,
    language: str,
) -> Amount:
    """Return an amount with the bounds and the change that the words beside it tell."""
    start, end = place
    before, after = folded[max(0, start - _NEAR) : start], folded[end : end + _NEAR]
    at_least, at_most = AT_LEAST.search(before), AT_MOST.search(before)
    if at_least and at_most:  # "no more than" ends with "more than"
        longer = at_least.start() <= at_most.start()
        at_least, at_most = (at_least, None) if longer else (None, at_most)
    reach = bool(REACHES.search(before))
    change = change_of(folded, start, end, language)
    earlier = is_before(folded, start, end, language)
    bounded = low < high
    if at_least or (not at_most and MORE.match(after)):
        bounded = True
        if NOT.search(folded[max(0, start - 40) : start]) and not NOT_LESS.search(before):
            low = -math.inf
        else:
            high = math.inf
    elif at_most or reach or LESS.match(after):
        bounded, low = True, -math.inf
    return Amount(low, high, unit, start, end, bounded, change, earlier, reach and not at_most, per)


def satisfies(offered: Amount, asked: Amount) -> bool | None:
    """Tell whether an offered amount lies inside the asked one; None when it lies across."""
    if offered.unit != asked.unit:
        return None
    slack = 1e-9 * max(abs(asked.low) if math.isfinite(asked.low) else 0.0,
                       abs(asked.high) if math.isfinite(asked.high) else 0.0)  # fmt: skip
    if not asked.bounded:
        return True if offered.low <= asked.low + slack and asked.low - slack <= offered.high else None
    if asked.low - slack <= offered.low and offered.high <= asked.high + slack:
        return True
    return False if offered.high < asked.low - slack or offered.low > asked.high + slack else None


__all__ = ["FALL", "LEVEL", "RISE", "Amount", "amounts", "satisfies"]
