from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.notices.models import OutboxMail
from tests import factories
from tests.client import PageClient

PASSWORD = "a saline lake in winter"


def person(**fields: Any) -> User:
    """Somebody who can sign in with PASSWORD."""
    user: User = factories.UserFactory(password_hash=hash_password(PASSWORD), **fields)
    return user


def sign_in(browser: PageClient, email: str, password: str = PASSWORD, **data: Any) -> Any:
    return browser.submit("/sign-in", {"email": email, "password": password, **data})


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def is_signed_in(browser: PageClient) -> bool:
    return browser.get("/account").status_code == 200


@pytest.fixture
def ana(app: Flask) -> User:
    return person(email="ana@example.org", name="Ana")


@pytest.fixture
def administrator(app: Flask) -> User:
    return factories.staff("administrator", name="Root", email="root@example.org")


@pytest.fixture
def another_browser(app: Flask) -> PageClient:
    browser: PageClient = app.test_client()  # type: ignore[assignment]
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser
