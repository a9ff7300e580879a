"""Amounts in text as intervals in common units: ``不低于3 t/d``, ``below 0.5 %``, ``4–5 m``.

An amount is a level ("reaches 71 %") or a change against before ("falls by 60 %"). What a text
gives as the state before ("from 46 %", "against 12 % so far") is marked as such.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from .bounds import AT_LEAST, AT_MOST, LESS, MORE, NOT, NOT_LESS, REACHES
from .changes import FALL, LEVEL, RISE, change_of, is_before, moves
from .numerals import NUMERAL, SHARE, number, share
from .rates import counted, counted_by
from .units import UNIT, Unit, unit_of

_TIMES = {
    "万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "": 1.0, "million": 1e6, "millones de": 1e6,
    "millones": 1e6, "thousand": 1e3, "mil": 1e3, "hundred": 1e2, "billion": 1e9,
}  # fmt: skip
_SEPARATOR = (
    r"(?:-|~|—|\bto\b|\bhasta\b|\band\b(?! a half)|\ba\b|\by\b(?! medi[oa])|\bor\b|\bal\b"
    r"|至|到|、(?=[\d.、]+\s?[^\d、]))"
)
_CURRENCY = r"(?:CNY|RMB|¥|￥|EUR|€|US\$|USD|\$)"
_CURRENCIES = {"EUR": "money_eur", "€": "money_eur", "US$": "money_usd", "USD": "money_usd"}
_NEAR = 24
_APART = 16  # between the two ends of a change


Span = tuple[int, int]


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
    per: Span | None = None


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
        r"(?P<times>万|亿|千(?!克|米|瓦|伏|帕|赫|卡|焦)|百(?!分)"
        r"|(?:million|millones de|millones|thousand|mil|hundred)\b)?(?P<more2>[多余])?[\s-]?"
        r"(?:(?:operating|working|running|service|consecutive)\s(?=hours|days|months))?"
        rf"(?P<unit>{unit})?",
    )


_ONE_IN = re.compile(
    r"\s(?:in|out of|de cada|en cada)\s(?:\d|two|three|four|five|six|seven|eight|nine|ten)"
)
# The purity 4N5 is 99.995 %.
_NINES = re.compile(r"(?<![A-Za-z\d-])(?P<nines>[2-8])N(?P<last>\d)?(?![A-Za-z\d])")
# 两年半, "dos horas y media", "a year and a half"
_HALF_MORE = re.compile(
    r"半(?![年月天日径数])| and a half\b| y medi[oa]\b(?! [a-z]+o\b)", re.IGNORECASE
)
_BELOW_ZERO = re.compile(r"\s?(?:°C )?(?:below zero|bajo cero)", re.IGNORECASE)


def amounts(folded: str, language: str) -> list[Amount]:
    """Return the amounts in a text from ``folding.fold``, in common units, in order.

    Numbers without a unit have the unit "", shares in words ("two thirds") and purities in nines
    (4N) the unit "ratio".
    """
    reader = _Reader(folded, language)
    found = reader.found
    place = 0
    while match := _amount(language).search(folded, place):
        amount, place = reader.read(match)
        if amount is not None:
            found.append(amount)
    for match in _NINES.finditer(folded):
        value = 1.0 - (10.0 - float(match["last"] or 0)) / 10.0 ** (int(match["nines"]) + 1)
        found.append(Amount(value, value, "ratio", *match.span(), bounded=False))
    for match in SHARE[language].finditer(folded):
        start, end = match.span()
        over = [one for one in found if one.start < end and start < one.end]
        if not any(one.unit for one in over):
            found = [one for one in found if one not in over]
            found.append(reader.bounded(*share(match, language), "ratio", (start, end)))
    return sorted(found, key=lambda one: one.start)


class _Reader:
    """Read the amounts of one text."""

    def __init__(self, folded: str, language: str) -> None:
        self.folded = folded
        self.language = language
        self.found: list[Amount] = []

    def read(self, match: re.Match[str]) -> tuple[Amount | None, int]:
        """Return the amount of a match, and where to look for the next one."""
        unit, end, per = self.unit_of(match)
        if unit is None or _ONE_IN.match(self.folded, end):
            return None, max(match.end("first"), match.end("second"))
        sign = -1.0 if match["sign"] or "bajo cero" in (match["unit"] or "").lower() else 1.0
        if unit.quantity in ("temperature", "angle") and _BELOW_ZERO.match(self.folded, end):
            sign, unit = -1.0, Unit("temperature", 1.0)
        factor = unit.size * _TIMES[(match["times"] or "").lower()]
        low, high = (sign * one * factor for one in number(match["first"], self.language))
        half = _HALF_MORE.match(self.folded, end) if match["unit"] else None
        if half and unit.quantity == "time" and match["second"] is None:
            low, high, end = low + factor / 2, high + factor / 2, half.end()
        start = match.start("first")
        if match["money"] or match["sign"]:
            start = match.start("money" if match["money"] else "sign")
        if match["list"]:
            first = min(float(one) for one in match["list"].rstrip("、").split("、")) * factor
            listed = min(first, low), max(high, low)
            return Amount(*listed, unit.quantity, match.start("list"), end, per=per), end
        if match["second"] is None:
            return self.bounded(low, high, unit.quantity, (start, end), per), end
        return self._pair(match, unit, (low, sign, factor), (start, end), per)

    def _pair(
        self,
        match: re.Match[str],
        unit: Unit,
        first: tuple[float, float, float],
        place: Span,
        per: Span | None,
    ) -> tuple[Amount | None, int]:
        """Return a range, or where a change from one number to another arrives."""
        low, sign, factor = first
        start, end = place
        inherits = match["sign"] == "零下" or (sign < 0 and not match["sign"])
        second = number(match["second"], self.language)[-1] * factor
        last = -second if match["sign2"] or inherits else second
        if match["unit1"]:
            other, own = unit_of(match["unit1"]), unit_of(match["unit"] or "")
            if other is None or other.quantity != unit.quantity.split("/", maxsplit=1)[0]:
                return None, match.end("unit1")
            low *= other.size / own.size if own and not match["times"] else 1.0
        if moves(self.folded, start, end, low > last, self.language):
            to = (match.start("second"), end)
            self.found.append(_before(low, unit.quantity, (start, match.end("first"))))
            return self.bounded(last, last, unit.quantity, to, per), end
        if low > last and (match["first"][0].isalpha() or match["second"][0].isalpha()):
            return None, match.end("first")
        if low > last and not match["unit1"] and unit.quantity == "temperature":
            value, first_end = abs(low / factor), match.end("first")  # "COP of 1.8 at -25 °C"
            return self.bounded(value, value, "", (start, first_end)), first_end
        change = change_of(self.folded, start, end, self.language)
        before = is_before(self.folded, start, end, self.language)
        low, high = min(low, last), max(low, last)
        return Amount(low, high, unit.quantity, start, end, True, change, before, False, per), end

    def unit_of(self, match: re.Match[str]) -> tuple[Unit | None, int, Span | None]:
        """Return the unit of an amount, where the amount ends, and the word it is counted by."""
        text, end = match["unit"], match.end()
        if text is None:
            ends = (match.end(name) for name in ("times", "second", "first"))
            end = next(place for place in ends if place > 0)
        if match["money"]:
            unit = Unit(_CURRENCIES.get(match["money"].upper(), "money"), 1.0)
            end = len(self.folded[: end if text is None else match.start("unit")].rstrip(" -"))
        elif text is None:
            alone = _stands_alone(match, self.folded, self.language)
            return counted(self.folded, end, self.language) if alone else (None, end, None)
        else:
            known = _degrees(self.folded, match.start()) if text == "度" else unit_of(text)
            if known is None or _is_date(match, text, self.folded):
                return None, end, None
            unit = known
        return counted_by(unit, self.folded, match.start(), end, self.language)

    def bounded(
        self, low: float, high: float, unit: str, place: Span, per: Span | None = None
    ) -> Amount:
        """Return an amount with the bounds and the change that the words beside it tell."""
        start, end = place
        before, after = self.folded[max(0, start - _NEAR) : start], self.folded[end : end + _NEAR]
        at_least, at_most = AT_LEAST.search(before), AT_MOST.search(before)
        if at_least and at_most:  # "no more than" ends with "more than"
            longer = at_least.start() <= at_most.start()
            at_least, at_most = (at_least, None) if longer else (None, at_most)
        reach = bool(REACHES.search(before))
        bounded = True
        if at_least or (not at_most and MORE.match(after)):
            denied = bool(NOT.search(self.folded[max(0, start - 40) : start]))
            turned = denied and not NOT_LESS.search(before)
            low, high = (-math.inf, high) if turned else (low, math.inf)
        elif at_most or reach or LESS.match(after):
            low = -math.inf
        else:
            bounded = low < high
        change = change_of(self.folded, start, end, self.language)
        earlier = is_before(self.folded, start, end, self.language)
        farthest = reach and not at_most
        return Amount(low, high, unit, start, end, bounded, change, earlier, farthest, per)


def _before(value: float, unit: str, place: Span) -> Amount:
    return Amount(value, value, unit, *place, bounded=False, before=True)


def relative_changes(found: Sequence[Amount]) -> list[Amount]:
    """Return the changes of which a text gives both ends, as shares: 92 N to 48 N is 48 % less.

    A rise between two shares may also be meant in points, so that its interval has both.
    """
    changes = []
    for one, other in itertools.pairwise(found):
        near = 0 <= other.start - one.end <= _APART
        if not (near and one.before and not other.before and one.unit == other.unit and one.low):
            continue
        if not all(map(math.isfinite, (one.low, other.low, other.high))):
            continue
        ends = [(end - one.low) / one.low for end in (other.low, other.high)]
        if other.unit == "ratio" and other.low > one.low:
            ends += [end - one.low for end in (other.low, other.high)]
        change = FALL if max(ends) < 0 else RISE if min(ends) > 0 else LEVEL
        if change != LEVEL:
            sizes = [abs(end) for end in ends]
            low, high = min(sizes), max(sizes)
            changes.append(Amount(low, high, "ratio", other.start, other.end, low < high, change))
    return changes


def _stands_alone(match: re.Match[str], folded: str, language: str) -> bool:
    """Tell whether a bare number is one: no year, no enumerator, no part of a name."""
    after = folded[match.end("second" if match["second"] else "first") :][:1]
    before = folded[match.start() - 1 : match.start()]
    first = match["first"]
    if not first[0].isdigit():
        bound = folded[max(0, match.start() - _NEAR) : match.start()]
        return language != "zh" and (
            first.lower() not in ("a", "an", "un", "una", "one", "uno", "media", "medio")
            or bool(AT_LEAST.search(bound) or AT_MOST.search(bound))
        )
    if (before == "(" and after == ")") or (after.isascii() and after.isalpha()) or after == "-":
        return False
    return not (len(first) == 4 and first[:2] in ("19", "20"))


def _is_date(match: re.Match[str], unit: str, folded: str) -> bool:
    first = match["second"] or match["first"]
    if folded[match.start() - 1 : match.start()] in ("月", "第"):
        return True
    if unit in ("年", "月", "日") and not match["times"] and "个半" not in match["first"]:
        return (len(first) == 4 and first[:2] in ("19", "20")) or unit == "月"
    return False


def _degrees(folded: str, start: int) -> Unit:
    """Return what 度 stands for: a kilowatt hour, a degree of heat, of alcohol or of an angle."""
    before = folded[max(0, start - 12) : start]
    if "零下" in folded[max(0, start - 2) : start + 2]:
        return Unit("temperature", 1.0)
    if "电" in before or "耗" in before:
        return Unit("energy", 1e3)
    if "温" in before or "气" in before:
        return Unit("temperature", 1.0)
    return Unit("ratio", 0.01) if "酒" in before else Unit("angle", 1.0)


def satisfies(offered: Amount, asked: Amount) -> bool | None:
    """Tell whether an offered amount lies inside the asked one; None when it lies across."""
    if offered.unit != asked.unit:
        return None
    finite = [abs(one) for one in (asked.low, asked.high) if math.isfinite(one)]
    slack = 1e-9 * max(finite, default=0.0)
    low, high = asked.low - slack, asked.high + slack
    if not asked.bounded:
        return True if offered.low <= high and low <= offered.high else None
    if low <= offered.low and offered.high <= high:
        return True
    return False if offered.high < low or offered.low > high else None
