"""Bringing a table: the file is read, its columns are said, rows become drafts or come back."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.imports.models import Import
from matchmaker.listings.models import Listing
from matchmaker.tables import reading
from tests.client import Page, PageClient
from tests.imports.conftest import HEADINGS, ROWS, as_csv
from tests.pages.imports.conftest import Send, version_on
from tests.tables import office_tables
from tests.tables.test_limits import declaring, with_sheet

BAD = ("003", "", "=2+3", "很高", "看情况", "某厂")


def go_on(home: PageClient, path: str, step: str, **fields: str) -> Page:
    """Take a step from the page that shows how far a table has come; return the next page."""
    shown = home.get(path, follow_redirects=True)
    response = home.submit(f"{path}/{step}", {"version": version_on(shown), **fields})
    assert response.status_code == 303
    return home.page(path)


def as_understood(held: Import) -> dict[str, str]:
    return {
        f"column-{place}-{at}": name
        for place, sheet in enumerate(held.sheets)
        for at, _, name, _ in sheet["columns"]
        if name
    }


def test_the_whole_way(home: PageClient, send: Send, session: Session) -> None:
    path = send(as_csv([*ROWS, BAD])).location.removesuffix("/columns")
    held = session.scalars(select(Import)).one()
    page = home.page(f"{path}/columns")
    assert "Not used: 需求单位" in page.text
    assert "盐湖提锂" in page.text
    page = go_on(home, path, "columns", **as_understood(held))
    assert "2 rows for new drafts" in page.text
    assert "There is no title. Fill in the column “技术需求名称”." in page.text
    assert "“看情况” is not an amount." in page.text
    page = go_on(home, path, "run")
    assert "2 new drafts" in page.text
    assert [one.title for one in session.scalars(select(Listing))] == ["盐湖提锂", "番茄水肥一体化"]
    page = go_on(home, path, "undo")
    assert "2 drafts withdrawn" in page.text
    assert session.scalars(select(Listing)).all() == []
    assert "2 drafts withdrawn" in home.page("/our/imports").text


def test_bad_rows_come_back_as_they_were_with_their_reasons(
    home: PageClient, send: Send, session: Session
) -> None:
    path = send(as_csv([*ROWS, BAD])).location.removesuffix("/columns")
    go_on(home, path, "columns", **as_understood(session.scalars(select(Import)).one()))
    data = home.get(f"{path}/refused.xlsx").data
    head, row = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    assert list(head) == ["Reasons sent back", *HEADINGS]
    assert [cell or "" for cell in row[1:]] == list(BAD)
    assert "“很高”, which is not a level of readiness" in row[0]
    again = reading.read("refused.xlsx", data, "need").tables[0]
    assert [one.field for one in again.columns][:3] == [None, "id", "title"]


def test_the_reasons_are_in_the_readers_language(
    home: PageClient, send: Send, session: Session
) -> None:
    home.speak("zh")
    path = send(as_csv([BAD])).location.removesuffix("/columns")
    page = go_on(home, path, "columns", **as_understood(session.scalars(select(Import)).one()))
    assert "很高" in page.text
    assert "not a level" not in page.text


def test_a_column_may_hold_something_else(home: PageClient, send: Send, session: Session) -> None:
    path = send().location.removesuffix("/columns")
    said = as_understood(session.scalars(select(Import)).one())
    go_on(home, path, "columns", **{**said, "column-0-2": "summary"})
    go_on(home, path, "run")
    first = session.scalars(select(Listing)).first()
    assert first is not None
    assert (first.summary, first.description) == ("收率低", "")


def test_without_a_column_of_titles_nothing_is_checked(
    home: PageClient, send: Send, session: Session
) -> None:
    path = send().location.removesuffix("/columns")
    version = version_on(home.get(f"{path}/columns"))
    response = home.submit(f"{path}/columns", {"version": version, "column-0-1": "summary"})
    assert response.status_code == 422
    assert "Say for each sheet which column holds the titles." in Page(response.text).text
    assert 'value="summary" selected' in response.text


def test_a_long_table_is_left_to_the_worker(home: PageClient, send: Send, session: Session) -> None:
    rows = [(f"{n}", f"需求{n}", "描述", "6", "", "某厂") for n in range(251)]
    path = send(as_csv(rows)).location.removesuffix("/columns")
    page = go_on(home, path, "columns", **as_understood(session.scalars(select(Import)).one()))
    assert "250 of 251 rows" in page.text


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("x.csv", b"", "The file is empty."),
        ("x.docx", b"PK\x03\x04", "This is not a workbook, or it is damaged."),
        ("x.csv", "甲,乙\n1,2".encode(), "No column of titles was recognised"),
        ("x.csv", as_csv([("示例 · example · ejemplo", "例", "", "", "", "")]), "no rows under"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    send: Send, name: str, data: bytes, says: str
) -> None:
    response = send(data, name)
    assert response.status_code == 422
    assert says in Page(response.text).text


def test_no_file_is_no_fault_of_the_server(home: PageClient) -> None:
    response = home.submit("/our/imports", {"kind": "need"})
    assert (response.status_code, "choose a file" in response.text) == (422, True)


def test_a_bomb_is_refused(send: Send, tmp_path: Path) -> None:
    """One that declares its size; `tests.tables.test_limits` unpacks real ones."""
    bomb = declaring(300_000_000, with_sheet(tmp_path, b"<sheetData>", b"<sheetData> "))
    response = send(bomb, "x.xlsx")
    assert response.status_code == 422
    assert "too large when unpacked" in Page(response.text).text


def test_marks_that_nobody_sees_are_taken_out(send: Send, session: Session) -> None:
    send(as_csv([("1", "盐湖\u202e提锂\x00", "收率\u200b低", "6", "", "某厂")]), "表\u202e.csv")
    held = session.scalars(select(Import)).one()
    assert held.name == "表.csv"


@pytest.mark.parametrize("form", ["01 title, unit and totals", "09 merged downwards"])
def test_tables_of_offices_become_drafts(
    home: PageClient, send: Send, session: Session, tmp_path: Path, form: str
) -> None:
    path = send(office_tables.FORMS[form](tmp_path)).location.removesuffix("/columns")
    go_on(home, path, "columns", **as_understood(session.scalars(select(Import)).one()))
    go_on(home, path, "run")
    drafts = session.scalars(select(Listing).order_by(Listing.id)).all()
    assert [one.title for one in drafts] == office_tables.TITLES
    assert [one.trl for one in drafts] == office_tables.LEVELS
