"""Two people move a meeting at once: one wins, the other is told so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.cooperation.models import Match
from matchmaker.db import now
from matchmaker.errors import Conflict
from matchmaker.meetings import queries, service
from matchmaker.meetings.models import Meeting
from matchmaker.permissions import Actor
from tests import factories
from tests.cooperation.conftest import Stage, stage
from tests.meetings.conftest import DAY, fresh, proposal, together
from tests.threads import at_once

__all__ = ["stage", "together"]

pytestmark = pytest.mark.both_databases
Deed = Callable[[Session], Any]


@pytest.fixture
def proposed(session: Session, stage: Stage, together: Match) -> Meeting:
    at = now()
    made = service.propose(session, stage.asker, together, proposal(at + DAY, at + 2 * DAY), at=at)
    session.commit()
    return fresh(session, made)


def does(meeting: Meeting, actor: Actor, move: str, *arguments: Any, **named: Any) -> Deed:
    """As a form does that was served before: with the version it showed."""
    meeting_id = meeting.id
    if move in ("accept", "move", "cancel"):
        named["version"] = meeting.version

    def deed(session: Session) -> None:
        found = queries.meeting(session, meeting_id)
        getattr(service, move)(session, actor, found, *arguments, **named)

    return deed


def lost(results: list[Any]) -> list[type]:
    return [type(result) for result in results if result is not None]


def test_two_colleagues_accept_different_times_at_once(
    app: Flask, session: Session, stage: Stage, proposed: Meeting
) -> None:
    first, second = proposed.times
    deeds = [does(proposed, stage.answerer, "accept", time.id) for time in (first, second)]
    results = at_once(app, deeds)
    assert lost(results) == [Conflict]
    chosen = first if results[0] is None else second
    assert fresh(session, proposed).starts_at == chosen.starts_at


def test_accepting_and_cancelling_at_once(
    app: Flask, session: Session, stage: Stage, proposed: Meeting
) -> None:
    deeds = [
        does(proposed, stage.answerer, "accept", proposed.times[0].id),
        does(proposed, stage.asker, "cancel", "Words"),
    ]
    results = at_once(app, deeds)
    assert lost(results) == [Conflict]
    expected = "accepted" if results[0] is None else "cancelled"
    assert fresh(session, proposed).status == expected


def test_both_sides_move_at_once(
    app: Flask, session: Session, stage: Stage, proposed: Meeting
) -> None:
    later = proposal(now() + 3 * DAY)
    results = at_once(
        app, [does(proposed, who, "move", later) for who in (stage.asker, stage.answerer)]
    )
    assert lost(results) == [Conflict]
    winner = "need" if results[0] is None else "capability"
    assert fresh(session, proposed).proposed_by == winner


@pytest.fixture
def held(session: Session, together: Match) -> Meeting:
    meeting = factories.MeetingFactory(match=together, arranged=True, times=[now() - DAY])
    return fresh(session, meeting)


def test_both_sides_write_minutes_at_once(
    app: Flask, session: Session, stage: Stage, held: Meeting
) -> None:
    deeds = [
        does(held, who, "write_minutes", "Text", number=0) for who in (stage.asker, stage.answerer)
    ]
    assert lost(at_once(app, deeds)) == [Conflict]
    assert len(fresh(session, held).records) == 1


def test_both_sides_say_who_came_at_once(
    app: Flask, session: Session, stage: Stage, held: Meeting
) -> None:
    deeds = [
        does(held, who, "note_attendance", we_came=True, they_came=True)
        for who in (stage.asker, stage.answerer)
    ]
    assert lost(at_once(app, deeds)) == []
    assert {one.side for one in fresh(session, held).attendances} == {"need", "capability"}


@pytest.mark.slow
def test_accepting_and_cancelling_at_once_round_after_round(
    app: Flask, session: Session, stage: Stage, together: Match
) -> None:
    for _ in range(200):
        meeting = fresh(session, factories.MeetingFactory(match=together))
        deeds = [
            does(meeting, stage.answerer, "accept", meeting.times[0].id),
            does(meeting, stage.asker, "cancel", "Words"),
        ]
        results = at_once(app, deeds)
        assert lost(results) == [Conflict]
        expected = "accepted" if results[0] is None else "cancelled"
        assert fresh(session, meeting).status == expected
