"""Values of listings as people write them in forms and tables: amounts of money, and days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from fractions import Fraction

from matchmaker.web import amounts

MOST_YUAN = 2_000_000_000
YEARS_AHEAD = 5  # that a deadline may lie ahead
LONGEST_LINE = 300  # characters of one requirement
LONGEST = {
    "title": 160,
    "summary": 600,
    "description": 20_000,
    "evidence": 4000,
    "deployments": 4000,
}
# What people write around an amount or instead of it.
_ABOUT = re.compile(r"^(?:(?:大约|约|近|about|approx\.?|unos|人民币|cny|rmb)\s*)+|\s*左右$", re.I)
_NOT_SAID = frozenset(("面议", "面談", "面谈", "待定", "negotiable", "a convenir"))
_MONTH = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?(?:底|末)?$")
_DAY = re.compile(
    r"^(\d{4})\s*(?:[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?|(\d{2})(\d{2}))"
    r"(?:[T\s]+00:00(?::00)?)?$"
)
_TWO_READINGS = re.compile(r"\d,\d{1,2}\s*[万亿]")
_YUAN = dict.fromkeys(("", "元", "yuan", "yuanes", "rmb", "cny"), Fraction(1))
_WIDE = str.maketrans("０１２３４５６７８９，．～－—–", "0123456789,.~---")
_RANGE = re.compile(
    r"^(.*?\d[\d.,]*\s*(?:万|亿)?\s*(?:元)?)\s*(?:[-~至到]|\ba\b|\bto\b)\s*(\D{0,3}\d.*)$"
)
_UNIT = re.compile(r"(?:万|亿)?\s*(?:元|yuan(?:es)?|rmb|cny)?\s*$", re.I)
_UP_TO = re.compile(r"^(?:不超过|不高于|最高|至多|up to|hasta)\s*|\s*(?:以内|以下|之内)$", re.I)
_FROM = re.compile(r"^(?:不低于|不少于|至少|最低|from|desde)\s*|\s*(?:以上|起)$", re.I)
_SMALLEST = 1000  # yuan: a smaller amount without a unit was meant in 万元
_IN_HEADING = ((re.compile(r"万"), "万"), (re.compile(r"亿"), "亿"), (re.compile(r"元"), "元"))


def yuan(text: str) -> int:
    """Read an amount in yuan: 1,200,000, 1.200.000, ¥120万, 约120万元 or 120万左右.

    Raises ValueError for any other text, 1,5万 too: it may be meant as 1.5 or as 15.
    """
    plain = _ABOUT.sub("", text.strip())
    if has_two_readings(plain):
        raise ValueError(text)
    amount = amounts.read(plain, _YUAN)
    if amount.denominator != 1:
        raise ValueError(text)
    return int(amount)


def has_two_readings(text: str) -> bool:
    """Tell whether an amount may be meant in two ways, as 1,5万 is: 1.5 or 15."""
    return _TWO_READINGS.search(text.replace("，", ",")) is not None


def says_no_amount(text: str) -> bool:
    """Tell whether a text says that an amount is still open."""
    return text.strip().lower() in _NOT_SAID


def unit_of(heading: str) -> str:
    """Return the unit of amounts that a heading names: 万, 亿, 元, or nothing.

    >>> unit_of("预算（万元）")
    '万'
    """
    return next((unit for named, unit in _IN_HEADING if named.search(heading)), "")


def budget(text: str, unit: str = "") -> tuple[int | None, int | None]:
    """Read the least and the most of a budget, in yuan: 80-150万, 约120万, 不超过50万元, 面议.

    An amount without a unit is in that of its column's heading. Raises ValueError for any other
    text, and for an amount so small that its unit must have been left out.

    >>> budget("80-150万")
    (800000, 1500000)
    """
    plain = _ABOUT.sub("", text.translate(_WIDE).strip())
    if says_no_amount(plain):
        return None, None
    ends = _RANGE.match(plain)
    if ends:
        first, last = (_UNIT.search(end)[0].strip() for end in ends.groups())  # type: ignore[index]
        low, high = _amount(ends[1], last or unit), _amount(ends[2], first or unit)
        if low > high:
            raise ValueError(text)
        return low, high
    if _UP_TO.search(plain):
        return None, _amount(_UP_TO.sub("", plain), unit)
    if _FROM.search(plain):
        return _amount(_FROM.sub("", plain), unit), None
    amount = _amount(plain, unit)
    return amount, amount


def _amount(text: str, unit: str) -> int:
    plain = text.strip()
    has_unit = re.search(r"[万亿元¥￥a-z]", plain, re.I) is not None
    amount = yuan(plain if has_unit else f"{plain}{unit}")
    if 0 < amount < _SMALLEST and not has_unit and not unit:
        raise ValueError(text)
    return amount


def level_text(low: int, high: int | None) -> str:
    """Return a level of readiness, or a range of levels, as it is typed.

    >>> level_text(4, 6)
    '4–6'
    """
    return f"{low}–{high}" if high else str(low)


def last_of_month(text: str) -> str | None:
    """Return the last day of a month such as 2027年12月 or 2027.12, as 2027-12-31."""
    match = _MONTH.match(re.sub(r"年\s*(?:年?底|末)$", "年12月", text))
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    year, month = int(match[1]), int(match[2])
    return f"{year}-{month:02}-{monthrange(year, month)[1]}" if year else None


def day(text: str) -> date:
    """Read a day: 2027-12-31, 2027.12.31, 20271231, 2027年12月31日, or a month's last day.

    Raises ValueError for any other text.
    """
    plain = last_of_month(text.strip()) or text.strip()
    found = _DAY.match(plain)
    if found is None:
        raise ValueError(text)
    year, *rest = (int(part) for part in found.groups() if part)
    return date(year, *rest)
