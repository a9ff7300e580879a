"""The link of a reminder: one page, one button, no signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.db import now, today
from matchmaker.listings import jobs, links, reminding
from matchmaker.listings.models import Listing, Reminder
from matchmaker.notices.models import OutboxMail
from matchmaker.organisations.models import Membership, Organisation
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import loaded, published

AGO = timedelta(days=100)


@pytest.fixture
def ending(organisation: Organisation) -> Listing:
    """A listing that was shown for a hundred days and ends in ten."""
    return published(
        organisation=organisation,
        title="Brine",
        published_at=now() - AGO,
        confirmed_at=now() - AGO,
        deadline=today() + timedelta(days=10),
    )


def mailed(session: Session, kind: str) -> str:
    """The link of the mail of the kind."""
    return session.scalars(select(OutboxMail).where(OutboxMail.kind == kind)).one().path


def test_one_click_renews_for_as_long_again_in_the_name_of_who_was_mailed(
    client: PageClient, session: Session, owner: User, ending: Listing
) -> None:
    jobs.remind_writers(session)
    path = mailed(session, "listing.deadline_near")
    page = client.get(path)
    assert (page.status_code, loaded(ending).deadline) == (200, today() + timedelta(days=10))
    assert page.text.count('class="primary"') == 1
    assert client.submit(path, {}).status_code == 200
    assert loaded(ending).deadline == today() + timedelta(days=120)
    newest = session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert newest is not None
    assert (newest.action, newest.actor_id) == ("listing.renew", owner.id)


def test_another_day_can_be_chosen_and_a_wrong_one_is_said(
    client: PageClient, session: Session, owner: User, ending: Listing
) -> None:
    jobs.remind_writers(session)
    path, day = mailed(session, "listing.deadline_near"), today() + timedelta(days=60)
    wrong = client.submit(path, {"deadline": "31 brumaire"})
    assert (wrong.status_code, "31 brumaire" in wrong.text) == (422, True)
    assert client.submit(path, {"deadline": day.isoformat()}).status_code == 200
    assert loaded(ending).deadline == day


@pytest.mark.parametrize("second", ["GET", "POST"])
def test_a_link_works_once(
    client: PageClient, session: Session, owner: User, ending: Listing, second: str
) -> None:
    jobs.remind_writers(session)
    path = mailed(session, "listing.deadline_near")
    client.submit(path, {})
    page = client.get(path) if second == "GET" else client.submit(path, {})
    assert (page.status_code, "This link has been used" in page.text) == (410, True)
    assert loaded(ending).deadline == today() + timedelta(days=120)


def test_what_has_expired_is_shown_again(
    client: PageClient, session: Session, owner: User, organisation: Organisation
) -> None:
    late = published(
        organisation=organisation,
        deadline=today() - timedelta(days=1),
        confirmed_at=now() - timedelta(days=41),
    )
    jobs.expire_listings(session)
    client.submit(mailed(session, "listing.expired"), {})
    assert (loaded(late).standing, late.deadline) == ("published", today() + timedelta(days=40))


def asked(
    session: Session, organisation: Organisation, **fields: object
) -> tuple[Listing, Reminder]:
    """A listing that nobody spoke of, and the question whether it is still open."""
    said = now() - timedelta(days=200)
    listing = published(organisation=organisation, published_at=said, confirmed_at=said, **fields)
    return listing, factories.ReminderFactory(listing_id=listing.id)


@pytest.mark.parametrize("status", ["published", "paused"])
def test_a_yes_is_noted_and_shows_what_was_paused(
    client: PageClient, session: Session, owner: User, organisation: Organisation, status: str
) -> None:
    listing, reminder = asked(session, organisation, status=status)
    assert client.submit(links.make(reminder.id, owner.id), {}).status_code == 200
    assert loaded(listing).standing == "published"
    assert listing.confirmed_at is not None
    assert now() - listing.confirmed_at < timedelta(minutes=1)


def test_a_link_that_is_too_old_says_so(
    client: PageClient, session: Session, owner: User, organisation: Organisation
) -> None:
    _, reminder = asked(session, organisation)
    reminder.asked_at = now() - reminding.LINK_GOOD_FOR
    session.commit()
    page = client.get(links.make(reminder.id, owner.id))
    assert (page.status_code, "is over" in page.text) == (410, True)


@pytest.mark.parametrize("why", ["altered", "left", "viewer", "suspended", "stranger"])
def test_who_may_not_answer_learns_nothing(
    client: PageClient, session: Session, owner: User, organisation: Organisation, why: str
) -> None:
    listing, reminder = asked(session, organisation, title="Brine of the lake")
    member = session.query(Membership).filter_by(user_id=owner.id).one()
    path = links.make(reminder.id, owner.id)
    if why == "altered":
        path = path[:-1]
    elif why == "left":
        session.delete(member)
    elif why == "viewer":
        member.role = "viewer"
    elif why == "suspended":
        owner.suspended_at = now()
    else:
        path = links.make(reminder.id, factories.member_of(factories.OrganisationFactory()).id)
    session.commit()
    page = client.submit(path, {})
    assert (page.status_code, "This link does not work" in page.text) == (404, True)
    assert "Brine" not in page.text
    assert loaded(listing).confirmed_at != now()


def test_an_organisation_that_may_not_publish_now_is_told_why(
    client: PageClient, session: Session, owner: User, organisation: Organisation, ending: Listing
) -> None:
    jobs.remind_writers(session)
    organisation.status = "lapsed"
    session.commit()
    page = client.submit(mailed(session, "listing.deadline_near"), {})
    assert (page.status_code, "Only verified" in page.text) == (422, True)
    assert client.get(mailed(session, "listing.deadline_near")).status_code == 200
