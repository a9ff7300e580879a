"""Two sides that want to work together, and somebody to speak for each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.cooperation.models import Match
from matchmaker.meetings import queries, service
from matchmaker.meetings.models import Meeting
from matchmaker.meetings.rules import Proposal
from tests.cooperation.conftest import Stage, stage

__all__ = ["stage"]

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def proposal(*times: datetime, **fields: Any) -> Proposal:
    given = {"topic": "Samples", "minutes": 60, "place": "Room 301", **fields}
    return Proposal(times=times or (NOON + DAY, NOON + 2 * DAY), **given)


@pytest.fixture
def together(session: Session, stage: Stage) -> Match:
    return stage.agree(session)


@pytest.fixture
def proposed(session: Session, stage: Stage, together: Match) -> Meeting:
    """A meeting that the need's side has proposed for the next two days."""
    made = service.propose(session, stage.asker, together, proposal(), at=NOON)
    session.commit()
    return fresh(session, made)


@pytest.fixture
def arranged(session: Session, stage: Stage, proposed: Meeting) -> Meeting:
    """The same, and the other side has chosen the first time."""
    service.accept(session, stage.answerer, proposed, proposed.times[0].id, at=NOON)
    session.commit()
    return fresh(session, proposed)


def fresh(session: Session, meeting: Meeting) -> Meeting:
    session.expire_all()
    found = queries.meeting(session, meeting.id)
    assert found is not None
    return found
