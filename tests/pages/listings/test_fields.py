"""Fields that understand amounts and lists as people type them."""

from __future__ import annotations

from datetime import date

import pytest
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
        ("level", "TRL6", 6),
        ("level", "6级", 6),
        ("level", "中试", 6),
        ("amount", "面议", None),
    ],
)
def test_values_as_people_write_them(field: str, text: str, value: object) -> None:
    form = Typed(MultiDict({field: text}))
    assert (form.validate(), form[field].data) == (True, value)
