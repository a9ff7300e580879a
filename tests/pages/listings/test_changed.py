"""What has changed in a published listing: who reads it, who is told, what needs no review."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.listings import changes, service
from matchmaker.listings.models import Listing
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import as_actor, complete, loaded
from tests.pages.listings.conftest import typed

OLD, NEW = "Lithium from old brine", "Lithium from new brine"


@pytest.fixture
def listing(session: Session, organisation: Organisation, author: Actor, curator: User) -> Listing:
    """A published need."""
    plan, content = factories.plan(), complete(title=OLD)
    made = service.create(session, author, organisation, plan, content, kind="need", submit=True)
    made = loaded(made)
    service.publish(session, as_actor(curator), made, made.version)
    return loaded(made)


@pytest.fixture
def partner(listing: Listing) -> User:
    """Someone of an organisation that has a match over the listing."""
    offered = factories.capability()
    factories.MatchFactory(need=listing, capability=offered, status="mutual")
    return factories.member_of(offered.organisation)


def send(session: Session, author: Actor, listing: Listing) -> None:
    content = complete(title=NEW, description="Other words for members.")
    changes.submit(session, author, listing, listing.version, content)
    session.commit()


def approve(client: PageClient, curator: User, listing: Listing) -> None:
    client.sign_in(curator)
    path = f"/desk/listings/{listing.id}"
    text = listing.working_text.version if listing.working_text else 0
    sent = {"decision": "publish", "version": listing.version, "text": text}
    assert client.submit(path, sent).status_code == 303


def test_partners_are_told_and_read_what_changed(
    client: PageClient,
    session: Session,
    author: Actor,
    curator: User,
    listing: Listing,
    partner: User,
) -> None:
    send(session, author, listing)
    approve(client, curator, listing)
    [notice] = session.scalars(select(Notice).where(Notice.kind == "match.listing_changed"))
    assert (notice.user_id, notice.path) == (partner.id, f"/listings/{listing.id}#changed")
    client.sign_in(partner)
    html = client.get(f"/listings/{listing.id}").text
    assert "<del>old</del>" in html
    assert "<ins>new</ins>" in html


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_others_read_the_new_text_alone(
    client: PageClient, session: Session, author: Actor, curator: User, listing: Listing, who: str
) -> None:
    send(session, author, listing)
    approve(client, curator, listing)
    client = PageClient(client.application)
    if who == "stranger":
        client.sign_in(factories.member_of(factories.OrganisationFactory()))
    html = client.get(f"/listings/{listing.id}").text
    assert (NEW in html, "<del>" in html) == (True, False)


def test_the_author_compares_what_waits_with_what_readers_see(
    client: PageClient, session: Session, author: Actor, owner: User, listing: Listing
) -> None:
    send(session, author, listing)
    client.sign_in(owner)
    html = client.get(f"/listings/{listing.id}").text
    assert "<ins>new</ins>" in html.partition('id="sent"')[2]


def test_a_slip_is_corrected_from_the_form_at_once(
    client: PageClient, session: Session, owner: User, curator: User, listing: Listing
) -> None:
    client.sign_in(owner)
    path, mended = f"/listings/{listing.id}/edit", "Lithium from old brines"
    content = complete(title=mended, deadline=listing.deadline)
    sent = {**typed(content), "action": "submit", "version": listing.version}
    page = client.submit(path, sent, follow_redirects=True)
    assert "readers see it now" in page.text
    assert (loaded(listing).title, listing.working_text) == (mended, None)
    client.sign_in(curator)
    html = client.get("/desk/corrections").text
    assert "<ins>brines</ins>" in html


def test_the_list_of_corrections_is_of_ones_own_provinces(
    client: PageClient, session: Session, author: Actor, listing: Listing
) -> None:
    content = complete(title="Lithium from old brines", deadline=listing.deadline)
    changes.correct(session, author, listing, listing.version, content)
    session.commit()
    client.sign_in(factories.provincial_curator("65"))
    assert "brines" not in client.get("/desk/corrections").text
