"""The resource of a row, and the fields that one resource alone has."""

from __future__ import annotations

from typing import Any

import pytest

from matchmaker.db import today
from matchmaker.imports.resources import DETAILS, settled
from matchmaker.imports.rows import ReadRow, RowReader
from matchmaker.listings import resources
from matchmaker.tables import reading
from matchmaker.tables.headings import Field, recognised
from tests.imports.conftest import Bring, as_csv, drafts, faults, statuses
from tests.listings.conftest import loaded


def row_of(headings: tuple[str, ...], cells: tuple[str, ...]) -> ReadRow:
    """The first row of a table with these cells beside a title."""
    data = as_csv([("盐湖所", "某技术", *cells)], ("完成单位", "成果名称", *headings))
    table = reading.read("t.csv", data, "capability").tables[0]
    return RowReader("capability", {}, today()).read(table, table.rows[0])


def test_every_field_of_a_resource_has_a_column() -> None:
    assert [one.code for one in DETAILS.values()] == [one.code for one in resources.all_details()]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("资源类型", Field.RESOURCE),
        ("供给类别", Field.RESOURCE),
        ("What it is", Field.RESOURCE),
        ("Qué es", Field.RESOURCE),
        ("人才：层次", Field.LEVEL),
        ("Park: Area (10,000 m²)", Field.LAND),
        ("园区面积（亩）", Field.LAND),
        ("仪器设备：主要技术指标", Field.SPECIFICATION),
        ("主要技术指标", Field.REQUIREMENTS),
        ("检测资质", Field.STANDARD),
        ("details.species", Field.SPECIES),
        ("成果类别", None),
        ("价格", None),
    ],
)
def test_headings(heading: str, field: Field | None) -> None:
    assert recognised("", heading) is field


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("人才", "people"),
        ("专家团队", None),
        ("Parque", "park"),
        ("大型科研仪器", "instrument"),
        ("germplasm", "germplasm"),
        ("检验检测", "service"),
        ("技术成果", "technology"),
        ("无", None),
    ],
)
def test_what_a_row_is(word: str, code: str | None) -> None:
    assert row_of(("资源类型",), (word,)).values.get("resource") == code


@pytest.mark.parametrize(
    ("said", "filled", "expected"),
    [
        (None, set(), None),
        (None, {"park"}, "park"),
        (None, {"park", "people"}, None),
        ("people", {"park"}, "people"),
        ("technology", {"park"}, "technology"),
    ],
)
def test_which_resource_a_row_is_of(
    said: str | None, filled: set[str], expected: str | None
) -> None:
    assert settled(said, filled) == expected


@pytest.mark.parametrize(
    ("heading", "cell", "field", "value"),
    [
        ("人才：层次", "教授", "level", "senior"),
        ("人才：层次", "Leading expert", "level", "leading"),
        ("到岗方式", "远程", "presence", "remote"),
        ("人才：学科或专业", " 有机  化学 ", "discipline", "有机 化学"),
        ("产业方向", "新能源；新材料", "industries", ["新能源", "新材料"]),
        ("物种", "1. 青稞\n2. 藜麦", "species", ["青稞", "藜麦"]),
        ("可用面积（万平方米）", "12.5", "land", "12.5"),
        ("可用面积（亩）", "300", "land", "20"),
        ("可用面积（亩）", "3公顷", "land", "3"),
        ("可用面积", "50,000平方米", "land", "5"),
        ("园区面积", "约1,200亩", "land", "80"),
        ("检测周期", "2周", "turnaround", "14"),
        ("每月机时", "80小时", "hours", "80"),
        ("资源份数", "1200份", "accessions", "1200"),
    ],
)
def test_values_as_people_write_them(heading: str, cell: str, field: str, value: Any) -> None:
    row = row_of((heading,), (cell,))
    assert row.values[f"details.{field}"] == value
    assert row.faults == []


@pytest.mark.parametrize(
    ("heading", "cell", "fault"),
    [
        ("可用面积", "很大", "measure"),
        ("可用面积", "3里", "measure"),
        ("检测周期", "5个工作日", "measure"),
        ("每月机时", "12.345", "measure"),
        ("收费标准", "元" * 201, "too_long"),
        ("产业方向", "业" * 121, "long_line"),
        ("产业方向", "；".join(f"业{n}" for n in range(21)), "too_many"),
    ],
)
def test_a_cell_that_does_not_fit_refuses_its_row(heading: str, cell: str, fault: str) -> None:
    [problem] = row_of((heading,), (cell,)).faults
    assert (problem.code, problem.column) == (fault, heading)


@pytest.mark.parametrize(
    ("headings", "cells", "remarks", "kept"),
    [
        (("资源类型", "产业方向"), ("园区", "新能源"), [], {"resource", "details.industries"}),
        (
            ("产业方向",),
            ("新能源",),
            [("details.industries", "resource_told", "park")],
            {"resource", "details.industries"},
        ),
        (
            ("资源类型", "产业方向"),
            ("人才", "新能源"),
            [("details.industries", "other_resource", "park")],
            {"resource"},
        ),
        (
            ("产业方向", "物种"),
            ("新能源", "青稞"),
            [
                ("details.industries", "other_resource", "park"),
                ("details.species", "other_resource", "germplasm"),
            ],
            set(),
        ),
        (("资源类型",), ("基地",), [("resource", "unknown_word", None)], set()),
        (("人才：层次",), ("很高",), [("details.level", "unknown_word", None)], set()),
        (("人才：层次",), ("无",), [], set()),
    ],
)
def test_what_of_a_row_is_not_used_is_told(
    headings: tuple[str, ...],
    cells: tuple[str, ...],
    remarks: list[tuple[str, str, str | None]],
    kept: set[str],
) -> None:
    row = row_of(headings, cells)
    assert [(one.field, one.code, one.data.get("resource")) for one in row.remarks] == remarks
    assert set(row.values) - {"title"} == kept


PARK = ("编号", "成果名称", "资源类型", "产业方向", "可用面积（亩）")


def test_a_row_makes_a_draft_of_its_resource_and_changes_it_later(bring: Bring) -> None:
    rows = [("1", "盐湖产业园", "园区", "新能源", "300")]
    assert statuses(bring(rows, PARK)) == ["created"]
    made = loaded(drafts()[0])
    assert (made.resource, made.details) == ("park", {"industries": ["新能源"], "land": "20"})
    assert statuses(bring(rows, PARK)) == ["same"]
    more = [("1", "盐湖产业园", "园区", "新能源；新材料", "")]
    assert statuses(bring(more, PARK)) == ["updated"]
    expected = {"industries": ["新能源", "新材料"], "land": "20"}
    assert loaded(drafts()[0]).details == expected


def test_a_field_that_was_changed_here_is_not_overwritten(bring: Bring) -> None:
    bring([("1", "盐湖产业园", "园区", "新能源", "300")], PARK)
    made = loaded(drafts()[0])
    made.details = {**made.details, "industries": ["盐化工"]}
    held = bring([("1", "盐湖产业园", "园区", "新材料", "300")], PARK)
    assert faults(held) == [["edited_here"]]
    held = bring([("1", "盐湖产业园", "园区", "新能源", "450")], PARK)
    assert statuses(held) == ["updated"]
    assert loaded(drafts()[0]).details == {"industries": ["盐化工"], "land": "30"}
