"""Suggestions pause while the verification of either side has lapsed, and come back with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.db import today
from matchmaker.recommendation import queries
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
