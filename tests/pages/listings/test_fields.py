"""Fields that understand amounts and lists as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from matchmaker.pages.listings.fields import DayField, LevelField, YuanField, lines
from matchmaker.pages.listings.forms import DATE_FORMATS


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


def test_what_can_be_read_in_two_ways_is_asked_back(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        form = Typed(MultiDict({"amount": "1,5万"}))
        form.validate()
        assert "read in two ways" in form.amount.errors[0]


@pytest.mark.parametrize(
    ("text", "ends"), [("4-6", (4, 6)), ("6级", (6, None)), ("", (None, None))]
)
def test_both_ends_of_a_range_of_levels_are_read(text: str, ends: tuple[int | None, ...]) -> None:
    level = Typed(MultiDict({"level": text})).level
    assert (level.data, level.high) == ends
