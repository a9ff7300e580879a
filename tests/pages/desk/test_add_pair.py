"""A pair added by hand: /desk/pairs/new."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit import queries as audit
from matchmaker.cooperation.models import Match
from matchmaker.recommendation.models import Suggestion
from tests import factories
from tests.client import Page, PageClient
from tests.curation.conftest import pair

PATH = "/desk/pairs/new"


@pytest.fixture
def need(app: Any) -> Any:
    return factories.need(title="Lithium from brine")


@pytest.fixture
def capability(app: Any) -> Any:
    return factories.capability(title="Membranes for salt lakes")


def chosen(need: Any, capability: Any) -> str:
    return f"{PATH}?need={need.id}&capability={capability.id}"


def added(session: Session) -> Suggestion:
    return session.scalars(select(Suggestion)).one()


def test_a_listing_is_found_by_its_number(desk: PageClient, need: Any) -> None:
    page = desk.page(f"{PATH}?need_q={need.id}")
    assert "Lithium from brine" in page.text
    assert f"{PATH}?need={need.id}" in page.links


def test_choosing_one_keeps_the_search_for_the_other(
    desk: PageClient, need: Any, capability: Any
) -> None:
    page = desk.page(f"{PATH}?need_q={need.id}&capability={capability.id}")
    assert f"{PATH}?capability={capability.id}&need={need.id}" in page.links


@pytest.mark.parametrize("status", ["draft", "in_review", "paused", "closed"])
def test_only_what_is_published_is_found(desk: PageClient, status: str) -> None:
    hidden = factories.need(title="Unripe words", status=status)
    assert "Unripe words" not in desk.page(f"{PATH}?need_q={hidden.id}&need={hidden.id}").text


def test_a_capability_does_not_pass_for_a_need(desk: PageClient, capability: Any) -> None:
    assert "Membranes" not in desk.page(f"{PATH}?need={capability.id}").text


def test_with_both_chosen_one_says_why(
    desk: PageClient, need: Any, capability: Any, session: Session
) -> None:
    response = desk.submit(chosen(need, capability), {"reason": "Same brine chemistry."})
    suggestion = added(session)
    assert response.location == f"/desk/suggestions/{suggestion.id}"
    assert (suggestion.origin, suggestion.status, suggestion.curator_note) == (
        "curator",
        "new",
        "Same brine chemistry.",
    )


def test_it_is_audited_without_the_words(
    desk: PageClient, need: Any, capability: Any, session: Session
) -> None:
    desk.submit(chosen(need, capability), {"reason": "Same brine chemistry."})
    record = audit.about(session, "suggestion", added(session).id)[0]
    assert (record.action, record.detail) == (
        "suggestion.add",
        {"need": need.id, "capability": capability.id},
    )


def test_without_a_reason_it_is_not_added(
    desk: PageClient, need: Any, capability: Any, session: Session
) -> None:
    response = desk.submit(chosen(need, capability), {"reason": ""})
    assert response.status_code == 422
    assert session.scalars(select(Suggestion)).all() == []


def test_proposing_at_once_needs_a_note(
    desk: PageClient, need: Any, capability: Any, session: Session
) -> None:
    data = {"reason": "Same brine chemistry.", "propose": "y", "note": ""}
    response = desk.submit(chosen(need, capability), data)
    assert (response.status_code, "Same brine chemistry." in response.text) == (422, True)
    assert session.scalars(select(Suggestion)).all() == []


def test_it_may_be_proposed_at_once(
    desk: PageClient, need: Any, capability: Any, session: Session
) -> None:
    data = {"reason": "Same brine chemistry.", "propose": "y", "note": "Please talk."}
    desk.submit(chosen(need, capability), data)
    match = session.scalars(select(Match)).one()
    assert (match.status, match.proposal_note, added(session).status) == (
        "proposed",
        "Please talk.",
        "shortlisted",
    )


def test_a_pair_known_already_is_opened_instead(desk: PageClient) -> None:
    known = pair()
    page = desk.page(chosen(known.need, known.capability))
    assert "This pair has already been suggested." in page.text
    assert f"/desk/suggestions/{known.id}" in page.links


def test_one_the_engine_no_longer_names_can_be_added(desk: PageClient, session: Session) -> None:
    known = pair(is_current=False)
    desk.submit(chosen(known.need, known.capability), {"reason": "I know better."})
    assert (known.origin, known.is_current) == ("curator", True)


def test_a_pair_of_other_provinces_cannot_be_added(desk: PageClient, session: Session) -> None:
    foreign = factories.need(organisation=factories.OrganisationFactory(province="65"))
    path = chosen(foreign, factories.capability())
    assert "Choose at least one listing of your own provinces" in desk.page(path).text
    assert desk.submit(path, {"reason": "A reason."}).status_code == 422
    assert session.scalars(select(Suggestion)).all() == []


def test_whether_a_foreign_pair_is_suggested_cannot_be_learnt(desk: PageClient) -> None:
    known = pair("65", "11")
    assert "already been suggested" not in desk.page(chosen(known.need, known.capability)).text


def test_its_page_shows_the_reason_not_a_score(
    desk: PageClient, need: Any, capability: Any
) -> None:
    response = desk.submit(
        chosen(need, capability), {"reason": "Same brine chemistry."}, follow_redirects=True
    )
    text = Page(response.text).text
    assert "Added by a curator" in text
    assert "Same brine chemistry." in text
    assert "/100" not in text
