"""Signing in by an institution, at a real provider in another process of this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.load import free_port
from matchmaker.accounts import links, queries
from matchmaker.accounts.models import LinkedSignIn, SecondFactor, User, UserSession
from matchmaker.db import db, now
from matchmaker.pages.account import oidc
from matchmaker.paths import ROOT
from matchmaker.security.models import SecurityEvent
from matchmaker.services import services
from tests import factories
from tests.accounts.conftest import PASSWORD, mails, person
from tests.client import Page, PageClient
from tests.identity_provider import CLIENT_ID, CLIENT_SECRET
from tests.pages.account.conftest import is_signed_in, sign_in

ANA = {"sub": "1001", "email": "ana@example.org", "email_verified": True}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    port = free_port()
    provider = subprocess.Popen(
        [sys.executable, "-m", "tests.identity_provider", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert provider.stdout is not None
        assert provider.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        provider.kill()
        provider.communicate()


@pytest.fixture
def institution(app: Flask, issuer: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The site lets the institution's people in."""
    settings = replace(
        services(app).settings,
        oidc_issuer=issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Qinghai University",
        oidc_domains="example.org",
    )
    monkeypatch.setattr(services(app), "settings", settings)
    oidc.install(app)
    yield issuer
    del app.extensions["authlib.integrations.flask_client"]


def at_the_door(address: str, claims: dict[str, Any], **said: str) -> str:
    """Say at the institution who one is; return where it sends the browser."""
    answer = requests.post(
        address, {"claims": json.dumps(claims), **said}, allow_redirects=False, timeout=60
    )
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come(browser: PageClient, claims: dict[str, Any], next: str = "", **said: str) -> Any:
    """Sign in by the institution."""
    sent = browser.get("/sign-in/institution", query_string={"next": next} if next else None)
    assert sent.status_code == 303
    return browser.get(at_the_door(sent.location, claims, **said))


def linked(session: Session) -> list[tuple[int, str]]:
    rows = session.execute(select(LinkedSignIn.user_id, LinkedSignIn.subject))
    return [(user_id, subject) for user_id, subject in rows]


def kinds(session: Session) -> list[str]:
    return [mail.kind for mail in mails(session)]


def with_app(user: User) -> pyotp.TOTP:
    secret = pyotp.random_base32()
    db.session.add(SecondFactor(user_id=user.id, secret=secret, confirmed_at=now(), last_step=0))
    db.session.commit()
    return pyotp.TOTP(secret)


@pytest.mark.usefixtures("app")
def test_a_site_without_an_institution_has_no_such_pages(client: PageClient) -> None:
    assert "your account of" not in client.get("/sign-in").text
    for path in ("", "/answer?code=1&state=1"):
        assert client.get(f"/sign-in/institution{path}").status_code == 404


def test_the_sign_in_page_names_the_institution(client: PageClient, institution: str) -> None:
    page = client.page("/sign-in?next=/notices")
    assert "Sign in with your account of Qinghai University" in page.text
    assert "/sign-in/institution?next=/notices" in page.links


def test_an_address_that_the_institution_proved_opens_its_account(
    client: PageClient, ana: User, institution: str, session: Session
) -> None:
    assert come(client, ANA).location == "/home"
    assert is_signed_in(client)
    assert linked(session) == [(ana.id, "1001")]
    assert kinds(session) == ["account.sign_in_linked", "account.new_sign_in"]


def test_from_then_on_the_number_counts_and_nobody_is_told_again(
    client: PageClient, ana: User, institution: str, session: Session
) -> None:
    come(client, ANA)
    client.submit("/sign-out")
    come(client, {"sub": "1001", "email": "another@elsewhere.example"})
    assert is_signed_in(client)
    assert kinds(session).count("account.sign_in_linked") == 1


def test_one_goes_on_to_the_page_one_came_for(
    client: PageClient, ana: User, institution: str
) -> None:
    assert come(client, ANA, next="/notices?page=2").location == "/notices?page=2"


def test_an_address_may_come_from_the_user_info(
    client: PageClient, ana: User, institution: str, session: Session
) -> None:
    come(client, {"sub": "1001"}, more=json.dumps(ANA))
    assert linked(session) == [(ana.id, "1001")]


def test_the_user_info_of_somebody_else_counts_for_nothing(
    client: PageClient, ana: User, institution: str, session: Session
) -> None:
    come(client, {"sub": "1002"}, more=json.dumps(ANA))
    assert linked(session) == []


@pytest.mark.parametrize(
    "claims",
    [
        {**ANA, "email_verified": False},
        {**ANA, "email_verified": "true"},
        {"sub": "1001", "email": "ana@example.org"},
        {"sub": "1001", "email": "nobody@example.org", "email_verified": True},
        {"sub": "1001", "email": "eve@elsewhere.example", "email_verified": True},
        {"sub": "1001", "email": "new@example.org", "email_verified": True},
        {"sub": "1001", "email": ["ana@example.org"], "email_verified": True},
        {"sub": "1001"},
    ],
    ids=["unproven", "a word", "unsaid", "unknown", "another's domain", "unconfirmed", "list", "-"],
)
def test_others_are_told_that_there_is_no_account(
    client: PageClient, ana: User, institution: str, session: Session, claims: dict[str, Any]
) -> None:
    person(email="eve@elsewhere.example")
    person(email="new@example.org", email_confirmed_at=None)
    answer = come(client, claims)
    assert answer.status_code == 422
    assert "There is no account here" in answer.text
    assert not is_signed_in(client)
    assert linked(session) == []


def test_no_account_is_made_and_no_role_given(
    client: PageClient, app: Flask, institution: str, session: Session
) -> None:
    claims = {**ANA, "roles": ["administrator"], "groups": ["administrator"]}
    come(client, claims)
    assert queries.user_by_email(session, "ana@example.org") is None


def test_a_suspended_account_is_told_so(client: PageClient, app: Flask, institution: str) -> None:
    person(email="out@example.org", suspended=True)
    answer = come(client, {**ANA, "email": "out@example.org"})
    assert "suspended" in Page(answer.text).text
    assert not is_signed_in(client)


def test_an_address_given_to_somebody_else_there_opens_nothing(
    client: PageClient, ana: User, institution: str, session: Session
) -> None:
    come(client, ANA)
    client.submit("/sign-out")
    answer = come(client, {**ANA, "sub": "1002"})
    assert "Another person of Qinghai University is linked" in answer.text
    assert not is_signed_in(client)


# What the institution says is not believed.


@pytest.mark.parametrize(
    "lie",
    [
        {"claims": {**ANA, "nonce": "another"}},
        {"claims": {**ANA, "nonce": ""}},
        {"claims": {**ANA, "iss": "http://127.0.0.1:1"}},
        {"claims": {**ANA, "aud": "another-site"}},
        {"claims": {**ANA, "aud": "another-site", "azp": CLIENT_ID}},
        {"claims": {**ANA, "exp": 1}},
        {"claims": {"email": "ana@example.org", "email_verified": True}},
        {"claims": {**ANA, "sub": "1" * 256}},
        {"claims": ANA, "signed": "another"},
        {"claims": ANA, "signed": "public key"},
        {"claims": ANA, "signed": "none"},
    ],
    ids=[
        *("nonce", "no nonce", "issuer", "audience", "audience with azp", "old", "nobody", "long"),
        *("another's key", "the public key", "no signature"),
    ],
)
def test_a_false_token_opens_nothing(
    client: PageClient, ana: User, institution: str, session: Session, lie: dict[str, Any]
) -> None:
    answer = come(client, **lie)
    assert answer.status_code == 503
    assert "did not work this time" in answer.text
    assert not is_signed_in(client)
    assert linked(session) == []


def test_an_answer_for_another_browser_opens_nothing(
    client: PageClient, another_browser: PageClient, ana: User, institution: str
) -> None:
    """Somebody lured to the address of an answer does not sign in as its author."""
    answer = at_the_door(client.get("/sign-in/institution").location, ANA)
    another_browser.get("/sign-in/institution")
    assert another_browser.get(answer).status_code == 503
    assert not is_signed_in(another_browser)


def test_an_answer_counts_once(client: PageClient, ana: User, institution: str) -> None:
    answer = at_the_door(client.get("/sign-in/institution").location, ANA)
    assert client.get(answer).status_code == 303
    client.submit("/sign-out")
    assert client.get(answer).status_code == 503


def test_a_stolen_code_is_of_no_use_without_the_verifier(
    client: PageClient, another_browser: PageClient, ana: User, institution: str
) -> None:
    """PKCE: the thief's own browser has another verifier."""
    sent = client.get("/sign-in/institution").location
    assert parse_qs(urlsplit(sent).query)["code_challenge_method"] == ["S256"]
    code = parse_qs(urlsplit(at_the_door(sent, ANA)).query)["code"][0]
    thiefs = parse_qs(urlsplit(another_browser.get("/sign-in/institution").location).query)
    stolen = {"code": code, "state": thiefs["state"][0]}
    answer = another_browser.get("/sign-in/institution/answer", query_string=stolen)
    assert answer.status_code == 503
    assert not is_signed_in(another_browser)


def test_a_refusal_by_the_institution_is_no_fault_of_ours(
    client: PageClient, institution: str
) -> None:
    client.get("/sign-in/institution")
    answer = client.get("/sign-in/institution/answer?error=access_denied&error_description=No")
    assert answer.status_code == 503


def test_head_takes_no_answer(client: PageClient, ana: User, institution: str) -> None:
    answer = at_the_door(client.get("/sign-in/institution").location, ANA)
    assert client.head(answer).status_code == 503
    assert client.get(answer).status_code == 303


def test_an_institution_that_is_away_leaves_the_password(
    client: PageClient, app: Flask, ana: User, institution: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = replace(services(app).settings, oidc_issuer=f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(services(app), "settings", away)
    del app.extensions["authlib.integrations.flask_client"]
    oidc.install(app)
    assert client.get("/sign-in/institution").status_code == 503
    assert sign_in(client, "ana@example.org").status_code == 303


# Officers, the second factor, and the password.


@pytest.mark.parametrize("role", ["administrator", "national_curator", "evaluator"])
def test_an_officer_without_an_app_is_not_let_in(
    client: PageClient, app: Flask, institution: str, session: Session, role: str
) -> None:
    factories.staff(role, email="officer@example.org")
    answer = come(client, {**ANA, "email": "officer@example.org"})
    assert "Your role needs an authenticator app for this" in answer.text
    assert not is_signed_in(client)
    assert linked(session) == []


def test_the_code_is_asked_for_before_anything_is_linked(
    client: PageClient, app: Flask, institution: str, session: Session
) -> None:
    officer = factories.staff("administrator", email="officer@example.org")
    totp = with_app(officer)
    sent = come(client, {**ANA, "email": "officer@example.org"}, next="/admin/accounts")
    assert sent.location == "/sign-in/code?next=/admin/accounts"
    assert not is_signed_in(client)
    assert linked(session) == []
    entered = client.submit("/sign-in/code", {"code": totp.now(), "next": "/admin/accounts"})
    assert entered.location == "/admin/accounts"
    assert client.get("/admin/accounts").status_code == 200
    assert linked(session) == [(officer.id, "1001")]


def test_what_asks_for_the_password_again_asks_at_once(
    client: PageClient, ana: User, institution: str
) -> None:
    come(client, ANA)
    assert "/account/prove" in client.submit("/account/second-factor/begin").text
    client.submit("/account/prove", {"password": PASSWORD})
    assert client.submit("/account/second-factor/begin").status_code == 303


# The link on one's own page.


def test_it_is_unlinked_and_stays_so(
    client: PageClient, another_browser: PageClient, ana: User, institution: str, session: Session
) -> None:
    come(another_browser, ANA)
    client.sign_in(ana)
    assert "Sign-in by Qinghai University Linked on" in client.page("/account").text
    assert client.submit("/account/institution/unlink").location == "/account"
    assert is_signed_in(client)
    assert not is_signed_in(another_browser)
    assert kinds(session)[-1] == "account.sign_in_unlinked"
    answer = come(another_browser, ANA)
    assert "This sign-in was unlinked from your account" in answer.text
    assert "Unlinked on" in client.page("/account").text


def test_it_is_allowed_again(
    client: PageClient, another_browser: PageClient, ana: User, institution: str
) -> None:
    come(another_browser, ANA)
    client.sign_in(ana).submit("/account/institution/unlink")
    client.submit("/account/institution/allow")
    assert come(another_browser, ANA).location == "/home"


def test_a_way_back_to_the_former_address_ends_the_link(
    client: PageClient, ana: User, institution: str, session: Session
) -> None:
    """It may be of who changed the address."""
    come(client, ANA)
    token = links.make(links.REVERT, ana, "ana.before@example.org")
    client.submit(f"/former-email/{token}")
    assert linked(session) == []


def test_sign_ins_and_failures_are_in_the_security_log(
    client: PageClient, ana: User, institution: str, session: Session
) -> None:
    come(client, {**ANA, "email": "nobody@example.org"})
    come(client, ANA)
    events = session.scalars(select(SecurityEvent).order_by(SecurityEvent.id)).all()
    assert [(one.kind, one.account) for one in events] == [
        ("sign_in_failed", "nobody@example.org"),
        ("signed_in", "Ana"),
    ]
    assert session.scalars(select(UserSession.user_id)).all() == [ana.id]
