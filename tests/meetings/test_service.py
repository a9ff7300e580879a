"""Meetings from the first proposal to the minutes: states, who is told, what calendars get."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation import queries as matches
from matchmaker.cooperation import service as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.errors import Conflict, LimitReached, NotAllowed, Refusal, Refused
from matchmaker.meetings import queries, service
from matchmaker.meetings.jobs import tend_meetings
from matchmaker.meetings.models import Meeting
from matchmaker.notices.models import Notice, OutboxMail
from tests import factories
from tests.cooperation.conftest import Stage, actor
from tests.meetings.conftest import DAY, NOON, fresh, proposal


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def told(session: Session) -> set[tuple[str, str]]:
    """(whom, of what) of all notices about meetings; then they are forgotten."""
    names = {
        user.id: user.name for user in session.scalars(select(factories.UserFactory._meta.model))
    }
    notices = session.scalars(select(Notice).where(Notice.kind.startswith("meeting."))).all()
    found = {(names[notice.user_id], notice.kind) for notice in notices}
    for notice in notices:
        session.delete(notice)
    return found


def calendars(session: Session) -> list[tuple[str, Any]]:
    """(recipient, event) of each calendar entry that was mailed, read by a library."""
    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    return [
        (mail.recipient, icalendar.Calendar.from_ical(mail.calendar["text"]))
        for mail in mails
        if mail.calendar
    ]


def actions(session: Session) -> list[str]:
    rows = select(AuditRecord.action).where(AuditRecord.subject_type == "meeting")
    return list(session.scalars(rows.order_by(AuditRecord.id)))


def test_one_side_proposes_and_the_other_is_asked(session: Session, proposed: Meeting) -> None:
    assert (proposed.status, proposed.proposed_by, proposed.starts_at) == ("proposed", "need", None)
    assert [time.starts_at for time in proposed.times] == [NOON + DAY, NOON + 2 * DAY]
    assert told(session) == {("Dong", "meeting.proposed")}
    assert calendars(session) == []
    assert actions(session) == ["meeting.propose"]


def test_accepting_arranges_it_and_brings_the_match_into_contact(
    session: Session, stage: Stage, together: Match, arranged: Meeting
) -> None:
    assert (arranged.status, arranged.starts_at) == ("accepted", NOON + DAY)
    assert told(session) >= {("Wen", "meeting.accepted"), ("Dong", "meeting.accepted")}
    session.refresh(together, ["status"])
    assert together.status == "in_contact"
    assert actions(session) == ["meeting.propose", "meeting.accept"]


def test_the_proposer_cannot_accept(session: Session, stage: Stage, proposed: Meeting) -> None:
    with pytest.raises(Conflict):
        service.accept(session, stage.asker, proposed, proposed.times[0].id)


def test_a_time_of_another_meeting_is_none_to_choose(
    session: Session, stage: Stage, proposed: Meeting
) -> None:
    with pytest.raises(NotAllowed):
        service.accept(session, stage.answerer, proposed, proposed.times[-1].id + 1)


def test_a_time_that_has_passed_cannot_be_chosen(
    session: Session, stage: Stage, proposed: Meeting
) -> None:
    with pytest.raises(Refused) as refused:
        service.accept(session, stage.answerer, proposed, proposed.times[0].id, at=NOON + 1.5 * DAY)
    assert refused.value.refusal == Refusal.TIME_PASSED


def test_an_old_form_is_told_who_was_first(
    session: Session, stage: Stage, proposed: Meeting
) -> None:
    version = proposed.version
    service.move(session, stage.asker, proposed, proposal(NOON + 3 * DAY))
    with pytest.raises(Conflict):
        service.accept(session, stage.answerer, proposed, proposed.times[0].id, version=version)


def test_a_counter_proposal_changes_who_is_asked(
    session: Session, stage: Stage, proposed: Meeting
) -> None:
    told(session)
    service.move(session, stage.answerer, proposed, proposal(NOON + 4 * DAY, topic="Terms"))
    session.flush()
    assert (proposed.proposed_by, proposed.topic) == ("capability", "Terms")
    assert [time.starts_at for time in proposed.times] == [NOON + 4 * DAY]
    assert told(session) == {("Wen", "meeting.moved")}


def test_moving_what_was_arranged_takes_it_out_of_both_calendars(
    session: Session, stage: Stage, arranged: Meeting
) -> None:
    told(session)
    service.move(session, stage.asker, arranged, proposal(NOON + 4 * DAY))
    session.flush()
    assert (arranged.status, arranged.starts_at) == ("proposed", None)
    assert told(session) == {("Wen", "meeting.unsettled"), ("Dong", "meeting.moved")}
    assert [entry["METHOD"] for _, entry in calendars(session)] == ["REQUEST"] * 2 + ["CANCEL"] * 2


def test_the_entry_keeps_its_name_and_its_number_rises(
    session: Session, stage: Stage, arranged: Meeting
) -> None:
    service.move(session, stage.asker, arranged, proposal(NOON + 4 * DAY))
    service.accept(session, stage.answerer, arranged, arranged.times[0].id)
    service.cancel(session, stage.answerer, arranged, "We are snowed in.")
    session.flush()
    entries = [entry for _, entry in calendars(session)]
    events = [entry.walk("VEVENT")[0] for entry in entries]
    assert {str(event["UID"]) for event in events} == {arranged.uid}
    assert [
        (str(entry["METHOD"]), event["SEQUENCE"], str(event["STATUS"]))
        for entry, event in zip(entries, events, strict=True)
    ] == [
        *[("REQUEST", 1, "CONFIRMED")] * 2,
        *[("CANCEL", 2, "CANCELLED")] * 2,
        *[("REQUEST", 3, "CONFIRMED")] * 2,
        *[("CANCEL", 4, "CANCELLED")] * 2,
    ]


def test_an_entry_says_when_and_where_and_names_its_reader_alone(
    session: Session, stage: Stage, arranged: Meeting
) -> None:
    for recipient, entry in calendars(session):
        event = entry.walk("VEVENT")[0]
        assert event["DTSTART"].dt == NOON + DAY
        assert event["DTEND"].dt == NOON + DAY + timedelta(hours=1)
        assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Samples", "Room 301")
        assert str(event["ATTENDEE"]) == f"mailto:{recipient}"
        assert str(event["ORGANIZER"]) == "mailto:matchmaker@example.org"
        text = entry.to_ical().decode()
        others = {stage.west.email, stage.east.email} - {recipient}
        unnamed = {*others, "Wen", "Dong", stage.need.organisation.contact_email}
        assert {word for word in unnamed if word in text} == set()
    assert {recipient for recipient, _ in calendars(session)} == {
        stage.west.email,
        stage.east.email,
    }


def test_words_of_people_cannot_add_lines_to_an_entry(
    session: Session, stage: Stage, together: Match
) -> None:
    topic = "A; B, C\nATTENDEE:mailto:x@example.org \\ 会议" + "长" * 90
    made = service.propose(session, stage.asker, together, proposal(topic=topic))
    service.accept(session, stage.answerer, made, made.times[0].id)
    session.flush()
    for recipient, entry in calendars(session):
        event = entry.walk("VEVENT")[0]
        assert str(event["SUMMARY"]) == topic
        assert str(event["ATTENDEE"]) == f"mailto:{recipient}"
        assert all(len(line) <= 75 for line in entry.to_ical().split(b"\r\n"))


def test_cancelling_what_was_arranged_tells_both(
    session: Session, stage: Stage, arranged: Meeting
) -> None:
    told(session)
    service.cancel(session, stage.asker, arranged, "We are snowed in.")
    session.flush()
    assert (arranged.status, arranged.cancelled_by) == ("cancelled", "need")
    assert told(session) == {("Wen", "meeting.cancelled"), ("Dong", "meeting.cancelled")}


def test_cancelling_what_was_proposed_tells_the_other_side(
    session: Session, stage: Stage, proposed: Meeting
) -> None:
    told(session)
    service.cancel(session, stage.asker, proposed, "Not needed.")
    session.flush()
    assert told(session) == {("Dong", "meeting.withdrawn")}


@pytest.mark.parametrize("move", ["accept", "move", "cancel"])
def test_what_is_cancelled_stays_so(
    session: Session, stage: Stage, proposed: Meeting, move: str
) -> None:
    service.cancel(session, stage.asker, proposed, "Not needed.")
    argument = {"accept": proposed.times[0].id, "move": proposal(), "cancel": "Words"}[move]
    with pytest.raises(Conflict):
        getattr(service, move)(session, stage.answerer, proposed, argument)


def test_only_those_who_work_together_meet(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    with pytest.raises(Refused) as refused:
        service.propose(session, stage.asker, match, proposal())
    assert refused.value.refusal == Refusal.NOT_TOGETHER


def test_a_stranger_meets_nobody(session: Session, together: Match) -> None:
    stranger = actor(factories.member_of(factories.OrganisationFactory()))
    with pytest.raises(NotAllowed):
        service.propose(session, stranger, together, proposal())


def test_so_many_proposals_to_one_match_are_too_many(
    session: Session, stage: Stage, together: Match
) -> None:
    for _ in range(10):
        service.propose(session, stage.asker, together, proposal())
    with pytest.raises(LimitReached):
        service.propose(session, stage.asker, together, proposal())


# after the time

AFTER = NOON + 1.5 * DAY


def test_each_side_says_who_came(session: Session, stage: Stage, arranged: Meeting) -> None:
    told(session)
    service.note_attendance(session, stage.asker, arranged, we_came=True, they_came=True, at=AFTER)
    service.note_attendance(
        session, stage.answerer, arranged, we_came=True, they_came=False, at=AFTER
    )
    session.commit()
    said = {one.side: (one.we_came, one.they_came) for one in fresh(session, arranged).attendances}
    assert said == {"need": (True, True), "capability": (True, False)}
    assert told(session) == {("Wen", "meeting.no_show")}


def test_a_correction_replaces_what_a_side_said_and_a_no_show_is_told_once(
    session: Session, stage: Stage, arranged: Meeting
) -> None:
    told(session)
    for we_came in (False, True):
        service.note_attendance(
            session, stage.asker, arranged, we_came=we_came, they_came=False, at=AFTER
        )
        session.commit()
    assert [(one.side, one.we_came) for one in fresh(session, arranged).attendances] == [
        ("need", True)
    ]
    assert session.query(Notice).filter_by(kind="meeting.no_show").count() == 1


def test_nothing_is_said_of_a_meeting_before_it_begins(
    session: Session, stage: Stage, arranged: Meeting
) -> None:
    with pytest.raises(Conflict):
        service.note_attendance(session, stage.asker, arranged, we_came=True, they_came=True)
    with pytest.raises(Conflict):
        service.write_minutes(session, stage.asker, arranged, "Text", number=0)


def test_minutes_keep_their_versions(session: Session, stage: Stage, arranged: Meeting) -> None:
    told(session)
    service.write_minutes(session, stage.asker, arranged, "First", number=0, at=AFTER)
    service.write_minutes(session, stage.answerer, arranged, "Second", number=1, at=AFTER)
    session.commit()
    records = fresh(session, arranged).records
    assert [(one.number, one.side, one.text) for one in records] == [
        (2, "capability", "Second"),
        (1, "need", "First"),
    ]
    assert told(session) == {("Wen", "meeting.minutes"), ("Dong", "meeting.minutes")}


def test_minutes_made_from_an_older_version_are_a_conflict(
    session: Session, stage: Stage, arranged: Meeting
) -> None:
    service.write_minutes(session, stage.asker, arranged, "First", number=0, at=AFTER)
    with pytest.raises(Conflict):
        service.write_minutes(session, stage.answerer, arranged, "Mine", number=0, at=AFTER)


# what waits

LONG_AFTER = NOON + 40 * DAY


def test_times_wait_for_the_asked_side_until_they_have_passed(
    session: Session, stage: Stage, proposed: Meeting
) -> None:
    def waits(who: Any, at: Any) -> bool:
        return bool(session.scalars(queries.to_answer(who, at)).unique().all())

    assert [waits(who, NOON) for who in (stage.asker, stage.answerer)] == [False, True]
    assert not waits(stage.answerer, NOON + 2 * DAY)


@pytest.mark.parametrize(
    ("said", "minutes", "at", "waits"),
    [
        (None, False, NOON, False),
        (None, False, AFTER, True),
        (None, False, LONG_AFTER, False),
        (None, True, AFTER, True),
        ((True, True), False, AFTER, True),
        ((True, True), True, AFTER, False),
        ((True, False), False, AFTER, False),
        ((False, True), False, AFTER, False),
    ],
)
def test_a_meeting_waits_to_be_written_up(
    session: Session,
    stage: Stage,
    arranged: Meeting,
    said: tuple[bool, bool] | None,
    minutes: bool,
    at: Any,
    waits: bool,
) -> None:
    if said:
        we, they = said
        service.note_attendance(
            session, stage.asker, arranged, we_came=we, they_came=they, at=AFTER
        )
    if minutes:
        service.write_minutes(session, stage.answerer, arranged, "Text", number=0, at=AFTER)
    session.commit()
    found = session.scalars(queries.to_write_up(stage.asker, at)).unique().all()
    assert bool(found) is waits


# the job


def test_both_sides_are_reminded_once_the_day_before(
    session: Session, stage: Stage, proposed: Meeting
) -> None:
    service.accept(session, stage.answerer, proposed, proposed.times[1].id)
    session.commit()
    told(session)
    with time_machine.travel(NOON + 0.9 * DAY, tick=False):
        assert tend_meetings(session) == 0
    with time_machine.travel(NOON + 1.1 * DAY, tick=False):
        assert [tend_meetings(session), tend_meetings(session)] == [1, 0]
    assert told(session) == {("Wen", "meeting.reminder"), ("Dong", "meeting.reminder")}


def test_what_was_arranged_for_tomorrow_needs_no_reminder(
    session: Session, arranged: Meeting
) -> None:
    assert tend_meetings(session) == 0


@pytest.mark.parametrize("state", ["proposed", "arranged"])
def test_a_match_that_ends_calls_its_meetings_off(
    session: Session, stage: Stage, request: pytest.FixtureRequest, state: str
) -> None:
    meeting: Meeting = request.getfixturevalue(state)
    told(session)
    match = matches.match(session, meeting.match_id)
    assert match is not None
    cooperation.end(session, stage.asker, match, "terms")
    session.commit()
    assert [tend_meetings(session), tend_meetings(session)] == [1, 0]
    assert fresh(session, meeting).status == "cancelled"
    both = {("Wen", "meeting.called_off"), ("Dong", "meeting.called_off")}
    assert told(session) == (both if state == "arranged" else set())


def test_a_meeting_that_was_held_stays_when_the_match_ends(
    session: Session, stage: Stage, arranged: Meeting
) -> None:
    match = matches.match(session, arranged.match_id)
    assert match is not None
    cooperation.end(session, stage.asker, match, "terms")
    session.commit()
    with time_machine.travel(AFTER, tick=False):
        assert tend_meetings(session) == 0


@pytest.mark.both_databases
def test_the_clock_of_a_match_waits_for_its_latest_meeting(
    session: Session, stage: Stage, together: Match, proposed: Meeting
) -> None:
    def meets_at() -> object:
        session.commit()
        session.refresh(together, ["meets_at"])
        return together.meets_at

    assert meets_at() == NOON + 2 * DAY
    service.accept(session, stage.answerer, proposed, proposed.times[0].id, at=NOON)
    assert meets_at() == NOON + DAY
    later = service.propose(session, stage.asker, together, proposal(NOON + 30 * DAY), at=NOON)
    assert meets_at() == NOON + 30 * DAY
    service.cancel(session, stage.answerer, fresh(session, later), "Not needed.", at=NOON)
    assert meets_at() == NOON + DAY
    service.cancel(session, stage.answerer, fresh(session, proposed), "Not needed.", at=NOON)
    assert meets_at() is None
