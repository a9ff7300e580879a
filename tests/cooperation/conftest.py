"""Two organisations, a need and a capability, and somebody to speak for each side."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.cooperation import service
from matchmaker.cooperation.models import Match
from matchmaker.db import db
from matchmaker.listings.models import Listing
from matchmaker.organisations.acting import actor_of
from matchmaker.permissions import Actor
from tests import factories


def actor(user: User) -> Actor:
    found = actor_of(db.session(), user.id)
    assert found is not None
    return found[0]


@dataclass
class Stage:
    need: Listing
    capability: Listing
    west: User
    east: User
    curator: User

    @property
    def asker(self) -> Actor:
        return actor(self.west)

    @property
    def answerer(self) -> Actor:
        return actor(self.east)

    def ask(self, session: Session, message: str = "") -> Match:
        """The need's side expresses interest."""
        match = service.express_interest(session, self.asker, self.need, self.capability, message)
        session.commit()
        return match

    def agree(self, session: Session) -> Match:
        match = service.accept(session, self.answerer, self.ask(session))
        session.commit()
        return match

    def propose(self, session: Session) -> Match:
        match = service.propose(
            session, actor(self.curator), self.need, self.capability, "Please talk."
        )
        session.commit()
        return match


@pytest.fixture
def stage(app: Flask) -> Stage:
    need = factories.need(title="Lithium from brine", annex="zirconium")
    capability = factories.capability(title="Sorbent columns", annex="hafnium")
    return Stage(
        need=need,
        capability=capability,
        west=factories.member_of(need.organisation, name="Wen"),
        east=factories.member_of(capability.organisation, name="Dong"),
        curator=factories.provincial_curator("63", name="Curator"),
    )
