"""Experts and brokers: shown once they have agreed, by a mailed link."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Organisation, ShownPerson
from tests.client import PageClient
from tests.organisations.conftest import mails

EXPERT = {
    "name": "Chen Yu",
    "email": "chen.yu@example.org",
    "role": "broker",
    "level": "senior",
    "field": "Brine chemistry",
}


def name(browser: PageClient, **changes: Any) -> Any:
    return browser.submit("/organisation/people", {**EXPERT, **changes})


def link(session: Session) -> str:
    return mails(session, "organisation.person_asked")[-1].path


def test_nobody_is_shown_unasked(
    own: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    assert name(own).status_code == 303
    assert [mail.recipient for mail in mails(session)] == [EXPERT["email"]]
    assert "Chen Yu" not in another_browser.page(f"/organisations/{organisation.id}").text


def test_who_agrees_is_shown_without_the_address(
    own: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    name(own)
    another_browser.submit(link(session), {"answer": "yes"})
    text = another_browser.page(f"/organisations/{organisation.id}").text
    assert all(words in text for words in ("Chen Yu", "Technology broker", "Senior", "Brine"))
    assert EXPERT["email"] not in text


def test_consent_is_taken_back_by_the_same_link(
    own: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    name(own)
    for answer in ("yes", "no"):
        another_browser.submit(link(session), {"answer": answer})
    assert "Chen Yu" not in another_browser.page(f"/organisations/{organisation.id}").text


def test_who_is_removed_leaves_nothing(
    own: PageClient, another_browser: PageClient, session: Session
) -> None:
    name(own)
    person = session.query(ShownPerson).one()
    assert own.submit(f"/organisation/people/{person.id}/remove").status_code == 303
    assert session.query(ShownPerson).count() == 0
    another_browser.page(link(session), status=404)


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("email", "nobody"), ("role", "king"), ("level", "grand")]
)
def test_what_is_wrong_is_named(own: PageClient, session: Session, field: str, value: str) -> None:
    response = name(own, **{field: value})
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert session.query(ShownPerson).count() == 0


def test_an_unverified_organisation_mails_nobody(
    own: PageClient, organisation: Organisation, session: Session
) -> None:
    organisation.status = "registered"
    session.commit()
    assert name(own).status_code == 422
    assert mails(session) == []
