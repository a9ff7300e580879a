"""/listings as a page: addresses, facet links, order, empty states."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask

from tests import factories
from tests.client import PageClient
from tests.conftest import Scene
from tests.listings.conftest import published


@pytest.fixture
def three(scene: Scene) -> None:
    scene(build)


def build() -> None:
    published(title="Brine pumps", summary="They corrode.", sector_codes=("salt_lake",))
    published(title="Panels in sand", summary="They blind.", sector_codes=("solar",), language="es")
    published(
        factories.capability,
        title="Robots that sweep",
        summary="At night.",
        sector_codes=("solar",),
    )


def queries_of(page_links: list[str]) -> list[dict[str, list[str]]]:
    return [
        parse_qs(urlsplit(link).query) for link in page_links if urlsplit(link).path == "/listings"
    ]


def test_a_kind_alone_has_its_own_title(client: PageClient, three: None) -> None:
    page = client.page("/listings?kind=capability")
    assert page.title.startswith("Capabilities")
    assert ("Robots that sweep" in page.text, "Brine pumps" in page.text) == (True, False)


def test_facet_links_keep_the_other_filters_and_forget_the_page(
    client: PageClient, three: None
) -> None:
    links = queries_of(client.page("/listings?q=sweep&kind=capability&page=1&sort=newest").links)
    assert {
        "q": ["sweep"],
        "kind": ["capability"],
        "sort": ["newest"],
        "sector": ["solar"],
    } in links


def test_a_chosen_value_can_be_removed_and_another_added(client: PageClient, three: None) -> None:
    links = queries_of(client.page("/listings?sector=solar&kind=need").links)
    assert {"kind": ["need"]} in links
    assert {"kind": ["need"], "sector": ["solar", "salt_lake"]} in links


@pytest.mark.parametrize(
    "query",
    [
        "sector=nonsense&kind=wish&trl=12&sort=worst&page=last&language=fr&province=99&mode=x&goal=y&task=QQ-9",
        "page=0",
        "page=99999999999999999",
        "endpoint=evil&_anchor=x&_scheme=javascript&_external=1&_method=POST",
        "q=%00&q=2",
        "kind=need&kind=capability&kind=need",
        "q=" + "a" * 3000,
    ],
)
def test_a_strange_address_gives_a_page(client: PageClient, three: None, query: str) -> None:
    page = client.page(f"/listings?{query}")
    assert not [
        link for link in page.links if "javascript" in link.split("?")[0] or link.startswith("http")
    ]


def test_values_that_do_not_exist_are_left_out(client: PageClient, three: None) -> None:
    assert "3 listings" in client.page("/listings?sector=nonsense&kind=wish").text


def test_a_search_is_shown_again_and_offers_its_own_order(client: PageClient, three: None) -> None:
    page = client.page("/listings?q=brine")
    assert "Best fit first" in page.text
    assert "1 listing" in page.text


def test_a_search_without_result_offers_the_next_step(client: PageClient, three: None) -> None:
    page = client.page("/listings?q=zeppelin&sector=solar")
    assert "No listings found for “zeppelin”." in page.text
    assert "/listings?q=zeppelin" in page.links


@pytest.mark.parametrize(
    ("q", "language", "sentence"),
    [
        ("brine pupm", "en", "No listing contains “pupm”. These results are for “pump”."),
        ("luwosibo", "zh", "未找到与“luwosibo”相关的信息。"),
        ("brine zeppelin", "en", "No listing contains “zeppelin”. We searched for the other"),
        ("brine zeppelin", "es", "Ninguna ficha contiene «zeppelin»."),
        ("brine sweep", "en", "No listing contains all of these words."),
        ("brine sweep", "zh", "没有同时包含全部词语的信息。"),
        ('"pumps brine"', "en", "No listing contains exactly “pumps brine”."),
        ("fotovoltaca", "es", "Se muestra lo encontrado para «fotovoltaica»."),
    ],
)
def test_a_search_says_what_it_did_otherwise(
    client: PageClient, three: None, q: str, language: str, sentence: str
) -> None:
    client.speak(language)
    assert sentence in client.page("/listings?" + urlencode({"q": q})).text


def test_other_meanings_of_a_slip_are_links(client: PageClient, app: Flask) -> None:
    for title in ("甘蔗收割", "甘薯贮藏"):
        published(title=title, summary="缺人手。", description="", language="zh")
    page = client.page("/listings?" + urlencode({"q": "甘庶 收割"}))
    assert "results are for “甘薯”" in page.text
    assert {"q": ["甘蔗 收割"]} in queries_of(page.links)


def test_filters_without_result_offer_everything(client: PageClient, three: None) -> None:
    assert (
        "Nothing fits all of these filters."
        in client.page("/listings?sector=salt_lake&language=es").text
    )


def test_an_empty_site_says_what_will_come(client: PageClient) -> None:
    assert "will appear here" in client.page("/listings").text


def test_visitors_learn_that_members_search_more(client: PageClient, three: None) -> None:
    said = "also search descriptions"
    assert said in client.page("/listings?q=brine").text
    client.sign_in(factories.member_of(factories.OrganisationFactory()))
    assert said not in client.page("/listings?q=brine").text


def test_titles_stand_in_their_own_language(client: PageClient, three: None) -> None:
    assert 'lang="es">Panels in sand' in client.get("/listings").text


@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_the_list_opens_in_every_language(client: PageClient, three: None, language: str) -> None:
    client.speak(language).page("/listings?q=brine&sector=salt_lake&trl=4-6&task=QH-1")


@pytest.mark.parametrize(
    ("language", "chip"), [("zh", "主题词：滴灌"), ("en", "Topic: Drip irrigation")]
)
def test_concepts_are_a_facet_in_the_readers_language(
    client: PageClient, app: Flask, language: str, chip: str
) -> None:
    published(title="Riego por goteo", summary="Nada más.", description="", language="es")
    page = client.speak(language).page(
        "/listings?kind=need&concept=drip_irrigation&concept=nonsense"
    )
    assert chip in page.text
    assert {"kind": ["need"]} in queries_of(page.links)


def test_who_may_post_is_offered_to(client: PageClient) -> None:
    factories.plan()
    client.sign_in(factories.member_of(factories.OrganisationFactory()))
    assert "/listings/new/need" in client.page("/listings").links
    assert "/listings/new/capability" not in client.page("/listings").links


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Showing only the 2 closest results; counts refer to these."),
        ("zh", "结果较多：只列出并统计最相近的2条。"),
        ("es", "Hay más: solo se muestran y cuentan las 2 más próximas."),
    ],
)
def test_a_search_that_finds_too_much_says_so(
    client: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch, language: str, sentence: str
) -> None:
    monkeypatch.setattr("matchmaker.engine.search.query.MOST_FOUND", 2)
    for number in range(3):
        published(title=f"Quoxel {number}", summary="It leaks.")
    client.speak(language)
    assert sentence in client.page("/listings?q=quoxel").text
    monkeypatch.setattr("matchmaker.engine.search.query.MOST_FOUND", 3)
    assert sentence[:12] not in client.page("/listings?q=quoxel").text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "The numbers beside the filters refer to the 2 closest results only.",
        ),
        ("zh", "不加这些筛选条件时结果更多：筛选旁的数字只统计最相近的2条。"),
        ("es", "Sin estos filtros hay más: las cifras junto a ellos cuentan las 2 más próximas."),
    ],
)
def test_a_narrowed_search_that_is_complete_says_what_is_not(
    client: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch, language: str, sentence: str
) -> None:
    monkeypatch.setattr("matchmaker.engine.search.query.MOST_FOUND", 2)
    for number in range(3):
        published(
            title=f"Quoxel {number}", summary="It leaks.", language="es" if number == 2 else "en"
        )
    assert sentence in client.speak(language).page("/listings?q=quoxel&language=es").text


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_way_back_from_a_listing_keeps_the_filters(client: PageClient, language: str) -> None:
    listing = published(language=language)
    filtered = f"/listings?kind=need&language={language}&page=1"
    links = client.page(filtered).links
    (onward,) = (link for link in links if link.startswith(f"/listings/{listing.id}"))
    assert filtered in client.page(onward).links


@pytest.mark.parametrize(
    "back",
    ["//evil.example/listings", "https://evil.example/listings", "/admin?x=1", "javascript:x", ""],
)
def test_only_an_address_of_the_list_leads_back(client: PageClient, back: str) -> None:
    listing = published()
    page = client.page(f"/listings/{listing.id}?{urlencode({'back': back})}")
    assert "/listings?kind=need" in page.links
    assert back not in page.links
