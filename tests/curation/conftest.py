from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.recommendation.models import Suggestion
from tests import factories
from tests.client import PageClient

Count = Callable[[], Any]


def pair(west: str = "63", east: str = "37", **fields: Any) -> Suggestion:
    """A suggestion from one province to another."""
    need = factories.need(
        organisation=factories.OrganisationFactory(province=west),
        title=fields.pop("need_title", "A need"),
    )
    offering = factories.OrganisationFactory(province=east)
    capability = factories.capability(
        organisation=offering, title=fields.pop("capability_title", "A capability")
    )
    suggestion: Suggestion = factories.SuggestionFactory(need=need, capability=capability, **fields)
    return suggestion


@pytest.fixture
def qinghai(app: Flask) -> User:
    """A curator of Qinghai."""
    return factories.provincial_curator("63", name="Li Na")


@pytest.fixture
def shandong(app: Flask) -> User:
    """A curator of Shandong, the other end of the corridor."""
    return factories.provincial_curator("37", name="Wang Wei")


@pytest.fixture
def desk(client: PageClient, qinghai: User) -> PageClient:
    """The browser of the curator of Qinghai."""
    return client.sign_in(qinghai)


@pytest.fixture
def elsewhere(app: Flask, shandong: User) -> PageClient:
    """The browser of the curator of Shandong."""
    browser: PageClient = app.test_client()  # type: ignore[assignment]
    return browser.sign_in(shandong)
