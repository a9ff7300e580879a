"""Values as people write them in tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from matchmaker.tables import values
from matchmaker.tables.sheets import CellFault, Fault, text_of
from tests.tables.office_tables import PLACES


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *PLACES.items(),
        ("Qinghai", "63"),
        ("青海", "63"),
        ("Mongolia Interior", "15"),
        ("Inner Mongolia", "15"),
        ("内蒙古自治区", "15"),
        ("Tíbet", "54"),
        ("Xizang", "54"),
        ("54", "54"),
        ("630100", "63"),
        ("Provincia de Gansu", "62"),
        ("Yinchuan, Ningxia", "64"),
        ("昆明市", "53"),
        ("Pekín", "11"),
        ("BEIJING", "11"),
        ("無", None),
        ("-", None),
        ("", None),
    ],
)
def test_places(name: str, code: str | None) -> None:
    assert values.province(name).value == code


def test_of_several_provinces_the_first_is_taken_and_told() -> None:
    assert values.province("广西、云南") == ("45", True)
    assert values.province("内蒙古鄂尔多斯市") == ("15", False)


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("6", 6),
        ("6.0", 6),
        ("TRL6", 6),
        ("TRL 6", 6),
        ("TRL-6", 6),
        ("6级", 6),
        ("第六级", 6),
        ("技术就绪度6级", 6),
        ("4-6", 4),
        ("TRL4～TRL6", 4),
        ("5至7级", 5),
        ("中试", 6),
        ("中试阶段", 6),
        ("产业化", 9),
        ("已產業化", 9),
        ("小试、中试", 4),
        ("planta piloto", 6),
        ("无", None),
        ("/", None),
        ("", None),
    ],
)
def test_levels(cell: str, level: int | None) -> None:
    assert values.level(cell).value == level


@pytest.mark.parametrize(
    ("cell", "goal"),
    [
        ("talent", "talent"),
        ("Technology transfer", "technology_transfer"),
        ("成果转化", "technology_transfer"),
        ("技术攻关", "technology_transfer"),
        ("人才引进", "talent"),
        ("成果转化、人才引进", "both"),
        ("人才+技术", "both"),
        ("", None),
    ],
)
def test_goals(cell: str, goal: str | None) -> None:
    assert values.goal(cell, {}) == goal


@pytest.mark.parametrize(
    ("cell", "language"),
    [("汉", "zh"), ("中文", "zh"), ("zh-CN", "zh"), ("Español", "es"), ("EN", "en"), ("", None)],
)
def test_languages(cell: str, language: str | None) -> None:
    assert values.language(cell) == language


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("联合研发", "joint_research"),
        ("技术转让", "results_transfer"),
        ("training", "training"),
        ("面谈", None),
    ],
)
def test_ways_to_cooperate(cell: str, code: str | None) -> None:
    assert values.mode(cell, {}) == code


@pytest.mark.parametrize(
    ("read", "cell", "fault"),
    [
        (values.province, "Atlantis", Fault.PROVINCE),
        (values.level, "12", Fault.LEVEL),
        (values.level, "很成熟的样子", Fault.LEVEL),
        (lambda cell: values.goal(cell, {}), "fame", Fault.GOAL),
        (values.language, "fr", Fault.LANGUAGE),
        (text_of, 9.16401234567890e17, Fault.DIGITS_LOST),
    ],
)
def test_what_cannot_be_read_is_a_fault(
    read: Callable[[object], object], cell: object, fault: Fault
) -> None:
    with pytest.raises(CellFault) as caught:
        read(cell)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        ("0001", "0001"),
        (" \u200b盐 ", "盐"),
        (datetime(2026, 12, 1), "2026-12-01"),
        (date(2026, 12, 1), "2026-12-01"),
        (["a", None, 3], "a; 3"),
    ],
)
def test_texts_of_cells(cell: object, text: str) -> None:
    assert text_of(cell) == text
