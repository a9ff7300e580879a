"""Curators bring tables for organisations: rows are placed, told of, and taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.db import db
from matchmaker.imports import jobs
from matchmaker.imports.models import Import
from matchmaker.listings.models import Listing
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.imports.conftest import as_csv
from tests.pages.imports.conftest import version_on

HEADINGS = ("需求编号", "技术需求名称", "需求描述", "需求单位", "统一社会信用代码")
SALT, YAK = "青海盐湖工业股份有限公司", "青海牦牛乳业有限公司"
YAK_CODE = factories.social_credit_code(902)
ROWS = (
    ("1", "盐湖提锂", "收率低", SALT, ""),
    ("2", "牦牛乳加工", "保质期短", "写错的名称", YAK_CODE),
    ("3", "卤水除镁", "能耗高", "盐湖工业", ""),
    ("4", "棉花采收", "损失大", "新疆某农场", ""),
    ("5", "", "没有名称", SALT, ""),
)


@pytest.fixture
def salt(app: Flask) -> Organisation:
    factories.plan()
    return factories.OrganisationFactory(name_zh=SALT)


@pytest.fixture
def yak(app: Flask) -> Organisation:
    return factories.OrganisationFactory(name_zh=YAK, uscc=YAK_CODE)


@pytest.fixture
def curator(app: Flask) -> User:
    return factories.provincial_curator("63", name="李娜")


@pytest.fixture
def desk(client: PageClient, curator: User) -> PageClient:
    return client.sign_in(curator)


def bring(
    desk: PageClient, rows: Sequence[Sequence[str]] = ROWS, path: str = "/desk/imports"
) -> str:
    """Send a table of needs; return the path of the page that follows."""
    fields = {"kind": "need", "file": (io.BytesIO(as_csv(rows, HEADINGS)), "汇总表.csv")}
    response = desk.submit(path, fields, content_type="multipart/form-data")
    assert response.status_code == 303, response.text
    return str(response.location)


def say_columns(desk: PageClient, path: str) -> str:
    fields = {"column-0-0": "id", "column-0-1": "title", "column-0-2": "description"}
    response = desk.submit(path, {"version": version_on(desk.get(path)), **fields})
    assert response.status_code == 303
    jobs.work_on_imports(db.session())
    return str(response.location)


def choices(html: str) -> dict[str, dict[str, str]]:
    """Return control → chosen and offered organisations, of the page of names."""
    found = {}
    for control, options in re.findall(r'<select id="(name-\d+)".*?>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="(\d+)" selected', options)
        offered = re.findall(r'value="(\d+)"', options)
        found[control] = {"chosen": chosen[1] if chosen else "", "first": offered[0]}
    return found


def drafts_of(desk: PageClient) -> str:
    """Bring the table, choose the likely one for a short name, and have drafts made."""
    address = bring(desk)
    offered = choices(desk.get(address).text)
    chosen = {name: one["chosen"] or one["first"] for name, one in offered.items()}
    version = version_on(desk.get(address))
    response = desk.submit(f"{address}/place", {"version": version, **chosen})
    say_columns(desk, response.location)
    desk.submit(f"{address}/run", {})
    jobs.work_on_imports(db.session())
    return address


def found_drafts() -> set[tuple[str, int]]:
    return {(one.title, one.organisation_id) for one in db.session.scalars(select(Listing))}


def test_names_and_codes_are_found_and_others_are_asked_back(
    desk: PageClient, salt: Organisation, yak: Organisation
) -> None:
    html = desk.get(bring(desk)).text
    assert choices(html) == {
        "name-0": {"chosen": str(salt.id), "first": str(salt.id)},
        "name-1": {"chosen": str(yak.id), "first": str(yak.id)},
        "name-2": {"chosen": "", "first": str(salt.id)},
    }
    assert "not an organisation of your provinces" in html


def test_rows_become_drafts_of_whom_they_are(
    desk: PageClient, salt: Organisation, yak: Organisation
) -> None:
    address = drafts_of(desk)
    made = {("盐湖提锂", salt.id), ("卤水除镁", salt.id), ("牦牛乳加工", yak.id)}
    assert found_drafts() == made
    assert "新疆某农场: 1 row" in desk.page(address).text
    desk.submit(f"{address}/undo", {})
    jobs.work_on_imports(db.session())
    assert found_drafts() == set()


def test_the_organisation_is_told_and_acts_on_it_too(
    desk: PageClient, app: Flask, salt: Organisation, yak: Organisation, curator: User
) -> None:
    owner = factories.member_of(salt)
    drafts_of(desk)
    told = db.session.scalars(select(Notice).where(Notice.user_id == owner.id)).one()
    assert (told.kind, told.params["number"], told.params["name"]) == ("import.arrived", 2, "李娜")
    home: PageClient = app.test_client()  # type: ignore[assignment]
    home.sign_in(owner)
    held = db.session.scalars(select(Import).where(Import.organisation_id == salt.id)).one()
    path = f"/our/imports/{held.id}"
    home.submit(f"{path}/undo", {"version": version_on(home.get(path))})
    assert found_drafts() == {("牦牛乳加工", yak.id)}


def test_the_record_says_for_whom_the_curator_acted(
    desk: PageClient, salt: Organisation, yak: Organisation, curator: User
) -> None:
    drafts_of(desk)
    records = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "import.run"))
    told = {(one.actor_id, one.detail["organisation"]) for one in records}
    assert told == {(curator.id, salt.id), (curator.id, yak.id)}


def test_what_was_refused_or_left_out_comes_back(
    desk: PageClient, salt: Organisation, yak: Organisation
) -> None:
    address = drafts_of(desk)
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{address}/refused.xlsx").data))
    rows = list(book.active.values)
    assert rows[0][1:] == HEADINGS
    assert [(row[1], row[0].split(":")[0]) for row in rows[1:]] == [
        ("4", "No organisation was chosen for this row."),
        ("5", "技术需求名称"),
    ]


def test_a_table_of_one_organisation_needs_no_names(desk: PageClient, salt: Organisation) -> None:
    path = bring(desk, path=f"/desk/organisations/{salt.id}/imports")
    say_columns(desk, path)
    held = path.removesuffix("/columns")
    desk.submit(f"{held}/run", {"version": version_on(desk.get(held))})
    assert {number for _, number in found_drafts()} == {salt.id}
    assert held in desk.get("/desk/imports").text


def test_a_table_without_names_is_refused(desk: PageClient, salt: Organisation) -> None:
    table = as_csv([row[:3] for row in ROWS], HEADINGS[:3])
    fields = {"kind": "need", "file": (io.BytesIO(table), "a.csv")}
    response = desk.submit("/desk/imports", fields, content_type="multipart/form-data")
    assert response.status_code == 422
    assert "No column says which organisation a row is of" in response.text


def test_nothing_chosen_is_said(desk: PageClient, salt: Organisation) -> None:
    address = bring(desk)
    response = desk.submit(f"{address}/place", {"version": version_on(desk.get(address))})
    assert response.status_code == 422
    assert "Choose an organisation for at least one name." in response.text


def test_an_organisation_that_may_not_post_is_named_and_left_out(desk: PageClient) -> None:
    factories.plan()
    factories.OrganisationFactory(name_zh=SALT, needs_grant=False)
    assert "may not post listings of this kind" in desk.get(bring(desk)).text


def test_a_curator_sees_nothing_that_an_organisation_brought_itself(
    desk: PageClient, salt: Organisation
) -> None:
    own = factories.ImportFactory(organisation=salt, user=factories.member_of(salt))
    assert desk.get(f"/our/imports/{own.id}").status_code == 404
