"""Each template that is given out is understood when it comes back."""

from __future__ import annotations

import io

import openpyxl
import pytest

from matchmaker.db import today
from matchmaker.imports.resources import DETAILS
from matchmaker.imports.rows import CONTENT, NUMBERS, RowReader
from matchmaker.listings.rules import MAX_LINES
from matchmaker.pages.imports.templates import fields_of
from matchmaker.tables import reading
from matchmaker.tables.headings import Field, plain
from tests import factories
from tests.client import PageClient
from tests.pages.imports.conftest import Send

ALL = [(kind, language) for kind in ("need", "capability") for language in ("zh", "en", "es")]


def template(home: PageClient, kind: str, language: str) -> bytes:
    response = home.get(f"/our/imports/templates/{kind}-{language}.xlsx")
    assert response.status_code == 200
    return bytes(response.data)


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_a_template_is_read_back_whole(home: PageClient, kind: str, language: str) -> None:
    table = reading.read("x.xlsx", template(home, kind, language), kind).tables[0]
    assert [column.field for column in table.columns] == fields_of(kind)
    tasks = {plain(factories.task().code): factories.task().id}
    row = RowReader(kind, tasks, today()).read(table, table.rows[0])
    assert (row.faults, row.remarks) == ([], [])
    fields = [one for one in fields_of(kind) if one is not Field.ID and one not in DETAILS]
    kept = {CONTENT.get(field, field.value) for field in fields}
    kept -= {"must_haves"} if kind == "capability" else set()
    assert set(row.values) == kept | {"trl_high"}
    assert len(row.values.get("must_haves", ())) <= MAX_LINES


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_a_template_has_lists_to_choose_from(home: PageClient, kind: str, language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(home, kind, language)))
    sheet = book.worksheets[0]
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    numbers = {*NUMBERS, Field.BUDGET_MIN, Field.BUDGET_MAX, Field.DEADLINE}
    texts = {Field.ID, Field.TITLE, Field.SUMMARY, Field.DESCRIPTION, Field.REQUIREMENTS}
    texts |= {Field.WISHES, Field.EVIDENCE, Field.REFERENCES, Field.DEPLOYMENTS}
    texts |= {field for field, one in DETAILS.items() if not one.options}
    assert len(lists) == len(set(fields_of(kind)) - numbers - texts)
    assert book["lists"].sheet_state == "hidden"


def test_the_example_is_no_listing(home: PageClient, send: Send) -> None:
    factories.plan()
    response = send(template(home, "need", "zh"), "需求.xlsx")
    assert response.status_code == 422
    assert "There are no rows under the headings." in response.text
