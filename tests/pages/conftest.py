from __future__ import annotations

import pytest
from flask import Flask

from tests.client import PageClient


def browser(app: Flask) -> PageClient:
    """A browser that asks for English, not signed in."""
    made: PageClient = app.test_client()  # type: ignore[assignment]
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


@pytest.fixture
def another_browser(app: Flask) -> PageClient:
    """A second browser beside `client`."""
    return browser(app)
