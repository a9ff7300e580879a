from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations.models import Organisation
from tests import factories

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

# What registering takes; the rest of the profile comes later.
REGISTRATION: dict[str, Any] = {
    "legal_name": "高原盐湖科技有限公司",
    "uscc": USCC,
    "type": "enterprise",
    "province": "63",
    "phone": "0979-5550131",
}


def mails(session: Session, kind: str = "") -> list[OutboxMail]:
    found = session.scalars(select(OutboxMail).order_by(OutboxMail.id))
    return [mail for mail in found if not kind or mail.kind == kind]


def notices(session: Session, user: User) -> list[str]:
    return list(
        session.scalars(select(Notice.kind).where(Notice.user_id == user.id).order_by(Notice.id))
    )


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
