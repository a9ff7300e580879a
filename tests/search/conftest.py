"""A need about drip irrigation, among others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from matchmaker.db import db
from matchmaker.listings.models import Listing
from matchmaker.listings.queries import subject
from tests import factories
from tests.conftest import Scene
from tests.listings.conftest import published

DRIP = {
    "title": "Drip irrigation clogs",
    "summary": "Drippers of cotton fields clog with quoxel.",
    "description": "",
}


def need(make: Callable[..., Listing] = factories.need, **fields: Any) -> Listing:
    return published(make, **{**DRIP, **fields})


def build() -> int:
    """Publish a need among others about other things."""
    for title in (
        "Lithium from brine",
        "Yak down has hair",
        "Apricots rot",
        "Wind turbines ice up",
        "Smelter heat",
    ):
        published(title=title, summary=f"{title}, every year.", description="Costs too much.")
    return need().id


@pytest.fixture
def drip(scene: Scene) -> Listing:
    found = subject(db.session(), scene(build))
    assert found is not None
    return found.listing
