"""Each table of an office is read whole, or refused with a sentence that says what to change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from matchmaker.commands import sayings
from matchmaker.commands.entries import Entries
from matchmaker.commands.speech import Speech
from matchmaker.commands.tables import UnreadableFileError, read_entries
from matchmaker.engine import fold
from matchmaker.tables.finding import table_of
from matchmaker.tables.sheets import Sheet, Span
from tests.tables import office_tables
from tests.tables.office_tables import FORMS, LEVELS, NEEDS, PROVINCES, TITLES, VARIANTS

Build = Callable[[Path], Path]
OWN_IDS = [row[0] for row in NEEDS]
NUMBERS = ["1", "2", "3", "4"]
IDS = {
    "01 title, unit and totals": NUMBERS,
    "08b formulas never calculated": ["row-2", "row-3", "row-4", "row-5"],
    "09 merged downwards": ["1", "1-2", "2", "2-2"],
    "signs before ids": ["-1", "+1", "-2", "+2"],
    "no id column": ["row-2", "row-3", "row-4", "row-5"],
}
PLACED = {"09 merged downwards": ["63", "63", "54", "54"]}


def read(path: Path, kind: str = "need") -> Entries:
    return read_entries(path, kind, {}, Speech("en"))


@pytest.mark.parametrize("name", [*FORMS, *VARIANTS])
def test_it_is_read_whole(tmp_path: Path, name: str) -> None:
    found = read((FORMS | VARIANTS)[name](tmp_path))
    listings = [entry.listing for entry in found.listings]
    assert found.refused == []
    assert [fold(one.title) for one in listings] == TITLES
    assert [one.id for one in listings] == IDS.get(name, OWN_IDS)
    assert [one.province for one in listings] == PLACED.get(name, PROVINCES)
    assert [one.trl for one in listings] == LEVELS
    assert all(one.description for one in listings)
    assert all(entry.organisation and entry.contact for entry in found.listings)


def test_lost_digits_refuse_their_rows(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(office_tables.long_ids(tmp_path))
    assert caught.value.problems[0] == (
        "Row 2: “编号” holds a number that the spreadsheet has cut to 15 digits (9.16E+17)."
        " Format the column as text and type it again."
    )
    assert len(caught.value.problems) == 4


def test_stages_in_words_and_cities(tmp_path: Path) -> None:
    found = read(office_tables.capabilities_in_words(tmp_path), "capability")
    assert [entry.listing.trl for entry in found.listings] == [9, 6, 4, 9]
    assert [entry.listing.province for entry in found.listings] == ["32", "33", "11", "31"]


def test_of_two_lists_the_one_asked_for_is_read(tmp_path: Path) -> None:
    path = office_tables.several_sheets(tmp_path)
    assert [entry.listing.id for entry in read(path, "capability").listings] == [
        "C1",
        "C2",
        "C3",
        "C4",
    ]
    lines = sayings.account(read(path), Speech("en"))
    assert lines[0] == "04-sheets.xlsx, sheet “需求清单”: 4 rows read, headings in row 1"
    assert lines[2:] == [
        "  The sheet “填表说明” was skipped: it has no column of titles.",
        "  The sheet “字典” was skipped: it is hidden.",
        "  The sheet “成果清单” was skipped: it holds the other kind.",
        "  The sheet “行业代码表” was skipped: it looks like a list of values.",
    ]


def test_a_percentage_is_read_as_it_is_shown(tmp_path: Path) -> None:
    found = read(office_tables.formatted_numbers(tmp_path))
    assert found.listings[0].listing.must_haves == ("95%",)
    assert "Columns not used: 统一社会信用代码, 截止日期" in "\n".join(
        sayings.account(found, Speech("en"))
    )


def test_all_that_is_left_aside_is_told(tmp_path: Path) -> None:
    lines = sayings.account(read(FORMS["01 title, unit and totals"](tmp_path)), Speech("en"))
    assert lines == [
        "01-title.xlsx, sheet “Sheet1”: 4 rows read, headings in row 3",
        "  Columns read: 序号 → number, 需求名称 → title, 需求描述 → description,"
        " 所在省份 → province, 单位名称 → organisation, 联系人 → contact, 联系电话 → telephone,"
        " 技术成熟度 → readiness",
        "  Left out as totals, remarks or headings: rows 8, 9, 10.",
        "  Rows 4, 5, 6, 7: no ids; the row numbers of the table were used.",
    ]


def test_a_character_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    lines = sayings.account(read(VARIANTS["a bad byte"](tmp_path)), Speech("en"))
    assert "  1 character could not be read and is shown as �." in lines


def test_a_title_over_all_columns_is_no_group_of_headings() -> None:
    rows = [["技术需求征集表", "", ""], ["需求编号", "技术需求名称", "备注"], ["1", "盐湖提锂", ""]]
    sheet = Sheet("x", rows, [Span(0, 0, 0, 1)])
    table = table_of(sheet)
    assert table is not None
    assert [column.heading for column in table.columns] == rows[1]
