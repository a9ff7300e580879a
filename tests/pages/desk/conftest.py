"""Curators at their desks."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.permissions import Actor
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import as_actor
from tests.organisations.conftest import organisation, owner

__all__ = ["organisation", "owner"]


@pytest.fixture
def author(owner: User) -> Actor:
    """The owner, who may post needs by the plan."""
    factories.plan()
    return as_actor(owner)


@pytest.fixture
def curator(app: Flask) -> User:
    """A curator of Qinghai."""
    return factories.provincial_curator("63", name="Li Na")


@pytest.fixture
def shandong(app: Flask) -> User:
    """A curator of Shandong, the other end of the corridor."""
    return factories.provincial_curator("37", name="Wang Wei")


@pytest.fixture
def desk(client: PageClient, curator: User) -> PageClient:
    """The browser of the curator of Qinghai."""
    return client.sign_in(curator)


@pytest.fixture
def elsewhere(app: Flask, shandong: User) -> PageClient:
    """The browser of the curator of Shandong."""
    browser: PageClient = app.test_client()  # type: ignore[assignment]
    return browser.sign_in(shandong)
