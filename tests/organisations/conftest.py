from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient

PASSWORD = "a saline lake in winter"
USCC = factories.social_credit_code(4711, "63")

FORM: dict[str, Any] = {
    "name_zh": "高原盐湖科技有限公司",
    "name_other": "Plateau Salt Lake Technology",
    "other_language": "en",
    "type": "enterprise",
    "province": "63",
    "city": "格尔木",
    "uscc": USCC,
    "sectors": ["salt_lake", "materials"],
    "summary": "We draw lithium from brine.",
    "summary_language": "en",
    "website": "https://salt.example.org",
    "contact_name": "Zhang Wei",
    "contact_email": "contact@salt.example.org",
    "contact_phone": "+86 979 555-0131",
}
PERSON = {"name": "Li Na", "email": "li.na@example.org", "password": PASSWORD, "language": "es"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def mails(session: Session, kind: str = "") -> list[OutboxMail]:
    found = session.scalars(select(OutboxMail).order_by(OutboxMail.id))
    return [mail for mail in found if not kind or mail.kind == kind]


def notices(session: Session, user: User) -> list[str]:
    return list(
        session.scalars(select(Notice.kind).where(Notice.user_id == user.id).order_by(Notice.id))
    )


def organisations(session: Session) -> list[Organisation]:
    return list(session.scalars(select(Organisation).order_by(Organisation.id)))


def hidden(text: str) -> list[tuple[str, str]]:
    """The hidden fields of a page's own form, but for the token."""
    main = text[text.index("<main") :]
    return [
        (name, html.unescape(value)) for name, value in HIDDEN.findall(main) if name != "csrf_token"
    ]


def typed_again(text: str) -> dict[str, Any]:
    """Hidden fields as the data of a POST."""
    data: dict[str, Any] = {}
    for name, value in hidden(text):
        data.setdefault(name, []).append(value)
    return data


@pytest.fixture
def another_browser(app: Flask) -> PageClient:
    browser: PageClient = app.test_client()  # type: ignore[assignment]
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    """Verified, in Qinghai."""
    verified: Organisation = factories.OrganisationFactory(name_other="Qinghai Brine Works")
    factories.VerificationFactory(
        organisation=verified, curator=factories.UserFactory(name="Old Curator")
    )
    return verified


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return factories.member_of(organisation, "owner", name="Olga Owner")


@pytest.fixture
def own(client: PageClient, owner: User) -> PageClient:
    """The owner's browser."""
    return client.sign_in(owner)


@pytest.fixture
def curator(app: Flask) -> User:
    """Of Qinghai."""
    return factories.provincial_curator("63", name="Cai Curator")


@pytest.fixture
def desk(client: PageClient, curator: User) -> PageClient:
    """The curator's browser."""
    return client.sign_in(curator)
