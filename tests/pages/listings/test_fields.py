"""Fields that understand amounts and lists as people type them."""

from __future__ import annotations

import pytest

from matchmaker.pages.listings.fields import lines, yuan


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200000", 1_200_000),
        ("1,200,000", 1_200_000),
        ("1.200.000", 1_200_000),
        ("1 200 000", 1_200_000),
        ("120万", 1_200_000),
        ("120万元", 1_200_000),
        ("1.2 亿", 120_000_000),
        ("12.5万", 125_000),
        ("¥ 1,200,000", 1_200_000),
        ("￥８０万", 800_000),
        ("500 yuan", 500),
        ("0", 0),
    ],
)
def test_an_amount_is_understood(text: str, amount: int) -> None:
    assert yuan(text) == amount


@pytest.mark.parametrize(
    "text", ["", "much", "-5", "1e6", "12.345万万", "1.5", "万", "1,2,3.4", "$100", "9" * 40 + "x"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        yuan(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("one\r\n\r\n  two  ", ("one", "two")),
        (
            "- one\n* two\n• three\n1. four\n2、five\n3) six",
            ("one", "two", "three", "four", "five", "six"),
        ),
        ("1.5 mm of rain\n-20 °C\n3、pH", ("1.5 mm of rain", "-20 °C", "pH")),
        ("same\nsame", ("same",)),
    ],
)
def test_lines_lose_bullets_and_blanks(text: str, expected: tuple[str, ...]) -> None:
    assert lines(text) == expected
