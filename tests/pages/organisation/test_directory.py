"""/organisations: verified organisations, found by words and filters."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from matchmaker.db import today
from tests import factories
from tests.client import PageClient


@pytest.fixture
def some(app: Flask) -> None:
    factories.plan()
    with factories.together():
        salt = factories.OrganisationFactory(name_zh="盐湖所", name_other="Salt Institute")
        salt.type, salt.zone, salt.sectors = "institute", "Ganhe Park", ["salt_lake"]
        salt.city = "海西蒙古族藏族自治州"
        wool = factories.OrganisationFactory(
            name_zh="羊绒大学",
            name_other="Wool University",
            type="university",
            province="37",
            sectors=["livestock"],
            details={"disciplines": ["纤维化学"]},
        )
        factories.OrganisationFactory(name_zh="", name_other="Instituto del Agua", sectors=[])
        factories.need(organisation=salt)
        factories.capability(organisation=wool)
        factories.OrganisationFactory(name_other="Waiting", unverified=True)
        gone = factories.OrganisationFactory(name_other="Lapsed")
        gone.verified_until = today() - timedelta(days=1)


def found(browser: PageClient, query: str) -> list[str]:
    text = browser.get(f"/organisations?{query}").text
    titles = re.findall(r'<h2 class="item-title">\s*<a[^>]*>([^<]*)</a>', text)
    return [title.strip() for title in titles]


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Instituto del Agua", "Salt Institute", "Wool University"]),
        ("q=盐湖", ["Salt Institute"]),
        ("q=ＳＡＬＴ institute", ["Salt Institute"]),
        ("q=纤维化学", ["Wool University"]),
        ("q=100%25", []),
        ("type=university", ["Wool University"]),
        ("side=partner", ["Wool University"]),
        ("province=63", ["Instituto del Agua", "Salt Institute"]),
        ("zone=Ganhe Park", ["Salt Institute"]),
        ("sector=livestock", ["Wool University"]),
        ("posts=need", ["Salt Institute"]),
        ("posts=capability&q=wool", ["Wool University"]),
        ("type=kingdom&sector=x&zone=y&page=99", "all"),
        ("order=newest", ["Instituto del Agua", "Wool University", "Salt Institute"]),
        ("order=replies", "all"),
    ],
)
def test_verified_organisations_are_found(client: PageClient, query: str, names: Any) -> None:
    every = ["Instituto del Agua", "Salt Institute", "Wool University"]
    shown = found(client, query)
    assert sorted(shown) == every if names == "all" else shown == names


@pytest.mark.usefixtures("some")
def test_a_city_has_its_name_in_the_reader_s_language(client: PageClient) -> None:
    assert "Haixi" in client.page("/organisations?q=salt").text


@pytest.mark.usefixtures("some")
def test_by_listings_the_silent_one_is_last(client: PageClient) -> None:
    assert found(client, "order=listings")[-1] == "Instituto del Agua"


@pytest.mark.usefixtures("some")
def test_a_filter_without_an_answer_leads_back(client: PageClient) -> None:
    page = client.page("/organisations?type=park")
    assert "No verified organisation fits this" in page.text
    assert "/organisations" in page.links


def test_an_empty_directory_says_what_will_come(client: PageClient) -> None:
    page = client.page("/organisations")
    assert "once a curator has verified them" in page.text
    assert "/register" in page.links


@pytest.mark.usefixtures("some")
def test_each_leads_to_its_page(client: PageClient) -> None:
    page = client.page("/organisations?q=wool")
    (address,) = [link for link in page.links if re.match(r"/organisations/\d+", link)]
    found = client.page(address)
    assert "纤维化学" in found.text
    assert "/organisations?q=wool" in found.links


@pytest.mark.parametrize(
    ("city", "shown"), [("海西蒙古族藏族自治州", "Haixi"), ("Somewhere else", "Somewhere else")]
)
def test_a_city_has_its_name_in_the_language_of_the_reader(
    client: PageClient, city: str, shown: str
) -> None:
    factories.plan()
    factories.OrganisationFactory(province="63", city=city)
    assert f"<span>{shown}</span>" in client.get("/organisations").text
