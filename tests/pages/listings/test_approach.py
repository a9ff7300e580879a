"""The first step from a listing's page: who is offered it, what is sent, what stands in the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.cooperation.models import Interest, Match
from matchmaker.db import now
from matchmaker.listings.models import Listing, MadeListing
from matchmaker.organisations.models import Organisation
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.run import pair
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.run.jobs import refresh_suggestions
from matchmaker.services import services
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published


@pytest.fixture
def need(app: Flask) -> Listing:
    return published(
        organisation=factories.OrganisationFactory(),
        title="Lithium from brine",
        description="Brine of a salt lake.",
        must_haves=["Recovery of 90 %"],
    )


@pytest.fixture
def east(app: Flask) -> Organisation:
    return factories.OrganisationFactory(eastern=True)


@pytest.fixture
def helper(client: PageClient, east: Organisation) -> PageClient:
    """The browser of an eastern organisation's owner."""
    return client.sign_in(factories.member_of(east))


def path(listing: Listing) -> str:
    return f"/listings/{listing.id}/approach"


PEOPLE: dict[str, tuple[Callable[[Listing], User | None], str]] = {
    "visitor": (lambda need: None, "button"),
    "eastern owner": (lambda need: _member(eastern=True), "button"),
    "eastern viewer": (lambda need: _member("viewer", eastern=True), "notice"),
    "unverified": (lambda need: _member(eastern=True, unverified=True), "notice"),
    "lapsed": (lambda need: _member(eastern=True, status="lapsed"), "notice"),
    "suspended": (lambda need: _member(eastern=True, status="suspended"), "notice"),
    "western owner": (lambda need: _member(), "notice"),
    "without an organisation": (lambda need: factories.UserFactory(), "notice"),
    "its own": (lambda need: factories.member_of(need.organisation), ""),
    "curator": (lambda need: factories.provincial_curator("63"), ""),
    "evaluator": (lambda need: factories.staff("evaluator"), ""),
}


def _member(role: str = "owner", **fields: Any) -> User:
    return factories.member_of(factories.OrganisationFactory(**fields), role)


@pytest.mark.parametrize("who", PEOPLE)
def test_a_listing_offers_the_step_or_says_why_not(
    client: PageClient, need: Listing, who: str
) -> None:
    make, expected = PEOPLE[who]
    user = make(need)
    if user is not None:
        client.sign_in(user)
    page = client.page(f"/listings/{need.id}")
    offered, said = path(need) in page.links, "first-step" in page.ids
    assert (offered, said) == (expected == "button", expected == "notice")
    if user is not None:
        assert ("offer" in client.page(path(need)).ids) == (expected == "button")


def test_a_visitor_signs_in_and_comes_back(client: PageClient, need: Listing) -> None:
    response = client.get(path(need))
    assert response.status_code == 303
    assert response.location == f"/sign-in?next={path(need)}"


def test_an_organisations_page_leads_to_the_step(helper: PageClient, need: Listing) -> None:
    assert path(need) in helper.page(f"/organisations/{need.organisation_id}").links


def test_own_listings_come_best_first_with_their_scores(
    helper: PageClient, need: Listing, east: Organisation
) -> None:
    for title, text in (("Barley seed", "Seed of highland barley."), ("Lithium sorbent", "Brine.")):
        published(factories.capability, organisation=east, title=title, description=text)
    text = helper.get(path(need)).text
    assert text.index("Lithium sorbent") < text.index("Barley seed")
    assert text.count('class="score"') == 2


def test_the_step_with_a_listing_opens_a_match_that_says_why(
    helper: PageClient, session: Session, need: Listing, east: Organisation
) -> None:
    own = published(
        factories.capability,
        organisation=east,
        title="Lithium sorbent",
        description="Lithium from brine. The recovery is 92 %.",
    )
    response = helper.submit(path(need), {"offer": str(own.id), "message": "We can help."})
    match = session.scalars(select(Match)).one()
    assert response.location == f"/matches/{match.id}"
    found = session.scalars(select(Suggestion)).one()
    assert (found.origin, bool(found.parts)) == ("member", True)
    page = helper.page(response.location).text
    assert "Why they may fit" in page
    assert "Recovery of 90 %" in page


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        ({"offer": "draft", "title": "Our sorbent", "summary": "hiddenwords"}, "Our sorbent"),
        ({"offer": "none", "message": "We have something like it."}, "We have something like it."),
    ],
)
def test_without_a_listing_a_draft_is_made_whose_words_the_other_side_does_not_read(
    app: Flask,
    helper: PageClient,
    session: Session,
    need: Listing,
    east: Organisation,
    sent: dict[str, str],
    title: str,
) -> None:
    response = helper.submit(path(need), sent)
    assert response.status_code == 303
    made = session.get_one(Listing, session.scalars(select(MadeListing.listing_id)).one())
    platforms = f"Offer by {east.name_other}"
    assert (made.status, made.title, made.approved_title) == (
        "draft",
        title,
        platforms,
    )
    other: PageClient = app.test_client()  # type: ignore[assignment]
    other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    other.sign_in(factories.member_of(need.organisation, language="en"))
    for page in (response.location, "/matches", "/home", "/notices"):
        text = other.page(page).text
        assert "hiddenwords" not in text
        assert "Our sorbent" not in text
        assert platforms in text or page == "/notices"
    assert other.get(f"/listings/{made.id}").status_code == 404
    assert "Our sorbent" not in other.page("/listings?q=sorbent").text.replace("sorbent”", "")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "What do you approach them with?"),
        ({"offer": "999999", "message": "Hello"}, "What do you approach them with?"),
        ({"offer": "draft", "message": "Hello"}, "Title"),
        ({"offer": "draft", "title": "x" * 161, "message": "Hello"}, "Title"),
        ({"offer": "none", "title": "Kept"}, "Your message to them"),
        ({"offer": "none", "message": "x" * 2001}, "Your message to them"),
    ],
)
def test_a_fault_is_named_and_what_was_typed_stays(
    helper: PageClient, session: Session, need: Listing, sent: dict[str, str], field: str
) -> None:
    response = helper.submit(path(need), sent)
    assert response.status_code == 422
    assert field in response.text
    assert all(text in response.text for name, text in sent.items() if name != "offer")
    assert session.scalar(select(func.count()).select_from(Match)) == 0


def test_a_listing_of_another_organisation_is_no_choice(helper: PageClient, need: Listing) -> None:
    foreign = published(factories.capability)
    assert helper.submit(path(need), {"offer": str(foreign.id)}).status_code == 422


def test_a_pair_that_curators_hold_back_does_not_go_out(
    helper: PageClient, session: Session, need: Listing, east: Organisation
) -> None:
    own = published(factories.capability, organisation=east)
    factories.SuggestionFactory(need=need, capability=own, status="held_back")
    session.commit()
    response = helper.submit(path(need), {"offer": str(own.id), "message": "keptwords"})
    assert response.status_code == 422
    assert "keptwords" in response.text
    assert session.scalar(select(func.count()).select_from(Interest)) == 0


def test_who_is_in_touch_already_is_led_to_the_match(
    helper: PageClient, need: Listing, east: Organisation
) -> None:
    own = published(factories.capability, organisation=east)
    helper.submit(path(need), {"offer": str(own.id)})
    page = helper.page(path(need))
    assert "already in touch over this listing" in page.text
    assert "/matches/1" in page.links


def test_once_a_draft_is_published_its_pair_is_scored_for_both(
    helper: PageClient, session: Session, need: Listing
) -> None:
    """However little the two have in common: people have put them together."""
    sent = {"offer": "draft", "title": "Barley seed", "summary": "Seed of highland barley."}
    helper.submit(path(need), sent)
    made = session.get_one(Listing, session.scalars(select(MadeListing.listing_id)).one())
    made.status, made.published_at, made.matching_due = "published", now(), True
    made.approved_title = made.title
    session.commit()
    refresh_suggestions(session, RecommenderStore())
    session.expire_all()
    found = session.scalars(select(Suggestion)).one()
    assert (found.is_current, found.band, bool(found.parts)) == (True, "weak", True)
    assert helper.get(f"/suggestions/{found.id}").status_code == 200


def test_nobody_waits_to_write_while_two_listings_are_compared(
    app: Flask,
    helper: PageClient,
    need: Listing,
    east: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = published(factories.capability, organisation=east)
    file = services(app).settings.home_path / "matchmaker.sqlite"
    compared: list[int] = []

    def compare(comparison: pair.Comparison, *, explain: bool = True) -> dict[Any, Any]:
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # raises at once when somebody holds the lock
        other.execute("COMMIT")
        other.close()
        compared.append(len(comparison.pairs))
        return {}

    monkeypatch.setattr(pair, "compare", compare)
    assert helper.submit(path(need), {"offer": ""}).status_code == 422
    assert helper.submit(path(need), {"offer": str(own.id)}).status_code == 303
    assert compared == [1, 1]
