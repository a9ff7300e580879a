"""The link that confirms an address and registers what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import queries as audit
from matchmaker.db import now
from matchmaker.organisations import belonging
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import PASSWORD, REGISTRATION, USCC, mails, notices
from tests.pages.organisation.conftest import PERSON, organisations


@pytest.fixture
def link(client: PageClient, session: Session) -> str:
    client.submit("/register", {**REGISTRATION, **PERSON})
    return mails(session, "account.confirm")[-1].path


def sign_in(browser: PageClient) -> Any:
    return browser.submit("/sign-in", {"email": PERSON["email"], "password": PASSWORD})


def test_opening_the_link_does_nothing(client: PageClient, link: str, session: Session) -> None:
    assert REGISTRATION["legal_name"] in client.page(link).text
    assert organisations(session) == []


def test_the_button_registers_the_organisation(
    client: PageClient, link: str, session: Session
) -> None:
    client.submit(link)
    (registered,) = organisations(session)
    kept = {name: getattr(registered, name) for name in ("uscc", "type", "province")}
    assert kept == {name: REGISTRATION[name] for name in kept}
    assert (registered.name_zh, registered.name_other) == (REGISTRATION["legal_name"], "")
    assert (registered.contact_name, registered.contact_phone) == ("Li Na", REGISTRATION["phone"])
    assert registered.status == "registered"


def test_it_leads_straight_into_the_account(client: PageClient, link: str) -> None:
    assert client.submit(link).location == "/organisation/verification"
    page = client.page("/organisation")
    assert REGISTRATION["legal_name"] in page.text
    assert "/organisation/edit" in page.links


def test_the_link_signs_in_once(client: PageClient, another_browser: PageClient, link: str) -> None:
    client.submit(link)
    assert another_browser.submit(link).location == "/sign-in"
    assert another_browser.get("/home").status_code == 303


def test_a_suspended_account_is_not_signed_in(
    client: PageClient, link: str, session: Session
) -> None:
    session.query(User).filter_by(email=PERSON["email"]).one().suspended_at = now()
    session.commit()
    assert client.submit(link).location == "/sign-in"
    assert client.get("/home").status_code == 303


def test_nobody_signs_in_before(client: PageClient, link: str) -> None:
    assert "Check your mail" in sign_in(client).text


def test_curators_of_the_province_are_told(client: PageClient, link: str, session: Session) -> None:
    qinghai, xinjiang = factories.provincial_curator("63"), factories.provincial_curator("65")
    national = factories.staff("national_curator")
    client.submit(link)
    told = [notices(session, curator) for curator in (qinghai, xinjiang, national)]
    assert told == [["organisation.registered"], [], ["organisation.registered"]]
    assert (
        mails(session, "organisation.registered")[-1].path
        == f"/desk/organisations/{organisations(session)[0].id}"
    )


def test_confirming_twice_registers_once(client: PageClient, link: str, session: Session) -> None:
    client.submit(link)
    assert client.submit(link).status_code == 303
    assert len(organisations(session)) == 1


def test_the_link_is_good_for_two_days(client: PageClient, link: str) -> None:
    with time_machine.travel(now() + timedelta(days=2, minutes=1)):
        assert "no longer valid" in client.page(link, status=404).text


def test_a_code_taken_meanwhile_is_told_and_nothing_typed_is_lost(
    client: PageClient, link: str, session: Session
) -> None:
    factories.OrganisationFactory(uscc=USCC)
    client.submit(link)
    assert "is not finished" in client.page("/organisation").text
    assert f'value="{REGISTRATION["legal_name"]}"' in client.get("/register").text


def test_finishing_later_registers_with_another_code(
    client: PageClient, link: str, session: Session
) -> None:
    factories.OrganisationFactory(uscc=USCC)
    client.submit(link)
    client.submit("/register", {**REGISTRATION, "uscc": factories.social_credit_code(8)})
    owner = session.query(User).filter_by(email=PERSON["email"]).one()
    assert belonging.of_user(session, owner.id) is not None
    assert belonging.registration(session, owner.id) is None


def test_the_log_holds_no_private_text(client: PageClient, link: str, session: Session) -> None:
    client.submit(link)
    details = " ".join(
        str(record.detail) for record in session.scalars(audit.select_records(audit.Wanted()))
    )
    assert PERSON["email"] not in details
    assert PERSON["name"] not in details
