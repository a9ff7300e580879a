"""The forms that an organisation's people send."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.organisations.models import Organisation
from tests.client import PageClient
from tests.organisations.conftest import PASSWORD, organisation, owner

__all__ = ["organisation", "owner"]


PERSON = {"name": "Li Na", "email": "li.na@example.org", "password": PASSWORD}


HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


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
def own(client: PageClient, owner: User) -> PageClient:
    """The owner's browser."""
    return client.sign_in(owner)
