"""Two sides that work together, what they can report, and curators of both provinces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.cooperation.models import Match
from matchmaker.db import db, today
from matchmaker.outcomes import queries, service
from matchmaker.outcomes.models import Outcome
from matchmaker.outcomes.rules import Values
from matchmaker.permissions import Actor
from tests import factories
from tests.cooperation.conftest import Stage, actor, stage

__all__ = ["stage"]


def values(**said: Any) -> Values:
    """Good values of any measure; a test overrides the one it is about."""
    day = today()
    given: dict[str, Any] = {
        "amount": 12,
        "first_day": day - timedelta(days=30),
        "last_day": day,
        "evidence": "The signed list.",
        "contract_number": "2026-63-0001",
    }
    return Values(**given | said)


@dataclass
class Pair:
    """A match of a western need (whose side reports) and an eastern capability."""

    stage: Stage
    match: Match
    curator: User

    @property
    def west(self) -> Actor:
        return self.stage.asker

    @property
    def east(self) -> Actor:
        return self.stage.answerer

    @property
    def curating(self) -> Actor:
        return actor(self.curator)

    def report(self, session: Session, measure: str = "people_trained", **said: Any) -> Outcome:
        outcome = service.report(session, self.west, self.match, measure, values(**said))
        session.commit()
        return outcome

    def confirm(self, session: Session, outcome: Outcome) -> Outcome:
        service.confirm(session, self.east, outcome)
        session.commit()
        return outcome

    def verify(self, session: Session, measure: str = "people_trained", **said: Any) -> Outcome:
        outcome = self.confirm(session, self.report(session, measure, **said))
        service.verify(session, self.curating, outcome)
        session.commit()
        return outcome


def fresh(session: Session, outcome_id: int) -> Outcome:
    session.expire_all()
    found = queries.outcome(session, outcome_id)
    assert found is not None
    return found


def another_pair(session: Session, curator: User, **needs: Any) -> Pair:
    """Another two organisations that work together."""
    with factories.together():
        need = factories.need(**needs)
        capability = factories.capability()
        people = [factories.member_of(one.organisation) for one in (need, capability)]
        stage = Stage(need, capability, *people, curator=curator)
    return Pair(stage, stage.agree(session), curator)


@pytest.fixture
def pair(app: Flask, stage: Stage) -> Pair:
    return Pair(stage, stage.agree(db.session()), stage.curator)
