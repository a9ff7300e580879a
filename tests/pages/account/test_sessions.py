"""/account/sessions: where one is signed in, and how that ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User, UserSession
from matchmaker.app import create_app
from matchmaker.audit import queries as audit
from matchmaker.config import Settings
from matchmaker.db import now
from tests.accounts.conftest import mails
from tests.client import PageClient
from tests.conftest import SECRET
from tests.counting import listening
from tests.factories import UserFactory
from tests.pages.account.conftest import is_signed_in, sign_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def with_(browser: PageClient, address: str, agent: str) -> PageClient:
    browser.environ_base.update(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    return browser


@pytest.fixture
def desk(client: PageClient, ana: User) -> PageClient:
    sign_in(with_(client, "198.51.100.1", FIREFOX), "ana@example.org")
    return client


@pytest.fixture
def telephone(another_browser: PageClient, ana: User) -> PageClient:
    sign_in(with_(another_browser, "2001:db8::7", SAFARI), "ana@example.org")
    return another_browser


def open_ids(session: Session) -> list[int]:
    query = select(UserSession.id).where(UserSession.ended_at.is_(None)).order_by(UserSession.id)
    return list(session.scalars(query))


def test_each_is_listed_with_browser_and_address(desk: PageClient, telephone: PageClient) -> None:
    text = desk.page("/account/sessions").text
    assert "2 sessions" in text
    assert "Firefox, Windows · 198.51.100.1" in text
    assert "Mobile Safari, iOS · 2001:db8::7" in text
    assert text.count("This session") == 1


def test_one_is_ended(desk: PageClient, telephone: PageClient, session: Session) -> None:
    desk.submit(f"/account/sessions/{open_ids(session)[1]}/end")
    assert (is_signed_in(desk), is_signed_in(telephone)) == (True, False)


def test_all_others_are_ended(desk: PageClient, telephone: PageClient) -> None:
    telephone.submit("/account/sessions/end-others")
    assert (is_signed_in(desk), is_signed_in(telephone)) == (False, True)


def test_nobody_ends_somebody_elses(
    desk: PageClient, another_browser: PageClient, session: Session
) -> None:
    another_browser.sign_in(UserFactory())
    ids = open_ids(session)
    assert another_browser.submit(f"/account/sessions/{ids[0]}/end").status_code == 404
    assert open_ids(session) == ids


def test_the_log_has_the_sign_out(desk: PageClient, ana: User, session: Session) -> None:
    desk.submit("/sign-out")
    assert audit.about(session, "account", ana.id)[0].action == "account.sign_out"


@pytest.mark.parametrize(
    ("minutes", "open_"), [(119, True), (121, False)], ids=["in use", "idle for two hours"]
)
def test_an_idle_session_ends(desk: PageClient, minutes: int, open_: bool) -> None:
    with time_machine.travel(now() + timedelta(minutes=minutes)):
        assert is_signed_in(desk) is open_


@pytest.mark.parametrize(("hours", "open_"), [(11, True), (13, False)])
def test_a_session_ends_however_much_it_is_used(desk: PageClient, hours: int, open_: bool) -> None:
    begun = now()
    for hour in range(hours):
        with time_machine.travel(begun + timedelta(hours=hour)):
            desk.get("/account")
    with time_machine.travel(begun + timedelta(hours=hours)):
        assert is_signed_in(desk) is open_


@pytest.mark.parametrize(
    ("address", "agent", "told"),
    [
        ("198.51.100.1", FIREFOX, False),
        ("198.51.100.2", FIREFOX, True),
        ("198.51.100.1", SAFARI, True),
    ],
    ids=["known", "another address", "another browser"],
)
def test_a_sign_in_from_a_new_place_is_mailed(
    desk: PageClient, another_browser: PageClient, session: Session, address: str, agent: str,
    told: bool,
) -> None:  # fmt: skip
    before = len(mails(session))
    sign_in(with_(another_browser, address, agent), "ana@example.org")
    new = mails(session)[before:]
    assert [mail.kind for mail in new] == ["account.new_sign_in"] * told
    assert all(mail.params["address"] == address for mail in new)


def test_a_sites_cookie_is_its_hosts_alone_where_it_is_https(tmp_path: object) -> None:
    secure = create_app(Settings(home=str(tmp_path), secret_key=SECRET), testing=True)
    assert secure.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert secure.config["SESSION_COOKIE_SECURE"]
    assert secure.config["SESSION_COOKIE_DOMAIN"] is None
    assert secure.config["SESSION_COOKIE_PATH"] in (None, "/")


def test_a_page_that_is_read_again_at_once_writes_nothing(desk: PageClient, app: Flask) -> None:
    with listening() as sent:
        desk.get("/account")
    assert [statement for statement in sent if statement.startswith("UPDATE")] == []
