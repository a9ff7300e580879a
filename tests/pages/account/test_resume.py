"""Nothing typed is lost when a session has run out: sign in, continue, and it is sent."""

from __future__ import annotations

import html
import re
from typing import Any

from matchmaker.accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.client import PageClient

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TYPED = {"name": "Ana “López” <3", "language": "es"}


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page's own form."""
    main = text[text.index("<main") :]
    return {
        name: html.unescape(value) for name, value in HIDDEN.findall(main) if name != "csrf_token"
    }


def signed_in_with(browser: PageClient, carried: dict[str, str], password: str = PASSWORD) -> Any:
    return browser.submit("/sign-in", {**carried, "email": "ana@example.org", "password": password})


def test_a_visitors_form_is_kept_on_the_sign_in_page(client: PageClient, ana: User) -> None:
    response = client.submit("/account", TYPED)
    assert response.status_code == 401
    assert hidden(response.text) == {
        "pending_to": "/account",
        "pending.name": TYPED["name"],
        "pending.language": TYPED["language"],
    }


def test_the_page_says_that_nothing_is_lost(client: PageClient, ana: User) -> None:
    assert "Your entries are saved" in client.submit("/account", TYPED).text


def test_after_signing_in_one_button_sends_it(client: PageClient, ana: User) -> None:
    carried = hidden(client.submit("/account", TYPED).text)
    offered = signed_in_with(client, carried)
    assert 'action="/account"' in offered.text
    client.submit("/account", hidden(offered.text))
    assert ana.name == TYPED["name"]


def test_a_wrong_password_on_the_way_loses_nothing_either(client: PageClient, ana: User) -> None:
    carried = hidden(client.submit("/account", TYPED).text)
    refused = signed_in_with(client, carried, "not the password")
    assert hidden(refused.text) == carried


def test_passwords_are_asked_again_not_carried_along(client: PageClient, ana: User) -> None:
    typed = {"current_password": "secret one two", "new_password": "secret three four"}
    response = client.submit("/account/password", typed)
    assert "secret" not in response.text
    offered = signed_in_with(client, hidden(response.text))
    assert 'type="password"' in offered.text
    assert 'name="new_password"' in offered.text


def test_what_is_carried_along_stays_on_this_site(client: PageClient, ana: User) -> None:
    response = signed_in_with(client, {"pending_to": "https://evil.example/", "pending.name": "x"})
    assert response.location == "/home"


def test_the_page_that_continues_knows_who_signed_in(client: PageClient, ana: User) -> None:
    offered = signed_in_with(client, hidden(client.submit("/account", TYPED).text))
    assert ">Ana</a>" in offered.text
