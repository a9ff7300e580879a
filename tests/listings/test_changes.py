"""A change of a published listing: sent, approved, given back, overtaken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import today
from matchmaker.errors import Conflict, Refused
from matchmaker.listings import changes, drafts, queries, service
from matchmaker.listings.models import Listing, PublishedChange
from matchmaker.listings.rules import change_status, readable, writers_content
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from tests import factories
from tests.listings.conftest import as_actor, complete, loaded

OLD, NEW = "Lithium from old brine", "Lithium from new brine"


@pytest.fixture
def listing(session: Session, organisation: Organisation, author: Actor, curator: User) -> Listing:
    """A published need."""
    plan, content = factories.plan(), complete()
    made = service.create(session, author, organisation, plan, content, kind="need", submit=True)
    made = loaded(made)
    service.publish(session, as_actor(curator), made, made.version)
    return loaded(made)


def send(session: Session, author: Actor, listing: Listing, **said: object) -> int:
    """Send a change, and return the version of the working text."""
    content = complete(title=NEW, **said)  # type: ignore[arg-type]
    changes.submit(session, author, listing, listing.version, content)
    session.commit()
    assert listing.working_text is not None
    return listing.working_text.version


def test_readers_keep_the_old_text(session: Session, listing: Listing, author: Actor) -> None:
    send(session, author, listing)
    again = loaded(listing)
    assert (again.title, again.status, again.matching_due) == (OLD, "published", True)
    assert (writers_content(again).title, change_status(again)) == (NEW, "in_review")


def test_the_approved_change_is_what_readers_get(
    session: Session, listing: Listing, author: Actor, curator: User
) -> None:
    seen = send(session, author, listing, annex="New secret")
    changes.approve(session, as_actor(curator), listing, listing.version, seen=seen)
    again = loaded(listing)
    assert (again.title, again.approved_title, again.annex_version) == (NEW, NEW, 2)
    assert again.working_text is None


def test_what_was_typed_meanwhile_stays_its_authors(
    session: Session, listing: Listing, author: Actor, curator: User
) -> None:
    seen = send(session, author, listing)
    drafts.keep(session, author, listing, listing.version, {"title": ["Third"]}, seen=seen)
    with pytest.raises(Conflict):
        changes.approve(session, as_actor(curator), listing, listing.version, seen=seen)
    changes.approve(session, as_actor(curator), listing, listing.version, seen=seen + 1)
    again = loaded(listing)
    assert again.working_text is not None
    assert (again.title, again.working_text.typed) == (NEW, {"title": ["Third"]})


def test_a_change_that_is_given_back_can_be_sent_again(
    session: Session, listing: Listing, author: Actor, curator: User
) -> None:
    seen = send(session, author, listing)
    changes.ask_again(session, as_actor(curator), listing, listing.version, "Why?", seen=seen)
    again = loaded(listing)
    assert (again.title, change_status(again)) == (OLD, "changes_requested")
    changes.submit(session, author, again, again.version, complete(title="Third"), seen=seen + 1)
    assert change_status(again) == "in_review"


@pytest.mark.parametrize("status", ["draft", "in_review", "paused", "closed"])
def test_only_a_published_text_is_changed_so(
    session: Session, listing: Listing, author: Actor, status: str
) -> None:
    listing.status = status
    session.commit()
    with pytest.raises(Refused):
        changes.submit(session, author, listing, listing.version, complete())


@pytest.mark.parametrize(("days", "is_later"), [(10, False), (90, False), (120, True)])
def test_a_later_deadline_needs_no_review(
    session: Session, listing: Listing, author: Actor, days: int, *, is_later: bool
) -> None:
    day = today() + timedelta(days=days)
    if not is_later:
        with pytest.raises(Refused):
            service.renew(session, author, listing, listing.version, day)
        return
    service.renew(session, author, listing, listing.version, day)
    assert listing.deadline == day


MENDED = "Lithium from old brines"


def test_a_small_correction_is_read_at_once(
    session: Session, listing: Listing, author: Actor
) -> None:
    content = complete(title=MENDED, deadline=listing.deadline)
    changes.correct(session, author, listing, listing.version, content)
    again = loaded(listing)
    assert (again.title, again.approved_title, again.matching_due) == (MENDED, MENDED, True)
    assert again.working_text is None
    [change] = queries.changes_of(session, listing.id, 9)
    assert (change.is_small, change.before, change.after) == (
        True,
        {"title": OLD},
        {"title": MENDED},
    )


@pytest.mark.parametrize(
    "said",
    [{"title": NEW}, {"title": MENDED, "trl": 7}, {"title": OLD, "deadline": None}],
)
def test_what_is_more_needs_a_review(
    session: Session, listing: Listing, author: Actor, said: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        changes.correct(session, author, listing, listing.version, complete(**said))


def test_small_corrections_are_measured_by_what_a_curator_read(
    session: Session, listing: Listing, author: Actor
) -> None:
    content = complete(title="Lithium from olds brines", deadline=listing.deadline)
    changes.correct(session, author, listing, listing.version, content)
    again = loaded(listing)
    further = complete(title="Lithiums fromm olds brines", deadline=listing.deadline)
    assert changes.needs_no_review(session, again, content) is False  # nothing has changed
    assert changes.needs_no_review(session, again, further)
    content = complete(title="Lithiums fromm olds brinese", deadline=listing.deadline)
    assert not changes.needs_no_review(session, again, content)


def test_a_change_under_way_goes_on_through_review(
    session: Session, listing: Listing, author: Actor
) -> None:
    send(session, author, listing)
    assert not changes.needs_no_review(session, listing, complete(title=MENDED))


def test_what_a_correction_must_not_bring_in_needs_a_review(
    session: Session, listing: Listing
) -> None:
    shouted = complete(title=OLD, summary="密级：The adsorbent crumbles.")
    assert not changes.needs_no_review(session, listing, shouted)


def test_an_approved_change_is_kept_with_both_texts(
    session: Session, listing: Listing, author: Actor, curator: User
) -> None:
    seen = send(session, author, listing, annex="New secret")
    changes.approve(session, as_actor(curator), listing, listing.version, seen=seen)
    [change] = queries.changes_of(session, listing.id, 9)
    assert (change.is_small, change.before, change.after) == (False, {"title": OLD}, {"title": NEW})


def test_a_text_that_was_paused_and_changed_is_kept_with_both_texts(
    session: Session, listing: Listing, author: Actor, curator: User
) -> None:
    service.pause(session, author, listing, listing.version)
    service.revise(session, author, listing, listing.version, complete(title=NEW))
    change = service.publish(session, as_actor(curator), listing, listing.version)
    assert change is not None
    assert (change.before, change.after) == ({"title": OLD}, {"title": NEW})


@pytest.mark.parametrize(
    ("tier", "expected"), [("public", ["title"]), ("members", ["title", "description"])]
)
def test_a_reader_learns_of_changes_as_far_as_their_tier_goes(
    tier: str, expected: list[str]
) -> None:
    before = {"title": OLD, "description": "a"}
    change = PublishedChange(before=before, after={"title": NEW, "description": "b"})
    assert [one.field for one in readable(change, tier)] == expected
