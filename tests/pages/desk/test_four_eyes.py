"""With four eyes, a check of an organisation and a staff role wait for a second officer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import RoleRequest, StaffRole, User
from matchmaker.organisations.models import Organisation
from matchmaker.security.models import SecurityEvent
from matchmaker.services import services
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import notices
from tests.pages.desk.test_organisations import GOOD, decide
from tests.pages.organisation.test_edit import edit


@pytest.fixture(autouse=True)
def four_eyes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(services(app).settings, four_eyes=True)
    monkeypatch.setattr(services(app), "settings", settings)


@pytest.fixture
def new(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(unverified=True)
    return found


def test_a_check_waits_for_another_curator(
    desk: PageClient, another_browser: PageClient, new: Organisation, session: Session
) -> None:
    second = factories.provincial_curator("63")
    decide(desk, new, **GOOD)
    assert (new.status, new.verified_until) == ("registered", None)
    assert notices(session, second) == ["organisation.checked"]
    assert decide(desk, new, "confirm").status_code == 422
    browser = another_browser.sign_in(second)
    assert GOOD["evidence"] in browser.page(f"/desk/organisations/{new.id}").text
    assert decide(browser, new, "confirm").status_code == 303
    assert new.status == "verified"


def test_a_check_is_of_what_stood_there(
    desk: PageClient, another_browser: PageClient, client: PageClient, new: Organisation
) -> None:
    decide(desk, new, **GOOD)
    edit(another_browser.sign_in(factories.member_of(new)), new, name_other="Another")
    second = another_browser.sign_in(factories.provincial_curator("63"))
    assert decide(second, new, "confirm").status_code == 409
    assert new.status == "registered"


def test_a_role_waits_for_another_administrator(
    client: PageClient, another_browser: PageClient, session: Session
) -> None:
    user: User = factories.UserFactory()
    first, second = factories.staff("administrator"), factories.staff("administrator")
    page = f"/admin/accounts/{user.id}"
    client.sign_in(first).submit(f"{page}/roles", {"role": "evaluator"})
    asked = session.query(RoleRequest).one()
    confirm = f"{page}/requests/{asked.id}/confirm"
    assert client.submit(confirm).status_code == 422
    assert session.query(StaffRole).filter_by(user_id=user.id).count() == 0
    assert "Waiting for a second administrator" in another_browser.sign_in(second).page(page).text
    assert another_browser.submit(confirm).status_code == 303
    assert session.query(StaffRole).filter_by(user_id=user.id).one().role == "evaluator"
    assert session.query(RoleRequest).count() == 0
    given = session.query(SecurityEvent).filter_by(kind="role_given").one()
    assert given.account_id == second.id


def test_a_role_that_is_not_to_be_given_is_dropped(client: PageClient, session: Session) -> None:
    user: User = factories.UserFactory()
    page = f"/admin/accounts/{user.id}"
    client.sign_in(factories.staff("administrator")).submit(f"{page}/roles", {"role": "evaluator"})
    asked = session.query(RoleRequest).one()
    client.submit(f"{page}/requests/{asked.id}/drop")
    assert session.query(RoleRequest).count() == 0
    assert session.query(StaffRole).filter_by(user_id=user.id).count() == 0
