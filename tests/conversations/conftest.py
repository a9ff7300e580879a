"""A match that both sides want, and somebody to speak for each."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.cooperation import queries
from matchmaker.cooperation.models import Match
from matchmaker.db import db
from matchmaker.organisations.acting import actor_of
from matchmaker.permissions import Actor
from tests import factories


@dataclass
class Stage:
    match_id: int
    west: User
    east: User
    curator: User

    @property
    def match(self) -> Match:
        found = queries.match(db.session(), self.match_id)
        assert found is not None
        return found

    def actor(self, who: str) -> Actor:
        found = actor_of(db.session(), getattr(self, who).id)
        assert found is not None
        return found[0]


@pytest.fixture
def stage(app: Flask) -> Stage:
    with factories.together():
        need, capability = factories.need(title="Brine"), factories.capability(title="Sorbent")
        return Stage(
            match_id=factories.MatchFactory(need=need, capability=capability, mutual=True).id,
            west=factories.member_of(need.organisation, name="Wen"),
            east=factories.member_of(capability.organisation, name="Dong"),
            curator=factories.provincial_curator("63", name="Curator"),
        )
