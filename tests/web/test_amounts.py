"""Amounts as people of three languages write them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from matchmaker.web.amounts import read

UNITS = {"": Fraction(1), "ha": Fraction(1), "亩": Fraction(1, 15)}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,200,000", 1_200_000),
        ("1.200.000", 1_200_000),
        ("1'200'000", 1_200_000),
        ("12.5 ha", Fraction(25, 2)),
        ("12,5 ha", Fraction(25, 2)),
        ("1.234,5", Fraction(2469, 2)),
        ("1,5万", 15_000),
        ("1.2万亩", 800),
        ("３００亩", 20),
        ("0.2 HA", Fraction(1, 5)),
    ],
)
def test_an_amount_is_understood(text: str, amount: Fraction | int) -> None:
    assert read(text, UNITS) == amount


@pytest.mark.parametrize(
    "text",
    ["", "ha", "12 t", "1,2,3.4", "1..5", "12 ha 3", "-5", "1e6", "∞", "½", "9" * 50, "12万亿"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read(text, UNITS)
