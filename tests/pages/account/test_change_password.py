from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import matches
from tests.accounts.conftest import PASSWORD, mails
from tests.client import PageClient
from tests.pages.account.conftest import is_signed_in, sign_in

NEW = "three herons on the ice"


@pytest.fixture
def own(client: PageClient, ana: User) -> PageClient:
    sign_in(client, "ana@example.org")
    return client


def change(browser: PageClient, current: str = PASSWORD, new: str = NEW) -> int:
    return browser.submit(
        "/account/password", {"current_password": current, "new_password": new}
    ).status_code


def test_the_new_password_counts(own: PageClient, ana: User) -> None:
    assert change(own) == 303
    assert matches(ana.password_hash, NEW)


def test_this_session_goes_on(own: PageClient) -> None:
    change(own)
    assert is_signed_in(own)


def test_every_other_session_ends(own: PageClient, another_browser: PageClient) -> None:
    sign_in(another_browser, "ana@example.org")
    change(own)
    assert not is_signed_in(another_browser)


def test_the_account_is_told(own: PageClient, session: Session) -> None:
    change(own)
    assert mails(session)[-1].kind == "account.password_changed"


@pytest.mark.parametrize(
    ("current", "new", "wrong"),
    [
        ("not the password", NEW, "current_password"),
        ("", NEW, "current_password"),
        (PASSWORD, "", "new_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, "ana@example.org", "new_password"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_changes(
    own: PageClient, ana: User, current: str, new: str, wrong: str
) -> None:
    response = own.submit("/account/password", {"current_password": current, "new_password": new})
    assert response.status_code == 422
    assert f'href="#{wrong}"' in response.text
    assert matches(ana.password_hash, PASSWORD)


def test_guessing_the_current_password_is_throttled(own: PageClient) -> None:
    assert [change(own, current="not the password") for _ in range(11)][-1] == 429
