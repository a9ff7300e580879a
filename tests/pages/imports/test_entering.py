"""Curators enter organisations from a table; each waits for its contact to take it over."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.db import db, now
from matchmaker.imports.models import ImportBatch
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations.models import Organisation
from matchmaker.pages.imports.templates import fields_of
from matchmaker.tables import reading
from tests import factories
from tests.client import Page, PageClient
from tests.imports.conftest import as_csv
from tests.imports.test_organisations import CODE, GOOD, HEADINGS, changed
from tests.pages.imports.conftest import version_on

YAK = ("8", "青海牦牛乳业有限公司", "", "企业", "青海", "张伟", "zhang@example.org", "")
BAD = ("", "没有代码", "", "企业", "青海", "王", "w@example.org", "")


@pytest.fixture
def curator(app: Flask) -> User:
    factories.plan()
    return factories.provincial_curator("63", name="李娜")


@pytest.fixture
def desk(client: PageClient, curator: User) -> PageClient:
    return client.sign_in(curator)


def bring(desk: PageClient, *rows: Sequence[str]) -> str:
    fields = {"kind": "organisation", "file": (io.BytesIO(as_csv(rows, HEADINGS)), "名录.csv")}
    response = desk.submit("/desk/imports", fields, content_type="multipart/form-data")
    assert response.status_code == 303, response.text
    return str(response.location)


def step(desk: PageClient, address: str, name: str, **fields: str) -> Page:
    response = desk.submit(
        f"{address}/{name}", {"version": version_on(desk.get(address)), **fields}
    )
    assert response.status_code == 303, response.text
    return desk.page(address)


def entered() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).where(Organisation.awaits_owner)))


def mails() -> list[OutboxMail]:
    query = select(OutboxMail).where(OutboxMail.kind == "organisation.take_over")
    return list(db.session.scalars(query.order_by(OutboxMail.id)))


def test_good_rows_become_unverified_organisations_whose_contacts_are_invited(
    desk: PageClient,
) -> None:
    address = bring(desk, GOOD, YAK, BAD)
    page = desk.page(address)
    assert "2 new organisations" in page.text
    assert "Give the social credit code, or an id of your own for this row." in page.text
    assert "2 organisations entered" in step(desk, address, "take").text
    assert {(one.name_zh, one.status) for one in entered()} == {
        (GOOD[1], "registered"),
        (YAK[1], "registered"),
    }
    assert [mail.recipient for mail in mails()] == ["li.na@example.org", "zhang@example.org"]


def test_the_contact_takes_it_over_once_and_the_curators_are_told(
    desk: PageClient, app: Flask, curator: User
) -> None:
    step(desk, bring(desk, GOOD), "take")
    assert GOOD[1] not in desk.get("/desk?queue=organisations").text
    contact: PageClient = app.test_client()  # type: ignore[assignment]
    link = mails()[0].path
    assert f"Take over {GOOD[1]}" in contact.speak("en").page(link).text
    said = {"name": "Li Na", "password": "salt lakes dry slowly", "language": "zh"}
    assert contact.submit(link, said).status_code == 303
    assert entered() == []
    assert GOOD[1] in desk.get("/desk?queue=organisations").text
    told = db.session.scalars(select(Notice).where(Notice.user_id == curator.id)).one()
    assert told.kind == "organisation.taken_over"
    other: PageClient = app.test_client()  # type: ignore[assignment]
    assert other.get(link).status_code == 404


def test_what_is_here_by_code_or_by_id_is_not_entered_again(desk: PageClient) -> None:
    step(desk, bring(desk, GOOD, YAK), "take")
    address = bring(desk, changed(c1="别的名称有限公司"), (*YAK[:1], "又一个名称", *YAK[2:]))
    assert "2 rows that are already here" in desk.page(address).text
    response = desk.submit(f"{address}/take", {"version": version_on(desk.get(address))})
    assert (response.status_code, len(entered())) == (422, 2)


@pytest.mark.parametrize(("ticked", "many"), [({}, 1), ({"other": "0"}, 2)])
def test_one_of_nearly_the_same_name_is_entered_when_somebody_says_so(
    desk: PageClient, ticked: dict[str, str], many: int
) -> None:
    factories.OrganisationFactory(name_zh="青海盐湖股份有限公司", province="65")
    address = bring(desk, GOOD, YAK)
    assert "1 row that may already be here" in desk.page(address).text
    step(desk, address, "take", **ticked)
    assert len(entered()) == many


def test_it_is_taken_back_but_for_what_was_worked_with(desk: PageClient, curator: User) -> None:
    address = bring(desk, GOOD, YAK)
    step(desk, address, "take")
    kept = next(one for one in entered() if one.uscc == CODE)
    factories.need(organisation=kept, author=curator, draft=True)
    page = step(desk, address, "undo")
    assert "1 organisation withdrawn" in page.text
    assert [one.id for one in entered()] == [kept.id]


def test_it_is_not_taken_back_after_a_day(desk: PageClient) -> None:
    address = bring(desk, GOOD)
    step(desk, address, "take")
    batch = db.session.scalars(select(ImportBatch)).one()
    batch.finished_at = now() - timedelta(days=1, minutes=1)
    db.session.commit()
    assert "Undo it" not in desk.page(address).text
    response = desk.submit(f"{address}/undo", {"version": str(batch.version)})
    assert response.status_code == 422
    assert len(entered()) == 1


def test_refused_rows_come_back_with_reasons(desk: PageClient) -> None:
    address = bring(desk, GOOD, BAD)
    step(desk, address, "take")
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{address}/refused.xlsx").data))
    rows = list(book.active.values)
    assert [row[2] for row in rows] == ["单位名称", BAD[1]]
    assert "Give the social credit code" in rows[1][0]


def test_somebody_else_may_be_invited(desk: PageClient, app: Flask) -> None:
    step(desk, bring(desk, GOOD), "take")
    address = f"/desk/organisations/{entered()[0].id}"
    assert "Nobody has taken the account over yet" in desk.page(address).text
    assert desk.submit(f"{address}/owner", {"email": "wrong"}).status_code == 422
    assert desk.submit(f"{address}/owner", {"email": "wang@example.org"}).status_code == 303
    first, second = mails()
    assert second.recipient == "wang@example.org"
    contact: PageClient = app.test_client()  # type: ignore[assignment]
    assert contact.get(first.path).status_code == 404
    assert contact.get(second.path).status_code == 200


@pytest.mark.parametrize("kind", ["need", "capability", "organisation"])
@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_each_template_is_read_back_whole(desk: PageClient, kind: str, language: str) -> None:
    data = desk.get(f"/desk/imports/templates/{kind}-{language}.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.active.cell(3, 1, "1")
    book.active.cell(3, 2, "x")
    file = io.BytesIO()
    book.save(file)
    table = reading.read("a.xlsx", file.getvalue(), kind).tables[0]
    assert [column.field for column in table.columns] == list(fields_of(kind, of_many=True))
