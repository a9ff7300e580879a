"""A need about drip irrigation, among others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.listings.models import Listing
from tests import factories
from tests.listings.conftest import published

DRIP = {
    "title": "Drip irrigation clogs",
    "summary": "Drippers of cotton fields clog with quoxel.",
    "description": "",
}


def need(make: Callable[..., Listing] = factories.need, **fields: Any) -> Listing:
    return published(make, **{**DRIP, **fields})


@pytest.fixture
def drip(session: Session) -> Listing:
    """A need, among others about other things."""
    for title in (
        "Lithium from brine",
        "Yak down has hair",
        "Apricots rot",
        "Wind turbines ice up",
        "Smelter heat",
    ):
        published(title=title, summary=f"{title}, every year.", description="Costs too much.")
    return need()
