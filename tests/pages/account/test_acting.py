"""/acting: somebody who belongs to several organisations chooses one, browser by browser."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import queries as audit
from matchmaker.organisations import acting, joining
from matchmaker.organisations.models import Membership, Organisation
from tests import factories
from tests.client import PageClient


@pytest.fixture
def first(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_other="First Works")
    return found


@pytest.fixture
def second(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_other="Second Works")
    return found


@pytest.fixture
def person(first: Organisation, second: Organisation) -> User:
    """An owner of the first, and a viewer of the second."""
    user = factories.member_of(first, "owner")
    factories.MembershipFactory(user=user, organisation=second, role="viewer")
    return user


def choose(browser: PageClient, organisation: Organisation, where: str = "") -> str:
    response = browser.submit(f"/acting{where}", {"organisation": str(organisation.id)})
    assert response.status_code == 303
    location: str = response.location
    return location


def test_who_has_not_chosen_is_asked_and_led_back(
    client: PageClient, person: User, second: Organisation
) -> None:
    asked = client.sign_in(person).get("/our/listings")
    assert asked.location == "/acting?next=/our/listings"
    page = client.page(asked.location)
    assert "First Works" in page.text
    assert choose(client, second, "?next=/our/listings") == "/our/listings"
    assert client.get("/our/listings").status_code == 200


def test_the_chosen_one_decides_what_one_may_do(
    client: PageClient, person: User, first: Organisation, second: Organisation
) -> None:
    client.sign_in(person)
    choose(client, second)
    assert "Second Works" in client.page("/organisation").text
    assert client.get("/organisation/edit").status_code == 404  # a viewer there
    choose(client, first)
    assert "First Works" in client.page("/organisation").text
    assert client.get("/organisation/edit").status_code == 200


def test_browsers_differ(
    client: PageClient,
    another_browser: PageClient,
    person: User,
    first: Organisation,
    second: Organisation,
) -> None:
    for browser, organisation in ((client, first), (another_browser, second)):
        browser.sign_in(person)
        choose(browser, organisation)
    assert "First Works" in client.page("/organisation").text
    assert "Second Works" in another_browser.page("/organisation").text


def test_a_page_of_the_other_one_asks_to_act_for_it(
    client: PageClient, person: User, first: Organisation, second: Organisation
) -> None:
    draft = factories.need(organisation=first, draft=True)
    client.sign_in(person)
    choose(client, second)
    assert client.get(f"/listings/{draft.id}").location == f"/acting?next=/listings/{draft.id}"


def test_a_page_of_neither_is_not_there(
    client: PageClient, person: User, second: Organisation
) -> None:
    draft = factories.need(organisation=factories.OrganisationFactory(), draft=True)
    client.sign_in(person)
    choose(client, second)
    assert client.get(f"/listings/{draft.id}").status_code == 404


def test_a_form_sent_before_choosing_keeps_what_was_typed(client: PageClient, person: User) -> None:
    client.sign_in(person)
    response = client.submit("/organisation/invitations", {"email": "mei@example.org"})
    assert response.status_code == 422
    assert "mei@example.org" in response.text


@pytest.mark.parametrize("answer", ["", "x", "0", "99999"])
def test_another_answer_is_none(client: PageClient, person: User, answer: str) -> None:
    client.sign_in(person)
    assert client.submit("/acting", {"organisation": answer}).status_code == 404


def test_one_never_acts_for_one_that_one_has_left(
    client: PageClient, person: User, second: Organisation, session: Session
) -> None:
    factories.MembershipFactory(user=person, organisation=factories.OrganisationFactory())
    client.sign_in(person)
    choose(client, second)
    session.delete(session.query(Membership).filter_by(organisation_id=second.id).one())
    session.commit()
    assert client.get("/organisation").location == "/acting?next=/organisation"


def test_who_belongs_to_one_acts_for_it_and_sees_no_choice(
    client: PageClient, first: Organisation
) -> None:
    client.sign_in(factories.member_of(first))
    assert "/acting" not in client.page("/organisation").links


def test_open_sessions_go_on_when_a_second_one_is_joined(
    client: PageClient, first: Organisation, second: Organisation, session: Session
) -> None:
    user = factories.member_of(first)
    client.sign_in(user)
    joining.enrol(session, user, second.id, "editor", at=user.created_at)
    session.commit()
    assert "First Works" in client.page("/organisation").text


def test_the_choice_is_audited(
    client: PageClient, person: User, second: Organisation, session: Session
) -> None:
    client.sign_in(person)
    choose(client, second)
    record = audit.about(session, "account", person.id)[0]
    assert (record.action, record.detail) == ("account.act_for", {"organisation": second.id})


@pytest.mark.parametrize(
    ("organisations", "chosen", "acts_for"),
    [
        ([], None, None),
        ([], 1, None),
        ([1], None, 1),
        ([1], 2, 1),
        ([1, 2], None, None),
        ([1, 2], 2, 2),
        ([1, 2], 3, None),
    ],
)
def test_for_whom_one_acts(
    organisations: list[int], chosen: int | None, acts_for: int | None
) -> None:
    members = tuple(acting.Actor(organisation_id=one) for one in organisations)
    person = acting.Person(acting.Actor(), members, {}, 1)
    assert person.acting_for(chosen).organisation_id == acts_for
