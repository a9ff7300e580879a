"""/forgot-password and the link that it mails."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import matches
from matchmaker.audit import queries as audit
from tests import factories
from tests.accounts.conftest import mails, person
from tests.client import PageClient, without_tokens
from tests.pages.account.conftest import is_signed_in, sign_in

NEW = "three herons on the ice"


def ask(browser: PageClient, email: str) -> Any:
    return browser.submit("/forgot-password", {"email": email})


def link(session: Session) -> str:
    return next(mail.path for mail in mails(session) if mail.kind == "account.reset")


def test_an_unknown_address_gets_the_very_same_answer(client: PageClient, ana: User) -> None:
    assert without_tokens(ask(client, "ana@example.org").text) == without_tokens(
        ask(client, "eve@example.org").text
    )


def test_a_known_address_is_mailed_a_link(client: PageClient, ana: User, session: Session) -> None:
    ask(client, "ana@example.org")
    assert [(mail.recipient, mail.kind) for mail in mails(session)] == [
        ("ana@example.org", "account.reset")
    ]


@pytest.mark.parametrize("known", [False, True])
def test_nobody_else_is_mailed(client: PageClient, app: Any, session: Session, known: bool) -> None:
    if known:
        person(email="out@example.org", suspended=True)
    ask(client, "out@example.org")
    assert mails(session) == []


def test_the_log_does_not_name_an_unknown_address(
    client: PageClient, ana: User, session: Session
) -> None:
    ask(client, "eve@example.org")
    record = session.scalars(audit.select_records(audit.Wanted()).limit(1)).one()
    assert (record.action, record.subject_id, record.detail) == ("account.ask_reset", None, {})


def test_the_link_changes_the_password(client: PageClient, ana: User, session: Session) -> None:
    ask(client, "ana@example.org")
    client.page(link(session))
    client.submit(link(session), {"new_password": NEW})
    assert matches(ana.password_hash, NEW)


def test_opening_the_link_changes_nothing(client: PageClient, ana: User, session: Session) -> None:
    ask(client, "ana@example.org")
    before = ana.password_hash
    client.get(link(session))
    assert ana.password_hash == before


def test_the_link_works_once(client: PageClient, ana: User, session: Session) -> None:
    ask(client, "ana@example.org")
    client.submit(link(session), {"new_password": NEW})
    assert (
        client.submit(link(session), {"new_password": "another good password"}).status_code == 404
    )
    assert matches(ana.password_hash, NEW)


def test_an_older_link_ends_with_the_newer_ones_use(
    client: PageClient, ana: User, session: Session
) -> None:
    ask(client, "ana@example.org")
    ask(client, "ana@example.org")
    older, newer = [mail.path for mail in mails(session)]
    client.submit(newer, {"new_password": NEW})
    client.page(older, status=404)


def test_every_session_ends(
    client: PageClient, another_browser: PageClient, ana: User, session: Session
) -> None:
    sign_in(another_browser, "ana@example.org")
    ask(client, "ana@example.org")
    client.submit(link(session), {"new_password": NEW})
    assert not is_signed_in(another_browser)


def test_the_account_is_told(client: PageClient, ana: User, session: Session) -> None:
    ask(client, "ana@example.org")
    client.submit(link(session), {"new_password": NEW})
    assert mails(session)[-1].kind == "account.password_changed"


def test_a_weak_password_is_refused_by_name(
    client: PageClient, ana: User, session: Session
) -> None:
    ask(client, "ana@example.org")
    response = client.submit(link(session), {"new_password": "qwertyuiop"})
    assert response.status_code == 422
    assert 'href="#new_password"' in response.text


def test_the_link_proves_the_address(client: PageClient, app: Any, session: Session) -> None:
    user = person(email="new@example.org", email_confirmed_at=None)
    ask(client, "new@example.org")
    client.submit(link(session), {"new_password": NEW})
    assert user.email_confirmed_at is not None


def test_asking_is_throttled(client: PageClient, ana: User) -> None:
    for _ in range(10):
        ask(client, "ana@example.org")
    assert ask(client, "ana@example.org").status_code == 429


def test_a_link_of_somebody_suspended_since_is_refused(
    client: PageClient, ana: User, session: Session
) -> None:
    ask(client, "ana@example.org")
    ana.suspended_at = factories.now()
    session.commit()
    client.page(link(session), status=404)
