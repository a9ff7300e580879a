"""The clocks of a match: reminders once each, what silence leads to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.cooperation import clocks, rules, service
from matchmaker.cooperation.jobs import keep_clocks
from matchmaker.cooperation.models import Match
from matchmaker.db import now, today
from matchmaker.notices.models import Notice
from tests.cooperation.conftest import Stage

DAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("status", "days", "due"),
    [
        ("one_side_interested", 0, 0),
        ("one_side_interested", 2, 0),
        ("one_side_interested", 3, 1),
        ("proposed", 9, 1),
        ("proposed", 10, 2),
        ("proposed", 20, 3),
        ("proposed", 30, 3),
        ("mutual", 59, 0),
        ("mutual", 60, 1),
        ("delivering", 60, 1),
        ("completed", 200, 0),
        ("declined", 200, 0),
    ],
)
def test_when_a_reminder_is_due(status: str, days: int, due: int) -> None:
    assert rules.reminders_due(status, DAY - timedelta(days=days), DAY) == due


@pytest.mark.parametrize(
    ("status", "days", "stalled"),
    [
        ("mutual", 89, False),
        ("mutual", 90, True),
        ("negotiating", 90, True),
        ("agreed", 400, False),
        ("delivering", 400, False),
        ("one_side_interested", 90, False),
    ],
)
def test_talks_stall_and_what_was_agreed_does_not(status: str, days: int, stalled: bool) -> None:
    assert rules.has_stalled(status, DAY - timedelta(days=days), DAY) is stalled


def told(session: Session, kind: str) -> list[int]:
    found = select(Notice.user_id).where(Notice.kind == kind).order_by(Notice.id)
    return list(session.scalars(found))


def asked_days_ago(session: Session, match: Match, days: int) -> None:
    match.expires_on = today() + rules.ANSWER_WITHIN - timedelta(days=days)
    session.commit()


def quiet_for(session: Session, match: Match, days: int) -> None:
    active = now() - timedelta(days=days)
    session.execute(update(Match).where(Match.id == match.id).values(active_at=active))
    session.commit()


@pytest.mark.both_databases
def test_who_has_not_answered_is_reminded_three_times_and_no_more(
    session: Session, stage: Stage
) -> None:
    match, reminded = stage.ask(session), []
    for day in range(31):
        asked_days_ago(session, match, day)
        reminded += [day] * keep_clocks(session)
    assert reminded == [3, 10, 20]
    assert told(session, "match.reminder") == [stage.east.id] * 3


def test_a_late_night_sends_one_reminder_for_two(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    asked_days_ago(session, match, 12)
    assert [keep_clocks(session), keep_clocks(session)] == [1, 0]
    assert told(session, "match.reminder") == [stage.east.id]


def test_a_reminder_leaves_open_forms_valid(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    shown = match.version
    asked_days_ago(session, match, 3)
    session.refresh(match, ["version"])
    shown = match.version
    keep_clocks(session)
    service.accept(session, stage.answerer, match, version=shown)
    assert match.status == "mutual"


def test_both_sides_of_a_proposal_are_reminded(session: Session, stage: Stage) -> None:
    asked_days_ago(session, stage.propose(session), 3)
    keep_clocks(session)
    assert told(session, "match.reminder") == [stage.west.id, stage.east.id]


def test_an_overdue_match_is_reminded_of_no_more(session: Session, stage: Stage) -> None:
    asked_days_ago(session, stage.ask(session), 31)
    assert keep_clocks(session) == 0


@pytest.mark.both_databases
def test_silent_talks_are_reminded_of_once_and_stall(session: Session, stage: Stage) -> None:
    match, done = stage.agree(session), []
    for days in (59, 60, 61, 89, 90, 91):
        quiet_for(session, match, days)
        done += [days] * keep_clocks(session)
    assert done == [60, 90]
    session.refresh(match, ["status"])
    assert match.status == "stalled"
    assert told(session, "match.quiet") == [stage.west.id, stage.east.id]
    assert told(session, "match.moved") == [stage.west.id, stage.east.id]


def test_a_sign_of_life_sets_the_clock_back(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    service.advance(session, stage.asker, match, "note_contact")
    quiet_for(session, match, 60)
    keep_clocks(session)
    service.advance(session, stage.answerer, match, "note_contact")
    session.commit()
    session.refresh(match, ["active_at", "reminders"])
    assert (match.reminders, match.active_at > now() - timedelta(days=1)) == (0, True)


def test_silent_work_is_asked_about_and_goes_on(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    service.advance(session, stage.asker, match, "agree")
    quiet_for(session, match, 400)
    assert [keep_clocks(session), keep_clocks(session)] == [1, 0]
    session.refresh(match, ["status"])
    assert match.status == "agreed"
    assert told(session, "match.report") == [stage.west.id, stage.east.id]


@pytest.mark.both_databases
def test_a_match_does_not_stall_before_its_meeting(session: Session, stage: Stage) -> None:
    match, done = stage.agree(session), []
    meets_at = now() + timedelta(days=30)
    for days in (91, 200):
        quiet_for(session, match, days)
        clocks.note_meetings(session, match.id, meets_at)
        session.commit()
        done += [days] * keep_clocks(session)
    assert done == []
    clocks.note_meetings(session, match.id, now() - timedelta(days=61))
    session.commit()
    assert [keep_clocks(session), keep_clocks(session)] == [1, 0]
    assert told(session, "match.quiet") == [stage.west.id, stage.east.id]
    clocks.note_meetings(session, match.id, None)
    session.commit()
    assert keep_clocks(session) == 1
    session.refresh(match, ["status"])
    assert match.status == "stalled"
