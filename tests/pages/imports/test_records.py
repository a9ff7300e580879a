"""A draft from the record of a patent: filled, with the words that each field rests on."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matchmaker.listings.models import Listing
from tests import factories
from tests.client import Page, PageClient
from tests.imports.test_records import CNKI


@pytest.fixture
def east(app: Flask, client: PageClient) -> PageClient:
    factories.plan()
    return client.sign_in(factories.member_of(factories.OrganisationFactory(eastern=True)))


def send(browser: PageClient, data: bytes, name: str) -> TestResponse:
    fields = {"file": (io.BytesIO(data), name)}
    return browser.submit("/our/imports/record", fields, content_type="multipart/form-data")


def test_a_record_becomes_a_draft_with_its_sources(east: PageClient, session: Session) -> None:
    response = send(east, CNKI.encode(), "导出.txt")
    assert response.status_code == 303
    listing = session.scalars(select(Listing)).one()
    assert (listing.kind, listing.status, listing.trl) == ("capability", "draft", 6)
    page = east.page(response.location)
    assert "filled from 导出.txt" in page.text
    assert "已在青海某厂完成中试" in page.text


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\xff\xff", b"%PDF-1"],
)
def test_what_says_nothing_is_refused(east: PageClient, data: bytes) -> None:
    response = send(east, data, "x.txt")
    assert response.status_code == 422
    assert "x.txt" in Page(response.text).text


def test_who_may_not_post_capabilities_is_told(client: PageClient) -> None:
    factories.plan()
    client.sign_in(factories.member_of(factories.OrganisationFactory(province="65")))
    assert send(client, CNKI.encode(), "x.txt").status_code == 422
