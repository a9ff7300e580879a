"""Loading plans."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.permissions import SYSTEM
from matchmaker.plan import service as plans
from tests import factories


@pytest.mark.both_databases
def test_a_second_plan_loads_beside_the_first_and_old_listings_keep_theirs(
    session: Session,
) -> None:
    first = factories.plan()
    listing = factories.need()
    second, new = plans.load(session, SYSTEM, {**factories.PLAN, "id": "successor"})
    session.commit()
    assert (new, second.is_current, first.is_current) == (True, True, False)
    session.refresh(listing)
    assert listing.plan_id == first.id


@pytest.mark.both_databases
def test_loading_the_same_plan_again_changes_nothing(session: Session) -> None:
    first = factories.plan()
    again, new = plans.load(session, SYSTEM, factories.PLAN)
    assert (again.id, new) == (first.id, False)
