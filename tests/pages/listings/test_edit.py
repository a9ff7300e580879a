"""Changing a listing: what happens to what readers see, and when somebody else was quicker."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.listings import indexing, service
from matchmaker.listings.models import Listing, SearchRow
from matchmaker.listings.rules import content_of
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from tests import factories
from tests.client import Page, PageClient
from tests.listings.conftest import as_actor, complete, loaded
from tests.pages.listings.conftest import typed


@pytest.fixture
def listing(session: Session, organisation: Organisation, author: Actor) -> Listing:
    """A complete draft of the organisation."""
    return loaded(
        service.create(session, author, organisation, factories.plan(), complete(), kind="need")
    )


def put(listing: Listing, status: str) -> Listing:
    listing.status = status
    if status == "published":
        indexing.index(db.session(), listing)
    db.session.commit()
    return listing


def address(listing: Listing) -> str:
    return f"/listings/{listing.id}/edit"


@pytest.mark.parametrize(
    ("status", "action", "then"),
    [
        ("draft", "save", "draft"),
        ("draft", "submit", "in_review"),
        ("changes_requested", "save", "changes_requested"),
        ("changes_requested", "submit", "in_review"),
        ("in_review", "save", "draft"),
        ("in_review", "submit", "in_review"),
        ("paused", "submit", "in_review"),
        ("expired", "submit", "in_review"),
    ],
)
def test_the_status_after_a_change(
    home: PageClient, listing: Listing, status: str, action: str, then: str
) -> None:
    put(listing, status)
    sent = typed(complete(title="New title"), action=action, version=listing.version)
    assert home.submit(address(listing), sent).status_code == 303
    changed = loaded(listing)
    assert (changed.status, changed.title) == (then, "New title")


def test_the_form_shows_what_is_stored(home: PageClient, listing: Listing) -> None:
    sent = typed(content_of(listing), action="save", version=listing.version)
    home.submit(address(listing), sent)
    assert content_of(loaded(listing)) == complete()


def test_readers_keep_the_published_text_until_the_new_one_is_approved(
    home: PageClient, listing: Listing, session: Session
) -> None:
    put(listing, "published")
    assert "What you change is reviewed again." in home.page(address(listing)).text
    sent = typed(complete(title="Other words"), action="submit", version=listing.version)
    assert home.submit(address(listing), sent).status_code == 303
    stays = loaded(listing)
    assert (stays.status, stays.title) == ("published", "Lithium from old brine")
    assert len(session.scalars(select(SearchRow)).all()) == 1
    assert "You have sent a change" in home.page(f"/listings/{listing.id}").text
    assert 'value="Other words"' in home.get(address(listing)).text


def test_a_published_listing_is_not_withdrawn_by_a_faulty_form(
    home: PageClient, listing: Listing
) -> None:
    put(listing, "published")
    sent = typed(complete(summary="", trl=7), action="submit", version=listing.version)
    response = home.submit(address(listing), sent)
    assert response.status_code == 422
    assert "Summary: please fill this in." in response.text
    stays = loaded(listing)
    assert (stays.status, stays.summary, stays.trl) == ("published", "The adsorbent crumbles.", 6)
    assert 'value="7"' in home.get(address(listing)).text


def test_a_change_of_a_published_listing_can_wait(home: PageClient, listing: Listing) -> None:
    put(listing, "published")
    sent = typed(complete(title="Better words"), action="save", version=listing.version)
    assert home.submit(address(listing), sent).status_code == 303
    stays = loaded(listing)
    assert (stays.status, stays.title) == ("published", "Lithium from old brine")
    assert "Better words" not in home.page("/listings").text
    assert 'value="Better words"' in home.get(address(listing)).text


def test_a_closed_listing_is_not_edited(home: PageClient, listing: Listing) -> None:
    put(listing, "closed")
    response = home.submit(address(listing), typed(complete(title="New"), version=listing.version))
    assert response.status_code == 303
    assert loaded(listing).title == "Lithium from old brine"


def test_whoever_comes_second_keeps_the_text_and_may_send_it_again(
    home: PageClient, listing: Listing, organisation: Organisation, session: Session
) -> None:
    colleague = as_actor(factories.member_of(organisation, "editor", name="Quick Colleague"))
    seen = listing.version
    service.revise(session, colleague, listing, seen, complete(title="Colleague's"))
    session.commit()
    response = home.submit(
        address(listing), typed(complete(title="Mine"), action="save", version=seen)
    )
    page = Page(response.text)
    assert response.status_code == 409
    assert "Quick Colleague" in page.text
    assert 'value="Mine"' in response.text
    newest = loaded(listing)
    assert f'name="version" value="{newest.version}"' in response.text
    again = typed(complete(title="Mine"), action="save", version=newest.version)
    assert home.submit(address(listing), again).status_code == 303
    assert loaded(listing).title == "Mine"


def test_a_form_without_a_version_changes_nothing(home: PageClient, listing: Listing) -> None:
    assert (
        home.submit(address(listing), typed(complete(title="Mine"), action="save")).status_code
        == 409
    )
    assert loaded(listing).title == "Lithium from old brine"


def test_what_the_curator_asked_is_above_the_form(
    home: PageClient, listing: Listing, curator: User, session: Session
) -> None:
    put(listing, "in_review")
    service.request_changes(
        session, as_actor(curator), listing, listing.version, "How many tonnes?"
    )
    session.commit()
    assert "How many tonnes?" in home.page(address(listing)).text


@pytest.mark.parametrize("who", ["visitor", "stranger", "viewer", "curator"])
def test_nobody_else_edits(
    client: PageClient, listing: Listing, organisation: Organisation, who: str
) -> None:
    users = {
        "stranger": lambda: factories.member_of(factories.OrganisationFactory()),
        "viewer": lambda: factories.member_of(organisation, "viewer"),
        "curator": lambda: factories.provincial_curator("63"),
    }
    if who != "visitor":
        client.sign_in(users[who]())
    for verb in ("edit", "submit", "pause", "resume", "renew", "close"):
        response = client.submit(f"/listings/{listing.id}/{verb}", {"version": listing.version})
        assert response.status_code == (401 if who == "visitor" else 404), verb
