"""Amounts as people write them: 1,200,000, 1.200.000, 120万, 12,5 ha."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

LONGEST = 40
_PLAIN = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
_AMOUNT = re.compile(r"^(?P<number>[\d.,' ]*\d)\s*(?P<myriads>万|亿|)\s*(?P<unit>\D*)$")
_GROUPED = re.compile(r"^\d{1,3}([.,' ]\d{3})+$")
_DECIMAL_POINT = re.compile(r"^(\d+|\d{1,3}([,' ]\d{3})+)(\.\d+)?$")
_DECIMAL_COMMA = re.compile(r"^(\d+|\d{1,3}([.' ]\d{3})+),\d{1,2}$")
_MYRIADS = {"": 1, "万": 10_000, "亿": 100_000_000}


def read(text: str, units: Mapping[str, Fraction]) -> Fraction:
    """Return what an amount comes to. `units` says what one of each unit is worth.

    The unit "" is the one of an amount without a unit. Raises ValueError for any other text.

    >>> read("1.2万亩", {"": Fraction(10_000), "亩": Fraction(2000, 3)})
    Fraction(8000000, 1)
    """
    plain = re.sub("[¥￥]", "", text.translate(_PLAIN)).strip().lower()
    match = _AMOUNT.match(plain)
    if match is None or len(plain) > LONGEST or match["unit"].strip() not in units:
        raise ValueError(text)
    number = _digits(match["number"].strip(), is_whole=not match["myriads"])
    return number * _MYRIADS[match["myriads"]] * units[match["unit"].strip()]


def _digits(text: str, *, is_whole: bool) -> Fraction:
    """Return the number. 1.200 is twelve hundred where whole numbers are usual, not in 1.200万."""
    if is_whole and _GROUPED.match(text):
        return Fraction(re.sub("[.,' ]", "", text))
    if _DECIMAL_POINT.match(text):
        return Fraction(re.sub("[,' ]", "", text))
    if _DECIMAL_COMMA.match(text):
        return Fraction(re.sub("[.' ]", "", text).replace(",", "."))
    raise ValueError(text)
