"""Small corrections on the desk: read, and taken back with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.listings.models import Listing, PublishedChange
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import loaded

OLD, MENDED, REASON = "Lithium from old brine", "Lithium from old brines", "It was one brine."


@pytest.fixture
def correction(session: Session) -> PublishedChange:
    """A small correction of a published need of Qinghai, by its author."""
    need = factories.need(title=MENDED, organisation=factories.OrganisationFactory(province="63"))
    made: PublishedChange = factories.CorrectionFactory(
        listing=need, user_id=need.author_id, before={"title": OLD}, after={"title": MENDED}
    )
    session.commit()
    return made


@pytest.fixture
def desk(client: PageClient, correction: PublishedChange) -> PageClient:
    return client.sign_in(factories.provincial_curator("63"))


def send(desk: PageClient, listing: Listing, number: int, reason: str) -> int:
    sent = {"version": listing.version, f"correction-{number}-reason": reason}
    return desk.submit(f"/desk/corrections/{number}", sent).status_code


def listing_of(session: Session, correction: PublishedChange) -> Listing:
    found = session.get(Listing, correction.listing_id)
    assert found is not None
    return loaded(found)


def test_the_list_has_a_form_for_what_can_be_taken_back(desk: PageClient) -> None:
    assert "Why you undo it" in desk.page("/desk/corrections").text


def test_readers_have_the_earlier_text_and_the_list_says_why(
    desk: PageClient, session: Session, correction: PublishedChange
) -> None:
    number, listing = correction.id, listing_of(session, correction)
    assert send(desk, listing, number, REASON) == 303
    assert loaded(listing).title == OLD
    page = desk.page("/desk/corrections")
    assert "shows its earlier text again" in page.text
    assert REASON in page.text
    assert "Why you undo it" not in page.text


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Why you undo it: please fill this in."),
        ("y" * 501, "Why you undo it: 500 characters at most"),
    ],
)
def test_a_reason_is_asked_for_and_kept(
    desk: PageClient, session: Session, correction: PublishedChange, reason: str, sentence: str
) -> None:
    number, listing = correction.id, listing_of(session, correction)
    sent = {"version": listing.version, f"correction-{number}-reason": reason}
    answer = desk.submit(f"/desk/corrections/{number}", sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert reason in answer.text
    assert loaded(listing).title == MENDED


def test_a_second_click_is_told_that_it_was_done(
    desk: PageClient, session: Session, correction: PublishedChange
) -> None:
    number, listing = correction.id, listing_of(session, correction)
    send(desk, listing, number, REASON)
    assert send(desk, loaded(listing), number, REASON) == 422
    page = desk.page(f"/desk/corrections/{number}")
    assert "Correction undone" in page.text
    assert f"correction-{number}-reason" not in page.ids


def test_a_listing_that_has_changed_since_offers_nothing(
    desk: PageClient, session: Session, correction: PublishedChange
) -> None:
    number, listing = correction.id, listing_of(session, correction)
    listing.title = "Lithium from other brine"
    session.commit()
    for path in ("/desk/corrections", f"/desk/corrections/{number}"):
        page = desk.page(path)
        assert "The listing has changed since." in page.text
        assert f"correction-{number}-reason" not in page.ids


def test_who_was_slower_is_shown_who_acted_first(
    desk: PageClient, session: Session, correction: PublishedChange
) -> None:
    number, listing = correction.id, listing_of(session, correction)
    listing.version -= 1  # as an older page has it
    session.expunge(listing)
    assert send(desk, listing, number, REASON) == 409


@pytest.mark.parametrize(
    ("who", "reads_reason", "may_take_back"),
    [("curator", True, True), ("owner", True, False), ("partner", False, False)],
)
def test_the_page_of_the_listing_tells_of_it(
    desk: PageClient,
    session: Session,
    correction: PublishedChange,
    who: str,
    *,
    reads_reason: bool,
    may_take_back: bool,
) -> None:
    number, listing = correction.id, listing_of(session, correction)
    link = f"/desk/corrections/{number}"
    people: dict[str, User] = {
        "curator": factories.provincial_curator("63"),
        "owner": factories.member_of(session.get(Organisation, listing.organisation_id)),
        "partner": _partner(listing),
    }
    session.commit()
    reader = PageClient(desk.application).sign_in(people[who])
    assert (link in reader.page(f"/listings/{listing.id}").links) == may_take_back
    send(desk, loaded(listing), number, REASON)
    page = reader.page(f"/listings/{listing.id}")
    assert "a curator undid a small correction" in page.text
    assert (REASON in page.text, link in page.links) == (reads_reason, False)


def _partner(listing: Listing) -> User:
    offered = factories.capability()
    factories.MatchFactory(need=listing, capability=offered, status="mutual")
    return factories.member_of(offered.organisation)
