"""A table as a browser sends it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from matchmaker.accounts.models import User
from tests.client import PageClient
from tests.imports.conftest import ROWS, as_csv
from tests.listings.conftest import organisation, owner

__all__ = ["organisation", "owner"]

Send = Callable[..., TestResponse]
TABLE = as_csv(ROWS)


@pytest.fixture
def home(client: PageClient, owner: User) -> PageClient:
    """The browser of the organisation's owner."""
    return client.sign_in(owner)


@pytest.fixture
def send(home: PageClient) -> Send:
    """Send a file, as `data` or from a path."""

    def sent(data: bytes | Path = TABLE, name: str = "需求.csv") -> TestResponse:
        name = data.name if isinstance(data, Path) else name
        data = data.read_bytes() if isinstance(data, Path) else data
        fields = {"kind": "need", "file": (io.BytesIO(data), name)}
        return home.submit("/our/imports", fields, content_type="multipart/form-data")

    return sent


def version_on(response: TestResponse) -> str:
    found = re.search(r'name="version" value="(\d+)"', response.text)
    assert found is not None
    return found[1]
