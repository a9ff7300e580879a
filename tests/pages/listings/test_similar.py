"""Similar listings on the page of a listing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.listings.models import Listing
from tests import factories
from tests.client import PageClient
from tests.counting import statements
from tests.listings.conftest import loaded
from tests.search.conftest import DRIP, need

HEADINGS = {
    ("need", "en"): "Similar needs",
    ("need", "zh"): "相近的技术需求",
    ("need", "es"): "Demandas similares",
    ("capability", "en"): "Similar capabilities",
    ("capability", "zh"): "相近的科技成果",
    ("capability", "es"): "Ofertas similares",
}


@pytest.mark.parametrize(("kind", "language"), HEADINGS)
def test_the_page_names_them(
    client: PageClient, session: Session, drip: Listing, kind: str, language: str
) -> None:
    make = factories.need if kind == "need" else factories.capability
    first = need(make)
    need(make, title="Drip irrigation clogs too")
    page = client.speak(language).page(f"/listings/{first.id}")
    assert HEADINGS[kind, language] in page.text
    assert "Drip irrigation clogs too" in page.text


def test_a_page_without_any_has_no_section(
    client: PageClient, session: Session, drip: Listing
) -> None:
    assert "Similar" not in client.page(f"/listings/{drip.id}").text


@pytest.mark.parametrize("status", ["draft", "in_review", "paused", "expired", "closed"])
def test_what_is_not_published_has_none(
    client: PageClient, session: Session, drip: Listing, status: str
) -> None:
    need(title="Drip irrigation clogs too")
    hidden = loaded(factories.need(**DRIP, status=status))
    client.sign_in(factories.member_of(hidden.organisation))
    assert "Similar" not in client.page(f"/listings/{hidden.id}").text


def test_a_page_asks_as_often_for_five_as_for_one(
    client: PageClient, app: Flask, drip: Listing
) -> None:
    need(title="Drip irrigation clogs too")
    one = statements(lambda: client.page(f"/listings/{drip.id}"))
    for number in range(4):
        need(title=f"Drip irrigation clogs, {number}")
    assert statements(lambda: client.page(f"/listings/{drip.id}")) == one <= 20
