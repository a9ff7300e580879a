"""Changing one's e-mail: the password, a link to the new address, and a way back for the old."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import NONE
from tests.accounts.conftest import PASSWORD, mails, person
from tests.client import PageClient
from tests.factories import now
from tests.pages.account.conftest import is_signed_in, sign_in

NEW = "ana.li@example.org"


@pytest.fixture
def own(client: PageClient, ana: User) -> PageClient:
    return client.sign_in(ana)


def ask(browser: PageClient, email: str = NEW, password: str = PASSWORD) -> Any:
    return browser.submit("/account/email", {"email": email, "current_password": password})


def link(session: Session, kind: str) -> str:
    return [mail.path for mail in mails(session) if mail.kind == kind][-1]


def change(browser: PageClient, session: Session) -> Any:
    ask(browser)
    return browser.submit(link(session, "account.change_email"))


def test_asking_changes_nothing_yet(own: PageClient, ana: User, session: Session) -> None:
    assert "We have written to ana.li@example.org." in ask(own).text
    assert [(mail.recipient, mail.kind) for mail in mails(session)] == [
        (NEW, "account.change_email")
    ]
    own.get(link(session, "account.change_email"))
    assert ana.email == "ana@example.org"


@pytest.mark.parametrize(
    ("email", "password", "wrong"),
    [
        (NEW, "not the password", "current_password"),
        ("nonsense", PASSWORD, "email"),
        ("", PASSWORD, "email"),
    ],
)
def test_what_is_wrong_is_named(
    own: PageClient, session: Session, email: str, password: str, wrong: str
) -> None:
    answer = ask(own, email, password)
    assert (answer.status_code, f'href="#{wrong}"' in answer.text) == (422, True)
    assert mails(session) == []


def test_the_new_address_signs_in_and_other_sessions_end(
    own: PageClient, another_browser: PageClient, ana: User, session: Session
) -> None:
    another_browser.sign_in(ana)
    change(own, session)
    assert ana.email == NEW
    assert (is_signed_in(own), is_signed_in(another_browser)) == (True, False)
    assert sign_in(another_browser, NEW).status_code == 303


def test_the_link_works_once(own: PageClient, session: Session) -> None:
    change(own, session)
    assert own.submit(link(session, "account.change_email")).status_code == 404


def test_the_former_address_is_told_with_a_way_back(
    own: PageClient, another_browser: PageClient, ana: User, session: Session
) -> None:
    change(own, session)
    told = next(mail for mail in mails(session) if mail.kind == "account.email_changed")
    assert (told.recipient, told.params["email"]) == ("ana@example.org", NEW)
    another_browser.get(told.path)
    assert ana.email == NEW
    another_browser.submit(told.path)
    assert (ana.email, ana.password_hash) == ("ana@example.org", NONE)
    assert not is_signed_in(own)
    reset = mails(session)[-1]
    assert (reset.recipient, reset.kind) == ("ana@example.org", "account.reset")
    another_browser.submit(reset.path, {"new_password": "three herons on the ice"})
    assert sign_in(another_browser, ana.email, "three herons on the ice").status_code == 303


def test_a_thief_cannot_close_the_way_back(
    own: PageClient, another_browser: PageClient, ana: User, session: Session
) -> None:
    """Neither by a new password, nor by yet another address, nor by registering the old one."""
    change(own, session)
    back = link(session, "account.email_changed")
    own.submit(
        "/account/password",
        {"current_password": PASSWORD, "new_password": "three herons on the ice"},
    )
    ask(own, "thief@example.org", "three herons on the ice")
    own.submit(link(session, "account.change_email"))
    person(email="ana@example.org", email_confirmed_at=None)
    another_browser.submit(back)
    assert ana.email == "ana@example.org"


def test_who_has_the_address_is_told_and_the_page_is_the_same(
    own: PageClient, session: Session
) -> None:
    person(email="ben@example.org")
    free, taken = ask(own, "free@example.org"), ask(own, "ben@example.org")
    assert free.text.replace("free@", "ben@").split("csrf")[0] == taken.text.split("csrf")[0]
    assert [(mail.recipient, mail.kind) for mail in mails(session)][1:] == [
        ("ben@example.org", "account.exists")
    ]


def test_an_address_taken_meanwhile_is_refused(
    own: PageClient, ana: User, session: Session
) -> None:
    ask(own)
    person(email=NEW)
    assert own.submit(link(session, "account.change_email")).status_code == 422
    assert ana.email == "ana@example.org"


def test_a_link_of_somebody_suspended_since_is_refused(
    own: PageClient, ana: User, session: Session
) -> None:
    ask(own)
    ana.suspended_at = now()
    session.commit()
    own.page(link(session, "account.change_email"), status=404)
