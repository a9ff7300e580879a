"""What somebody keeps: bookmarks, watched listings, saved searches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.db import now, today
from matchmaker.listings import service
from matchmaker.listings.jobs import expire_listings, remind_of_deadlines
from matchmaker.listings.models import Bookmark, Listing
from matchmaker.notices.models import Notice
from matchmaker.search import saved
from matchmaker.search.jobs import tell_finds
from matchmaker.search.models import SavedSearch
from matchmaker.services import services
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import as_actor, loaded, published


@pytest.fixture
def listing(app: Flask) -> Listing:
    return published(title="Lithium from brine")


@pytest.fixture
def reader(app: Flask) -> User:
    return factories.member_of(factories.OrganisationFactory(eastern=True))


@pytest.fixture
def browser(client: PageClient, reader: User) -> PageClient:
    return client.sign_in(reader)


def keep(browser: PageClient, listing: Listing, watch: str) -> None:
    response = browser.submit(f"/listings/{listing.id}/bookmark", {"watch": watch})
    assert response.status_code == 303


def kept(session: Session) -> list[bool]:
    return list(session.scalars(select(Bookmark.is_watched)))


def told(session: Session, user: User) -> list[str]:
    query = select(Notice.kind).where(Notice.user_id == user.id).order_by(Notice.id)
    return list(session.scalars(query))


def test_a_bookmark_is_kept_once_watched_and_removed(
    browser: PageClient, session: Session, listing: Listing
) -> None:
    steps = []
    for watch in ("no", "no", "yes", "no"):
        keep(browser, listing, watch)
        steps.append(kept(session))
    assert steps == [[False], [False], [True], [False]]
    assert listing.title in browser.page("/account/kept").text
    number = session.scalars(select(Bookmark.id)).one()
    browser.submit(f"/account/kept/{number}/remove")
    assert kept(session) == []


def test_the_listings_organisation_learns_nothing(
    app: Flask, browser: PageClient, session: Session, listing: Listing, reader: User
) -> None:
    keep(browser, listing, "yes")
    about = select(AuditRecord.action).where(AuditRecord.subject_type == "listing")
    assert set(session.scalars(about)) == {"listing.publish"}
    other: PageClient = app.test_client()  # type: ignore[assignment]
    other.sign_in(factories.member_of(listing.organisation))
    assert reader.name not in other.page(f"/listings/{listing.id}").text


def test_nobody_sees_or_removes_what_another_keeps(
    app: Flask, browser: PageClient, session: Session, listing: Listing
) -> None:
    keep(browser, listing, "no")
    number = session.scalars(select(Bookmark.id)).one()
    other: PageClient = app.test_client()  # type: ignore[assignment]
    other.sign_in(factories.member_of(factories.OrganisationFactory()))
    assert listing.title not in other.page("/account/kept").text
    assert other.submit(f"/account/kept/{number}/remove").status_code == 404


@pytest.mark.parametrize(
    ("watch", "move", "expected"),
    [
        ("yes", "pause", ["watch.gone"]),
        ("yes", "close", ["watch.gone"]),
        ("yes", "revise", []),  # gone for a review: they are told once it is back
        ("yes", "resume", ["watch.gone", "watch.changed"]),
        ("yes", "publish", ["watch.changed"]),
        ("no", "pause", []),
        ("no", "close", []),
    ],
)
def test_who_watches_is_told(
    browser: PageClient, session: Session, reader: User, listing: Listing, watch: str, move: str,
    expected: list[str],
) -> None:  # fmt: skip
    keep(browser, listing, watch)
    owner = as_actor(factories.member_of(listing.organisation))
    found = loaded(listing)
    if move in ("revise", "publish"):
        found.status = "in_review"
        session.commit()
        if move == "publish":
            curator = as_actor(factories.provincial_curator("63"))
            service.publish(session, curator, found, found.version)
    else:
        if move == "resume":
            service.pause(session, owner, found, found.version)
        reason = ("no_longer_needed",) if move == "close" else ()
        getattr(service, move)(session, owner, found, found.version, *reason)
    session.commit()
    assert told(session, reader) == expected


def test_what_expires_is_told(browser: PageClient, session: Session, reader: User) -> None:
    listing = published(deadline=today())
    keep(browser, listing, "yes")
    listing.deadline = today() - timedelta(days=1)
    session.commit()
    expire_listings(session)
    assert told(session, reader) == ["watch.gone"]


@pytest.mark.parametrize(
    ("days", "watch", "expected"), [(7, "yes", 1), (0, "yes", 1), (8, "yes", 0), (3, "no", 0)]
)
def test_a_deadline_is_told_a_week_before_and_once(
    browser: PageClient, session: Session, reader: User, days: int, watch: str, expected: int
) -> None:
    listing = published(deadline=today() + timedelta(days=days))
    keep(browser, listing, watch)
    assert [remind_of_deadlines(session), remind_of_deadlines(session)] == [expected, 0]
    assert told(session, reader) == ["watch.deadline"] * expected


def test_what_is_not_shown_keeps_its_approved_title_and_no_link(
    browser: PageClient, session: Session, listing: Listing
) -> None:
    keep(browser, listing, "no")
    listing.status, listing.title = "in_review", "Words that no curator has read"
    session.commit()
    page = browser.page("/account/kept")
    assert "Lithium from brine" in page.text
    assert "Words that no curator has read" not in page.text
    assert f"/listings/{listing.id}" not in page.links


# saved searches


def save(browser: PageClient, **sent: str) -> int:
    return browser.submit("/account/searches", sent).status_code


def test_a_search_is_saved_once_and_deleted(
    browser: PageClient, session: Session, listing: Listing
) -> None:
    assert [save(browser, q="brine", kind="need") for _ in range(2)] == [303, 303]
    found = session.scalars(select(SavedSearch)).one()
    assert (found.q, found.filters, found.name) == ("brine", {"kind": ["need"]}, "brine · Need")
    assert "brine · Need" in browser.page("/account/kept").text
    browser.submit(f"/account/searches/{found.id}/delete")
    assert session.scalar(select(func.count()).select_from(SavedSearch)) == 0


@pytest.mark.parametrize("address", ["/listings?q=brine", "/listings?q=nobodywrotethis"])
def test_the_results_page_offers_it_with_and_without_finds(
    browser: PageClient, listing: Listing, address: str
) -> None:
    assert "Tell me about new ones" in browser.page(address).text


def test_an_account_saves_so_many_and_no_more(
    browser: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    assert [save(browser, q="brine"), save(browser, q="yak")] == [303, 422]


def test_finds_of_a_night_are_one_notice(
    browser: PageClient, session: Session, reader: User, listing: Listing
) -> None:
    """Older listings are no news, and neither are those of one's own organisation."""
    save(browser, q="brine")
    session.scalars(select(SavedSearch)).one().looked_at = now() - timedelta(seconds=5)
    listing.published_at = now() - timedelta(days=1)
    session.commit()
    for title in ("Brine corrodes pumps", "Brine freezes"):
        published(title=title)
    published(title="Yak down has hair")
    searching = services().searching
    assert [tell_finds(session, searching), tell_finds(session, searching)] == [1, 0]
    notice = session.scalars(select(Notice).where(Notice.user_id == reader.id)).one()
    assert (notice.kind, notice.params["number"], notice.params["search"]) == (
        "watch.found", 2, "brine",
    )  # fmt: skip
    assert notice.path == "/listings?q=brine&sort=newest"


@pytest.mark.parametrize(("verified", "expected"), [(True, 1), (False, 0)])
def test_a_search_finds_no_more_than_its_owner_may_read(
    client: PageClient, session: Session, verified: bool, expected: int
) -> None:
    user = factories.member_of(factories.OrganisationFactory(eastern=True, unverified=not verified))
    save(client.sign_in(user), q="quoxel")
    session.scalars(select(SavedSearch)).one().looked_at = now() - timedelta(seconds=5)
    session.commit()
    published(title="Pumps", description="They are full of quoxel.")
    assert tell_finds(session, services().searching) == expected


def test_facets_alone_are_a_search(browser: PageClient, session: Session) -> None:
    save(browser, kind="need", province="63")
    session.scalars(select(SavedSearch)).one().looked_at = now() - timedelta(seconds=5)
    session.commit()
    published()
    published(factories.capability)
    assert tell_finds(session, services().searching) == 1
