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

PASSWORD = "a saline lake in winter"


def person(**fields: Any) -> User:
    """Somebody who can sign in with PASSWORD."""
    user: User = factories.UserFactory(password_hash=hash_password(PASSWORD), **fields)
    return user


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


@pytest.fixture
def ana(app: Flask) -> User:
    return person(email="ana@example.org", name="Ana")


@pytest.fixture
def administrator(app: Flask) -> User:
    return factories.staff("administrator", name="Root", email="root@example.org")
