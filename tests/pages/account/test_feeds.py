"""The secret address of a person's calendar and feeds: shown once, read only, ended at will."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from matchmaker.accounts.models import FeedAddress, User
from matchmaker.db import db, now, today
from matchmaker.organisations.models import Organisation
from matchmaker.search.models import SavedSearch
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    return factories.OrganisationFactory()


@pytest.fixture
def person(organisation: Organisation) -> User:
    return factories.member_of(organisation, language="en")


@pytest.fixture
def home(client: PageClient, person: User) -> PageClient:
    return client.sign_in(person)


@pytest.fixture
def program(app: Flask) -> PageClient:
    """A calendar that is signed in nowhere."""
    return app.test_client()  # type: ignore[return-value]


def made(home: PageClient) -> list[str]:
    """Make an address; return the paths that the page shows."""
    html = home.submit("/account/feeds").text
    return re.findall(r'<code class="break">http://localhost(/feeds/[^<]+)</code>', html)


def entries(program: PageClient, path: str) -> list[str]:
    response = program.get(path)
    assert response.mimetype == "text/calendar"
    return [str(one["summary"]) for one in Calendar.from_ical(response.data).walk("VEVENT")]


def test_a_program_reads_deadlines_of_listings_and_matches(
    home: PageClient, program: PageClient, organisation: Organisation
) -> None:
    need = factories.need(
        organisation=organisation, approved_title="Brine", deadline=today() + timedelta(days=9)
    )
    capability = factories.capability(organisation=factories.OrganisationFactory(eastern=True))
    factories.MatchFactory(need=need, capability=capability, status="proposed")
    (path,) = made(home)
    assert entries(program, path) == ["Last day: Brine", "Answer due: Brine"]


def test_a_calendar_has_the_days_of_all_organisations_of_a_person(
    home: PageClient, program: PageClient, organisation: Organisation, person: User
) -> None:
    other = factories.OrganisationFactory()
    factories.MembershipFactory(organisation=other, user=person)
    day = today() + timedelta(days=9)
    for owner, title in ((organisation, "Brine"), (other, "Boron")):
        factories.need(organisation=owner, approved_title=title, deadline=day)
    home.submit("/acting", {"organisation": str(other.id)})
    (path,) = made(home)
    assert sorted(entries(program, path)) == ["Last day: Boron", "Last day: Brine"]


def test_an_address_is_shown_once_and_kept_as_a_hash(home: PageClient) -> None:
    (path,) = made(home)
    token = path.split("/")[2]
    assert token not in home.get("/account/feeds").text
    assert db.session.scalars(select(FeedAddress.token_hash)).one() != token


def test_a_new_address_ends_the_one_before(home: PageClient, program: PageClient) -> None:
    (first,), (second,) = made(home), made(home)
    assert (program.get(first).status_code, program.get(second).status_code) == (404, 200)
    home.submit("/account/feeds/end")
    assert program.get(second).status_code == 404


def test_who_may_no_longer_sign_in_reads_nothing(
    home: PageClient, program: PageClient, person: User
) -> None:
    (path,) = made(home)
    person.suspended_at = now()
    db.session.commit()
    assert program.get(path).status_code == 404


def test_a_saved_search_is_fed_to_its_owner_alone(
    home: PageClient, program: PageClient, person: User
) -> None:
    published(title="Brine pump")
    for user, name in ((person, "mine"), (factories.UserFactory(), "of another")):
        db.session.add(
            SavedSearch(
                user_id=user.id, name=name, q="", filters={}, created_at=now(), looked_at=now()
            )
        )
    db.session.commit()
    _, mine = made(home)
    feed = program.get(mine)
    assert "<title>mine</title>" in feed.text
    assert "Brine pump" in feed.text
    other = db.session.scalars(select(SavedSearch.id).where(SavedSearch.name == "of another")).one()
    assert program.get(re.sub(r"\d+\.atom", f"{other}.atom", mine)).status_code == 404
