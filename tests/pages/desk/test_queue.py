"""The suggestions that wait at the desk: /desk/suggestions."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import PageClient
from tests.counting import statements
from tests.curation.conftest import pair

QUEUE = "/desk/suggestions"


def test_a_row_shows_both_sides_in_their_own_language(desk: PageClient, session: Session) -> None:
    suggestion = pair(need_title="锂的提取", capability_title="Membrane separation")
    suggestion.need.language = "zh"
    html = " ".join(desk.get(QUEUE).text.split())
    assert f'href="/desk/suggestions/{suggestion.id}" lang="zh-Hans">锂的提取</a>' in html
    assert '<div lang="en">Membrane separation</div>' in html


def test_one_added_by_hand_shows_who_named_it_not_a_score(desk: PageClient) -> None:
    pair(
        origin="curator",
        score=0.0,
        band="weak",
        parts={},
        engine_version="",
        curator_note="Same brine.",
    )
    text = desk.page(QUEUE).text
    assert "Added by a curator A curator writes: Same brine." in text
    assert "/100" not in text


def test_another_provinces_pairs_are_neither_listed_counted_nor_offered(desk: PageClient) -> None:
    pair("65", "11", need_title="Foreign need")
    page = desk.page(QUEUE)
    assert "Foreign need" not in page.text
    assert "No pair is waiting for a decision" in page.text
    assert "Xinjiang" not in page.text.split("Need from")[1].split("Capability from")[0]


@pytest.mark.parametrize(
    "query",
    ["?west=99&east=x&task=abc&band=huge&status=gone&page=-4", "?task=99999999999999999999"],
)
def test_nonsense_in_the_address_is_no_filter(desk: PageClient, query: str) -> None:
    pair(need_title="The only need")
    assert "The only need" in desk.page(QUEUE + query).text


def test_a_member_has_no_desk(client: PageClient) -> None:
    organisation = factories.OrganisationFactory()
    assert client.sign_in(factories.member_of(organisation)).get(QUEUE).status_code == 404


def test_as_many_queries_for_200_rows_as_for_20(desk: PageClient) -> None:
    with factories.together():
        found = [pair() for _ in range(20)]
    few = [
        statements(lambda path=path: desk.page(path)) for path in (QUEUE, f"{QUEUE}/{found[0].id}")
    ]
    for one in found:
        needs = factories.listings_like(one.need, 9)
        capabilities = factories.listings_like(one.capability, 9)
        factories.copies(one, 9, need_id=needs, capability_id=capabilities)
    many = [
        statements(lambda path=path: desk.page(path)) for path in (QUEUE, f"{QUEUE}/{found[0].id}")
    ]
    assert few == many
