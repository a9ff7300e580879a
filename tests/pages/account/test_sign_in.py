"""/sign-in and /sign-out."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts import passwords
from matchmaker.accounts.models import User
from tests.accounts.conftest import PASSWORD, mails, person
from tests.client import Page, PageClient, without_tokens
from tests.factories import UserFactory
from tests.pages.account.conftest import is_signed_in, sign_in


def test_the_right_password_lets_in(client: PageClient, ana: User) -> None:
    assert sign_in(client, "ana@example.org").location == "/home"
    assert is_signed_in(client)


def test_the_address_may_be_typed_in_capitals(client: PageClient, ana: User) -> None:
    assert sign_in(client, " ANA@example.org").status_code == 303


def test_one_goes_on_to_the_page_one_came_for(client: PageClient, ana: User) -> None:
    assert sign_in(client, "ana@example.org", next="/notices?page=2").location == "/notices?page=2"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_one_does_not_go_on_to_another_site(client: PageClient, ana: User, target: str) -> None:
    assert sign_in(client, "ana@example.org", next=target).location == "/home"


def test_whoever_is_signed_in_needs_no_sign_in_page(client: PageClient, ana: User) -> None:
    assert client.sign_in(ana).get("/sign-in?next=/notices").location == "/notices"


def test_a_wrong_password_is_refused_and_the_address_kept(client: PageClient, ana: User) -> None:
    response = sign_in(client, "ana@example.org", "not the password")
    assert response.status_code == 422
    assert 'value="ana@example.org"' in response.text
    assert "not the password" not in response.text


def test_an_unknown_address_gets_the_very_same_page(client: PageClient, ana: User) -> None:
    known = sign_in(client, "ana@example.org", "not the password").text
    unknown = sign_in(client, "eve@example.org", "not the password").text
    assert without_tokens(known).replace("ana@", "eve@") == without_tokens(unknown)


@pytest.mark.parametrize(
    "email", ["ana@example.org", "nobody@example.org", "no.password@example.org"]
)
def test_a_hash_is_checked_whoever_is_asked_for(
    client: PageClient, ana: User, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the time taken would tell which accounts exist."""
    UserFactory(email="no.password@example.org", password_hash=passwords.NONE)
    checked: list[str] = []
    hasher = passwords._hasher()

    class Watched:
        def hash(self, password: str) -> str:
            return hasher.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return hasher.verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Watched)
    sign_in(client, email, "not the password")
    assert [stored[:9] for stored in checked] == ["$argon2id"]


def test_an_unconfirmed_address_is_mailed_its_link_again(
    client: PageClient, app: Any, session: Session
) -> None:
    person(email="new@example.org", email_confirmed_at=None)
    assert "Check your mail" in sign_in(client, "new@example.org").text
    assert [mail.kind for mail in mails(session)] == ["account.confirm"]
    assert not is_signed_in(client)


def test_a_suspended_account_is_told_so(client: PageClient, app: Any) -> None:
    person(email="out@example.org", suspended=True)
    assert "suspended" in Page(sign_in(client, "out@example.org").text).text


def test_a_suspended_account_with_a_wrong_password_is_told_nothing(
    client: PageClient, app: Any
) -> None:
    person(email="out@example.org", suspended=True)
    assert "suspended" not in sign_in(client, "out@example.org", "not the password").text


def test_the_session_is_a_new_one_but_for_the_language(client: PageClient, ana: User) -> None:
    with client.session_transaction() as kept:
        kept.update(language="es", planted="by somebody else")
    sign_in(client, "ana@example.org")
    with client.session_transaction() as new:
        assert new["language"] == "es"
        assert "planted" not in new


def test_signing_out_ends_the_session(client: PageClient, ana: User) -> None:
    sign_in(client, "ana@example.org")
    client.submit("/sign-out")
    assert not is_signed_in(client)


def test_a_copy_of_the_cookie_opens_nothing_after_signing_out(
    client: PageClient, another_browser: PageClient, ana: User
) -> None:
    sign_in(client, "ana@example.org")
    stolen = client.get_cookie("session")
    assert stolen is not None
    another_browser.set_cookie("session", stolen.value)
    assert is_signed_in(another_browser)
    client.submit("/sign-out")
    assert not is_signed_in(another_browser)


def test_a_hash_made_with_weaker_parameters_is_renewed(
    client: PageClient, ana: User, app: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ana.password_hash
    monkeypatch.setitem(app.config, "ARGON2", {"time_cost": 2, "memory_cost": 8, "parallelism": 1})
    sign_in(client, "ana@example.org")
    assert ana.password_hash != before
    assert passwords.matches(ana.password_hash, PASSWORD)
