"""Where a page says that a curator decides, it says how to reach one."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.accounts.models import StaffContact
from matchmaker.db import db
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import REGISTRATION
from tests.pages.organisation.conftest import PERSON

PHONE = "0971-5550199"


@pytest.fixture(autouse=True)
def curator(app: Flask) -> None:
    user = factories.provincial_curator("63")
    db.session.add(StaffContact(user_id=user.id, office="Bureau", phone=PHONE, email=""))
    db.session.commit()


def browser(client: PageClient, **fields: object) -> PageClient:
    """The browser of an owner of an organisation in Qinghai."""
    organisation: Organisation = factories.OrganisationFactory(**fields)
    return client.sign_in(factories.member_of(organisation))


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"unverified": True}, "/home"),
        ({"verified_until": None}, "/home"),
        ({"needs_grant": False}, "/home"),
        ({"needs_grant": False}, "/our/imports"),
        ({"needs_grant": False}, "/organisation"),
    ],
)
def test_a_page_names_them(client: PageClient, fields: dict[str, object], path: str) -> None:
    factories.plan()
    assert PHONE in browser(client, **fields).page(path).text


def test_a_home_where_all_is_well_does_not(client: PageClient) -> None:
    factories.plan()
    assert PHONE not in browser(client).page("/home").text


def test_who_registered_knows_whom_to_ask(client: PageClient) -> None:
    assert PHONE in client.submit("/register", {**REGISTRATION, **PERSON}).text


def test_a_refusal_that_sends_to_them_names_them(client: PageClient) -> None:
    need = factories.need(organisation=factories.OrganisationFactory())
    suggestion = factories.SuggestionFactory(
        need=need,
        capability=factories.capability(organisation=factories.OrganisationFactory(eastern=True)),
    )
    match = factories.MatchFactory(
        need=need, capability=suggestion.capability, status="one_side_interested"
    )
    suggestion.status = "held_back"
    db.session.commit()
    client.sign_in(factories.member_of(need.organisation))
    response = client.submit(f"/matches/{match.id}/accept", {"version": match.version})
    assert response.status_code == 422
    assert PHONE in response.text
