"""Fields that understand amounts and lists as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from matchmaker.pages.listings.fields import (
    DayField,
    LevelField,
    YuanField,
    last_of_month,
    lines,
    yuan,
    yuan_range,
)
from matchmaker.pages.listings.forms import DATE_FORMATS


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
        ("约120万", 1_200_000),
        ("120万元左右", 1_200_000),
        ("1.200.000 yuanes", 1_200_000),
        ("人民币80万元", 800_000),
        ("1,200万", 12_000_000),
        ("0", 0),
    ],
)
def test_an_amount_is_understood(text: str, amount: int) -> None:
    assert yuan(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "much",
        "-5",
        "1e6",
        "12.345万万",
        "1.5",
        "万",
        "1,2,3.4",
        "1,5万",
        "80-150万",
        "$100",
        "9" * 40 + "x",
    ],
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


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027年12月", "2027-12-31"),
        ("2028.2", "2028-02-29"),
        ("2027-13", None),
        ("2027.12.31", None),
        ("soon", None),
    ],
)
def test_a_month_ends_on_its_last_day(text: str, day: str | None) -> None:
    assert last_of_month(text) == day


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("80-150万", (800_000, 1_500_000)),
        ("80万～150万元", (800_000, 1_500_000)),
        ("约80至150万元", (800_000, 1_500_000)),
        ("800,000 to 1,500,000 yuan", (800_000, 1_500_000)),
        ("120万", (1_200_000, 1_200_000)),
    ],
)
def test_a_range_keeps_both_ends(text: str, ends: tuple[int, int]) -> None:
    assert yuan_range(text) == ends


@pytest.mark.parametrize("text", ["150-80万", "-5", "1-2-3万"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        yuan_range(text)


class Typed(Form):
    day = DayField("Day", format=DATE_FORMATS)
    level = LevelField("Level")
    amount = YuanField("Amount")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("day", "2027.12.31", date(2027, 12, 31)),
        ("day", "20271231", date(2027, 12, 31)),
        ("day", "2027年12月", date(2027, 12, 31)),
        ("day", "２０２７年１２月", date(2027, 12, 31)),
        ("day", "2027年底", date(2027, 12, 31)),
        ("day", "长期有效", None),
        ("level", "TRL6", 6),
        ("level", "6级", 6),
        ("level", "中试", 6),
        ("amount", "面议", None),
    ],
)
def test_values_as_people_write_them(field: str, text: str, value: object) -> None:
    form = Typed(MultiDict({field: text}))
    assert (form.validate(), form[field].data) == (True, value)


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("amount", "1,5万", "read in two ways"), ("level", "4-6", "names several levels")],
)
def test_what_can_be_read_in_two_ways_is_asked_back(
    app: Flask, field: str, text: str, said: str
) -> None:
    with app.test_request_context():
        form = Typed(MultiDict({field: text}))
        form.validate()
        assert said in form[field].errors[0]
