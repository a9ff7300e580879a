from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.db import now
from tests import factories
from tests.client import PageClient


def test_without_a_plan_the_page_says_how_to_load_one(client: PageClient) -> None:
    assert "matchmaker plan load" in client.page("/plan").text


def test_the_plan_shows_every_initiative_and_task_with_its_side(client: PageClient) -> None:
    factories.plan()
    text = client.page("/plan").text
    for words in ("QH initiative", "XJ task 2", "Western beneficiary: Qinghai"):
        assert words in text


@pytest.mark.parametrize(
    ("last_year", "told"),
    [
        (2025, "Planning period 2021–2025, which has ended."),
        (2099, "Planning period 2021–2099."),
    ],
)
def test_the_plan_says_whether_its_period_has_ended(
    client: PageClient, session: Session, last_year: int, told: str
) -> None:
    factories.plan().last_year = last_year
    session.commit()
    assert told in client.page("/plan").text


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Source."), ("zh", "原文。"), ("es", "Fuente.")]
)
def test_the_scheme_is_told_in_our_own_words(client: PageClient, language: str, told: str) -> None:
    task = factories.task("QH-1")
    client.submit("/language", {"language": language})
    assert told in client.page(f"/plan/tasks/{task.id}").text


@pytest.mark.parametrize(
    ("province", "letter"), [("63", "W"), ("37", "E"), ("61", "P"), ("71", "–")]
)
def test_west_east_and_other_partners_have_letters_of_their_own(
    client: PageClient, province: str, letter: str
) -> None:
    factories.plan().sides = {"beneficiary": ["63"], "partner": ["37", "61"], "also_partner": []}
    organisation = factories.OrganisationFactory(province=province)
    html = client.get(f"/organisations/{organisation.id}").text
    assert f'<b aria-hidden="true">{letter}</b>' in html


def test_a_task_page_names_its_partners_and_what_is_posted(client: PageClient) -> None:
    task = factories.task("QH-1")
    factories.need(title="Brine that clogs")
    text = client.page(f"/plan/tasks/{task.id}").text
    for words in ("What it asks.", "Shandong", "lithium", "Brine that clogs", "Source."):
        assert words in text


def test_a_task_that_does_not_exist_is_a_404(client: PageClient) -> None:
    client.page("/plan/tasks/999", status=404)


def test_the_regions_page_has_34_divisions_in_a_table_and_on_the_map(client: PageClient) -> None:
    factories.plan()
    page = client.page("/regions")
    assert page.text.count("Other region") > 1
    for code in ("11", "71", "81", "82"):
        assert code in page.text


@pytest.mark.parametrize(
    "query", ["west=63&east=37", "west=63&east=", "west=99&east=<script>", "west=63&west=64"]
)
def test_any_corridor_asked_for_is_answered(client: PageClient, query: str) -> None:
    factories.plan()
    client.page(f"/regions?{query}")


@pytest.mark.parametrize("query", ["plan=999999", "plan=x", "plan=-1", "plan=" + "9" * 40])
def test_an_unknown_plan_falls_back_politely(client: PageClient, query: str) -> None:
    factories.plan()
    client.page(f"/plan?{query}")


def test_a_tile_of_the_map_leads_to_what_its_region_posts(client: PageClient) -> None:
    factories.plan()
    province = factories.need().organisation.province
    links = [link for link in client.page("/regions").links if link.startswith("/listings?")]
    assert f"/listings?kind=need&province={province}" in links
    assert len([link for link in links if "province" in link]) == 1


@pytest.mark.parametrize("published", [True, False])
def test_a_task_says_what_was_new_by_month(client: PageClient, published: bool) -> None:
    task = factories.task("QH-1")
    factories.need(published_at=now() if published else None, draft=not published)
    page = client.page(f"/plan/tasks/{task.id}")
    assert ("New by month" in page.text) is published
