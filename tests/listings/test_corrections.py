"""What goes before readers without a review, as a truth table in three languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matchmaker.listings.corrections import is_slip, is_small
from matchmaker.listings.rules import Content

SLIPS = [
    ("en", "An adsorbant for brine", "An adsorbent for brine"),
    ("en", "The adsorbent crumbels in use", "The adsorbent crumbles in use"),
    ("en", "lithium from old brine", "Lithium from old brine"),
    ("en", "It crumbles , and then stops", "It crumbles, and then stops."),
    ("en", "Teh pump stands at 3200 m", "The pump stands at 3200 m"),
    ("es", "Un adsorvente para salmuera", "Un adsorbente para salmuera"),
    ("es", "La tecnologia de riego", "La tecnología de riego"),
    ("zh", "吸付剂在卤水中破碎", "吸附剂在卤水中破碎"),
    ("zh", "设备需要从新设计", "设备需要重新设计"),
    ("zh", "吸附剂破碎,寿命短。", "吸附剂破碎，寿命短。"),
]
MORE_THAN_SLIPS = [
    ("en", "Yield of 90 % or so", "Yield of 95 % or so"),
    ("en", "Flow of 5 mg per litre", "Flow of 5 kg per litre"),
    ("en", "Yield >= 90 %", "Yield <= 90 %"),
    ("en", "It is now sold abroad", "It is not sold abroad"),
    ("en", "It does not crumble", "It does crumble"),
    ("en", "It can't be used", "It can be used"),
    ("en", "At most five people", "At most nine people"),
    ("en", "At least two people", "At most two people"),
    ("en", "Extracting lithium from brine", "Extracting sodium from brine"),
    ("en", "We look for a partner", "We look for a new partner"),
    ("en", "Old words", "Quite other ones"),
    ("en", "Something", ""),
    ("es", "No se desmorona", "Se desmorona"),
    ("es", "Sin licencia", "Con licencia"),
    ("es", "Rendimiento del 90 %", "Rendimiento del 9 %"),
    ("es", "Como mínimo tres meses", "Como máximo tres meses"),
    ("zh", "收率不低于90%", "收率低于90%"),
    ("zh", "可以出口", "不可出口"),
    ("zh", "预算三万元", "预算五万元"),
    ("zh", "预算三万元", "预算三亿元"),
    ("zh", "处理量大于十吨", "处理量小于十吨"),
    ("zh", "盐湖提锂技术", "盐湖提钠技术"),
    ("zh", "现有工艺流程", "现有工艺流程图示说明"),
]


@pytest.mark.parametrize(("language", "before", "after"), SLIPS)
def test_a_slip_of_the_pen_is_small(language: str, before: str, after: str) -> None:
    assert is_slip(before, after, language)


@pytest.mark.parametrize(("language", "before", "after"), MORE_THAN_SLIPS)
def test_what_changes_a_promise_is_never_small(language: str, before: str, after: str) -> None:
    assert not is_slip(before, after, language)


TEXT = Content(
    title="An adsorbant for brine", language="en", deadline=date(2027, 1, 31), must_haves=("a",)
)
MENDED = replace(TEXT, title="An adsorbent for brine")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (TEXT, False),  # nothing has changed
        (MENDED, True),
        (replace(TEXT, deadline=date(2027, 3, 31)), True),
        (replace(MENDED, deadline=date(2027, 3, 31)), True),
        (replace(TEXT, deadline=date(2027, 1, 1)), False),
        (replace(TEXT, deadline=None), False),
        (replace(TEXT, must_haves=("b",)), False),
        (replace(MENDED, trl=6), False),
        (replace(TEXT, annex="a"), False),
        (replace(TEXT, language="es"), False),
    ],
)
def test_only_slips_and_a_later_deadline_need_no_review(sent: Content, expected: bool) -> None:
    assert is_small(TEXT, TEXT, sent) is expected


def test_small_changes_do_not_add_up_to_a_large_one() -> None:
    approved = Content(title="A pump for hot water", language="en")
    present = replace(approved, title="A pumpe for hot watre")
    assert is_small(approved, present, replace(approved, title="A pumpe for hot wter"))
    assert not is_small(approved, present, replace(approved, title="An pumpe fro hod watreses"))
