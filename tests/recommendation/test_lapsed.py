"""Suggestions pause while the verification of either side has lapsed, and come back with it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.db import now, today
from matchmaker.notices.models import Notice
from matchmaker.recommendation import queries
from matchmaker.recommendation.run.write import Written, announce
from tests import factories
from tests.listings.conftest import as_actor


@pytest.mark.both_databases
@pytest.mark.parametrize("lapsed", ["need", "capability"])
def test_they_pause_and_come_back(session: Session, lapsed: str) -> None:
    suggestion = factories.SuggestionFactory()
    owner = factories.member_of(suggestion.need.organisation)
    organisation = getattr(suggestion, lapsed).organisation
    seen = []
    for days in (9, -1, 9):
        organisation.verified_until = today() + timedelta(days=days)
        session.commit()
        actor = as_actor(owner)
        found = session.scalars(queries.of_organisation(actor)).unique().all()
        seen.append((len(found), suggestion.is_shown_to(actor.organisation_id)))
    assert seen == [(1, True), (0, False), (1, True)]


@pytest.mark.parametrize(("days", "told"), [(9, 2), (-1, 0)])
def test_nobody_is_told_of_a_pair_that_pauses(session: Session, days: int, told: int) -> None:
    suggestion = factories.SuggestionFactory()
    sides = suggestion.need, suggestion.capability
    for listing in sides:
        factories.member_of(listing.organisation)
    sides[0].organisation.verified_until = today() + timedelta(days=days)
    session.commit()
    pair: Any = SimpleNamespace(score=0.9)
    announce(session, Written(1, 0, {(sides[0].id, sides[1].id): pair}, {}), now())
    assert session.query(Notice).count() == told
