"""Files of a confidential annex: added, read under a promise, looked after, deleted."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.cooperation.models import Match
from matchmaker.files.models import StoredFile
from matchmaker.listings.models import Listing
from tests import factories
from tests.client import PageClient
from tests.files import samples
from tests.pages.conftest import browser


@dataclass
class Pair:
    """An agreed match; the need's side, west, has an annex."""

    need: Listing
    match: Match
    west: PageClient
    east: PageClient

    @property
    def annex(self) -> str:
        return f"/listings/{self.need.id}/annex"

    @property
    def page(self) -> str:
        return f"/matches/{self.match.id}"


@pytest.fixture
def pair(app: Flask, session: Session) -> Pair:
    with factories.together():
        need = factories.need(annex="")
        match = factories.MatchFactory(need=need, mutual=True)
        partner = match.capability.organisation
        people = [factories.member_of(one) for one in (need.organisation, partner)]
    session.commit()
    west, east = (browser(app).sign_in(one) for one in people)
    return Pair(need, match, west, east)


def form(name: str = "drawing.pdf", content: bytes = b"", number: int = 1) -> dict[str, Any]:
    return {"files": [(io.BytesIO(content or samples.pdf()), name) for _ in range(number)]}


def only(session: Session) -> StoredFile:
    session.expire_all()
    return session.scalars(select(StoredFile)).one()


def test_a_file_opens_to_the_partner_with_a_promise_for_this_version(
    session: Session, pair: Pair
) -> None:
    assert pair.west.submit(pair.annex, form()).status_code == 303
    file = only(session)
    assert (file.purpose, file.organisation_id) == ("annex", pair.need.organisation_id)
    assert "drawing.pdf" in pair.west.page(f"/listings/{pair.need.id}").text
    address = f"/files/{file.id}"
    assert pair.east.get(address).status_code == 404
    assert "drawing.pdf" not in pair.east.page(pair.page).text
    pair.east.submit(f"{pair.page}/promise")
    assert "drawing.pdf" in pair.east.page(pair.page).text
    assert pair.east.get(address).status_code == 200
    pair.west.submit(pair.annex, form("second.pdf"))
    assert pair.east.get(address).status_code == 404
    page = pair.east.page(pair.page).text
    assert "They have changed the annex since you promised." in page
    assert "second.pdf" not in page


def test_the_owner_reads_who_has_opened_which_file(session: Session, pair: Pair) -> None:
    pair.west.submit(pair.annex, form())
    pair.east.submit(f"{pair.page}/promise")
    file = only(session)
    for _ in range(2):
        pair.east.get(f"/files/{file.id}")
    pair.west.get(f"/files/{file.id}")
    looks = pair.west.page("/organisation/looks").text
    assert looks.count("Confidential annex drawing.pdf") == 1
    pair.west.submit(f"{pair.annex}/{file.id}/delete")
    assert "Confidential annex drawing.pdf" in pair.west.page("/organisation/looks").text
    assert "drawing.pdf" not in pair.east.page("/organisation/looks").text


def test_a_deleted_file_is_gone_and_its_record_stays(session: Session, pair: Pair) -> None:
    pair.west.submit(pair.annex, form())
    file = only(session)
    before = pair.need.annex_version
    assert pair.west.submit(f"{pair.annex}/{file.id}/delete").status_code == 303
    assert pair.west.get(f"/files/{file.id}").status_code == 404
    assert "There are no files yet." in pair.west.page(pair.annex).text
    assert only(session).deleted_at is not None
    session.refresh(pair.need, ["annex_version"])
    assert pair.need.annex_version == before + 1
    assert pair.west.submit(f"{pair.annex}/{file.id}/delete").status_code == 404


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Files: choose at least one."),
        (form("a.pdf", b"MZ"), "a.pdf is not of a type that can be sent"),
        (form("a.docx", samples.package(word__vbaProject_DOT_bin=b"x")), "contains macros"),
        (form(number=6), "Files: at most 5 at once."),
    ],
)
def test_what_is_refused_is_said_and_changes_nothing(
    session: Session, pair: Pair, sent: dict[str, Any], sentence: str
) -> None:
    answer = pair.west.submit(pair.annex, sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("Files have to be chosen again." in answer.text) is ("files" in sent)
    assert session.scalars(select(StoredFile)).all() == []
    session.refresh(pair.need, ["annex_version"])
    assert pair.need.annex_version == 1
