"""/organisations/<id>/closing, and what its people and its curator see then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from matchmaker.accounts import queries
from matchmaker.accounts.models import User
from matchmaker.db import db, today
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.privacy import service
from tests import factories
from tests.client import PageClient

WHY = "The works were sold."


@pytest.fixture
def works(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_other="Brine Works")
    return found


@pytest.fixture
def olga(works: Organisation) -> User:
    return factories.member_of(works, name="Olga")


def close(browser: PageClient, works: Organisation, reason: str = WHY) -> int:
    path = f"/organisations/{works.id}/closing"
    return browser.submit(path, {"version": works.version, "reason": reason}).status_code


def test_an_owner_closes_it_and_is_told_what_then(
    client: PageClient, works: Organisation, olga: User
) -> None:
    client.sign_in(olga)
    page = client.page("/organisation")
    assert f"/organisations/{works.id}/closing" in page.links
    assert (
        "Matches that are under way end" in client.page(f"/organisations/{works.id}/closing").text
    )
    assert close(client, works) == 303
    assert "Brine Works is closed." in client.page("/home").text
    assert WHY in client.page("/organisation").text


def test_a_missing_reason_is_named(client: PageClient, works: Organisation, olga: User) -> None:
    assert close(client.sign_in(olga), works, " ") == 422
    assert works.status == "verified"


def test_nobody_else_finds_its_page(client: PageClient, works: Organisation, olga: User) -> None:
    close(client.sign_in(olga), works)
    client.submit("/sign-out")
    assert client.get(f"/organisations/{works.id}").status_code == 404


def test_an_administrator_closes_it(client: PageClient, works: Organisation, olga: User) -> None:
    client.sign_in(factories.staff("administrator"))
    owner_page = f"/admin/organisations/{works.id}/owner"
    assert f"/organisations/{works.id}/closing" in client.page(owner_page).links
    assert close(client, works) == 303
    page = client.page(owner_page)
    assert WHY in page.text
    assert f"/organisations/{works.id}/closing" not in page.links


def test_its_members_may_leave_and_belong_elsewhere(
    client: PageClient, works: Organisation, olga: User
) -> None:
    close(client.sign_in(olga), works)
    assert client.submit("/organisation/leave").location == "/home"
    assert "You belong to no organisation yet" in client.page("/organisation").text


def test_its_last_owner_may_erase_the_account(
    client: PageClient, works: Organisation, olga: User
) -> None:
    close(client.sign_in(olga), works)
    service.erase(db.session(), Actor(user_id=olga.id, name=olga.name), olga)
    db.session.commit()
    assert queries.user(db.session(), olga.id) is None


def test_a_curator_opens_it_again(client: PageClient, works: Organisation, olga: User) -> None:
    close(client.sign_in(olga), works)
    client.sign_in(factories.provincial_curator("63"))
    path = f"/desk/organisations/{works.id}"
    page = client.page(path)
    assert WHY in page.text
    assert f"/organisations/{works.id}/suspension" not in page.links
    data = {
        "version": works.version,
        "evidence": "Called the new owner.",
        "checks": ["call"],
        "verified_on": today().isoformat(),
        "expires_on": (today() + timedelta(days=365)).isoformat(),
    }
    assert client.submit(path, data).status_code == 303
    client.sign_in(olga)
    assert "Brine Works" in client.page("/organisation").text
    assert works.status == "verified"
