"""Wrong tries are counted by account and by the network that asks; a stranger locks nobody out."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from tests.accounts.conftest import person
from tests.client import PageClient
from tests.pages.account.conftest import sign_in

HOME, STRANGER = "198.51.100.1", "93.184.216.34"  # public, unlike the networks for documentation
WRONG = "not the password"


def from_(browser: PageClient, address: str) -> PageClient:
    browser.environ_base["REMOTE_ADDR"] = address
    return browser


def tries(browser: PageClient, number: int, email: str = "ana@example.org") -> list[int]:
    return [sign_in(browser, email, WRONG).status_code for _ in range(number)]


def test_tries_at_one_account_from_one_address_run_out(client: PageClient, ana: User) -> None:
    assert tries(from_(client, STRANGER), 11)[-2:] == [422, 429]
    assert "Too many attempts" in sign_in(client, "ana@example.org").text


@pytest.mark.parametrize("do", [lambda browser: sign_in(browser, "ana@example.org").status_code,
    lambda browser: browser.submit("/forgot-password", {"email": "ana@example.org"}).status_code],
    ids=["sign in", "reset"])  # fmt: skip
def test_a_strangers_tries_do_not_lock_the_owner_out(
    client: PageClient, another_browser: PageClient, ana: User, do: Any
) -> None:
    tries(from_(client, STRANGER), 25)
    assert do(from_(another_browser, HOME)) in (200, 303)


def test_wrong_passwords_do_not_stop_a_reset_from_the_same_address(
    client: PageClient, ana: User
) -> None:
    tries(from_(client, HOME), 11)
    assert client.submit("/forgot-password", {"email": "ana@example.org"}).status_code == 200


def test_right_passwords_are_not_counted(client: PageClient, ana: User) -> None:
    from_(client, HOME)
    assert {sign_in(client, "ana@example.org").status_code for _ in range(15)} == {303}


@pytest.mark.parametrize(
    ("first", "second", "counted_together"),
    [
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("198.51.100.1", "198.51.100.2", False),
        ("198.51.100.1", "::ffff:198.51.100.1", True),
    ],
)
def test_addresses_of_one_line_are_one(
    client: PageClient, ana: User, first: str, second: str, counted_together: bool
) -> None:
    tries(from_(client, first), 10)
    assert (tries(from_(client, second), 1) == [429]) is counted_together


def test_tries_from_one_address_are_counted_whatever_the_account(
    client: PageClient, app: Flask
) -> None:
    from_(client, STRANGER)
    for number in range(30):
        sign_in(client, f"guess{number}@example.org", WRONG)
    assert sign_in(client, "guess99@example.org", WRONG).status_code == 429


@pytest.mark.parametrize(
    ("address", "forwarded", "everybodys"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("10.0.0.5", "203.0.113.9", True),
        ("10.0.0.5", "", False),
        (STRANGER, "198.51.100.1", False),  # anybody can send the header
    ],
)
def test_the_address_of_an_undeclared_proxy_is_no_bucket_of_everybody(
    client: PageClient, app: Flask, address: str, forwarded: str, everybodys: bool
) -> None:
    from_(client, address)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    statuses = [
        client.submit(
            "/sign-in", {"email": f"guess{number}@example.org", "password": WRONG}, headers=headers
        ).status_code
        for number in range(31)
    ]
    assert (statuses[-1] == 422) is everybodys


def test_behind_an_undeclared_proxy_tries_at_one_account_still_run_out(
    client: PageClient, ana: User
) -> None:
    person(email="ben@example.org")
    assert tries(from_(client, "127.0.0.1"), 11)[-1] == 429
    assert sign_in(client, "ben@example.org").status_code == 303
