"""The form of a listing as a browser sends it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.listings.rules import Content
from tests.client import PageClient
from tests.listings.conftest import author, curator, organisation, owner
from tests.search.conftest import drip

__all__ = ["author", "curator", "drip", "organisation", "owner"]


def typed(content: Content, **changes: Any) -> dict[str, Any]:
    """The content as a browser sends it."""
    fields: dict[str, Any] = {
        name: getattr(content, name)
        for name in (
            "title",
            "summary",
            "description",
            "language",
            "goal",
            "province",
            "fund_source",
            "talent_kind",
        )
    }
    fields |= {
        name: getattr(content, name) for name in ("evidence", "ip_status", "deployments", "annex")
    }
    for name in ("sectors", "tasks", "modes", "licences"):
        fields[name] = list(getattr(content, name))
    for name in ("must_haves", "nice_to_haves"):
        fields[name] = "\r\n".join(getattr(content, name))
    for name in ("trl", "budget_min", "budget_max", "talent_number", "talent_months", "seats"):
        value = getattr(content, name)
        fields[name] = "" if value is None else str(value)
    fields["deadline"] = content.deadline.isoformat() if content.deadline else ""
    return fields | changes


@pytest.fixture
def home(client: PageClient, owner: User) -> PageClient:
    """The browser of the organisation's owner."""
    return client.sign_in(owner)


@pytest.fixture
def desk(app: Flask, curator: User) -> PageClient:
    """The browser of the curator of Qinghai."""
    browser: PageClient = app.test_client()  # type: ignore[assignment]
    return browser.sign_in(curator)
