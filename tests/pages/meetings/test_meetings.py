"""The pages of meetings: what is typed, who sees what, and what files and mails hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.cooperation.models import Match
from matchmaker.db import now
from matchmaker.meetings import service
from matchmaker.meetings.models import Meeting
from matchmaker.notices import jobs as mail
from matchmaker.notices import queries as notices
from matchmaker.notices.letter import compose
from matchmaker.services import services
from tests import factories
from tests.client import PageClient
from tests.cooperation.conftest import Stage, stage
from tests.counting import statements
from tests.meetings.conftest import DAY, fresh, proposal, together

__all__ = ["stage", "together"]

GOOD = {
    "topic": "Samples",
    "zone": "Asia/Shanghai",
    "minutes": "60",
    "place": "Room 301",
    "time_1": f"{(now() + 9 * DAY).date()}T14:00",
}


@pytest.fixture
def as_west(client: PageClient, stage: Stage) -> PageClient:
    return client.sign_in(stage.west)


def made(session: Session) -> Meeting:
    return fresh(session, session.scalars(select(Meeting)).one())


def propose(session: Session, stage: Stage, match: Match) -> Meeting:
    at = now()
    meeting = service.propose(
        session, stage.asker, match, proposal(at + 2 * DAY, at + 3 * DAY), at=at
    )
    session.commit()
    return fresh(session, meeting)


def test_a_time_is_read_in_the_zone_that_was_chosen(
    session: Session, together: Match, as_west: PageClient
) -> None:
    answer = as_west.submit(f"/matches/{together.id}/meetings/new", GOOD | {"zone": "America/Lima"})
    assert answer.status_code == 303
    assert made(session).times[0].starts_at.isoformat()[10:] == "T19:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"topic": ""}, "Topic of the meeting: please fill this in."),
        ({"zone": "Mars/Base"}, "Time zone of these times: choose one from the list."),
        ({"zone": "../../etc/passwd"}, "Time zone of these times: choose one from the list."),
        ({"minutes": "5"}, "Length in minutes: from 15 to 480."),
        ({"minutes": "long"}, "Length in minutes: a whole number."),
        ({"minutes": ""}, "Length in minutes: please fill this in."),
        ({"time_1": ""}, "Time 1: please fill this in."),
        ({"time_2": "soon"}, "Time 2: a day and a time such as 2026-12-03 14:00."),
        ({"time_1": "2020-01-01T10:00"}, "Times: every time must be in the future."),
        ({"time_2": GOOD["time_1"]}, "Times: propose each time once."),
        ({"time_1": "2999-12-31T23:59"}, "Times: at most one year ahead."),
        ({"time_1": "9999-12-31T23:59"}, "Time 1: a day and a time such as"),
        ({"time_1": "0001-01-01T00:00"}, "Time 1: a day and a time such as"),
        ({"place": ""}, "Place or link: please fill in at least one of them."),
        ({"link": "javascript:alert(1)"}, "Link: an address that begins with http"),
        ({"topic": "x" * 201}, "Topic of the meeting: 200 characters at most; yours has 201."),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    session: Session, together: Match, as_west: PageClient, changes: dict[str, str], sentence: str
) -> None:
    sent = {**GOOD, "link": "https://kept.example.org", **changes}
    if changes == {"place": ""}:
        sent["link"] = ""
    answer = as_west.submit(f"/matches/{together.id}/meetings/new", sent)
    page: Any = answer.page  # type: ignore[attr-defined]
    assert (answer.status_code, sentence in page.text) == (422, True), page.text
    kept = next(name for name in ("topic", "place", "link") if name not in changes and sent[name])
    assert sent[kept] in answer.text
    assert session.scalars(select(Meeting)).all() == []


def test_an_hour_that_clocks_leave_out_is_refused(together: Match, as_west: PageClient) -> None:
    year = (now() + 120 * DAY).year
    day = max(d for d in range(25, 32) if now().replace(year=year, month=3, day=d).weekday() == 6)
    sent = GOOD | {"zone": "Europe/Madrid", "time_1": f"{year}-03-{day}T02:30"}
    answer = as_west.submit(f"/matches/{together.id}/meetings/new", sent)
    assert answer.status_code == 422
    assert (
        "Time 1: this time does not exist on that day, because the clocks go forward there."
        in answer.text
    )


def test_times_are_shown_in_the_readers_zone(
    session: Session, stage: Stage, together: Match, client: PageClient
) -> None:
    meeting = propose(session, stage, together)
    stage.east.time_zone = "Europe/Madrid"
    session.commit()
    text = client.sign_in(stage.east).page(f"/meetings/{meeting.id}").text
    assert "(Madrid time)" in text
    assert "(Beijing time)" not in text


def test_the_zone_of_an_account_is_chosen_on_its_page(
    session: Session, stage: Stage, as_west: PageClient
) -> None:
    sent = {"name": "Wen", "language": "en", "time_zone": "America/Lima"}
    assert as_west.submit("/account", sent).status_code == 303
    session.refresh(stage.west)
    assert stage.west.time_zone == "America/Lima"


def test_the_asked_side_chooses(
    session: Session, stage: Stage, together: Match, client: PageClient
) -> None:
    meeting = propose(session, stage, together)
    browser = client.sign_in(stage.east)
    path = f"/meetings/{meeting.id}"
    nothing = browser.submit(f"{path}/accept", {"version": meeting.version})
    assert (nothing.status_code, "please choose" in nothing.text) == (422, True)
    sent = {"version": meeting.version, "time": meeting.times[1].id}
    assert browser.submit(f"{path}/accept", sent).status_code == 303
    assert made(session).starts_at == meeting.times[1].starts_at


def test_a_form_that_is_overtaken_is_answered_with_a_conflict(
    session: Session, stage: Stage, together: Match, client: PageClient
) -> None:
    meeting = propose(session, stage, together)
    version, time = meeting.version, meeting.times[0].id
    service.cancel(session, stage.asker, meeting, "Not needed.")
    session.commit()
    path = f"/meetings/{meeting.id}/accept"
    answer = client.sign_in(stage.east).submit(path, {"version": version, "time": time})
    assert (answer.status_code, "cancelled the meeting" in answer.text) == (409, True)


def test_minutes_that_are_overtaken_keep_what_was_typed(
    session: Session, stage: Stage, together: Match, client: PageClient
) -> None:
    held = factories.MeetingFactory(match=together, arranged=True, times=[now() - DAY])
    service.write_minutes(session, stage.asker, fresh(session, held), "First", number=0)
    session.commit()
    browser, path = client.sign_in(stage.east), f"/meetings/{held.id}/minutes"
    answer = browser.submit(path, {"version": 0, "text": "My long words"})
    assert (answer.status_code, "My long words" in answer.text) == (409, True)


@pytest.mark.parametrize(
    ("who", "status"), [("west", 200), ("viewer", 200), ("curator", 404), ("stranger", 404)]
)
def test_who_may_read_a_meeting_and_its_file(
    session: Session, stage: Stage, together: Match, client: PageClient, who: str, status: int
) -> None:
    meeting = factories.MeetingFactory(match=together, arranged=True)
    users = {
        "west": lambda: stage.west,
        "viewer": lambda: factories.member_of(stage.need.organisation, role="viewer"),
        "curator": lambda: stage.curator,
        "stranger": lambda: factories.member_of(factories.OrganisationFactory()),
    }
    browser = client.sign_in(users[who]())
    for path in (f"/matches/{together.id}/meetings", f"/meetings/{meeting.id}"):
        assert browser.get(path).status_code == status
    assert browser.get(f"/meetings/{meeting.id}/meeting.ics").status_code == status


def test_a_viewer_sees_no_buttons(
    stage: Stage, together: Match, client: PageClient, session: Session
) -> None:
    meeting = propose(session, stage, together)
    browser = client.sign_in(factories.member_of(stage.capability.organisation, role="viewer"))
    assert "Accept this time" not in browser.page(f"/meetings/{meeting.id}").text
    assert "Propose a meeting" not in browser.page(f"/matches/{together.id}/meetings").text


def test_the_file_is_read_by_a_calendar_and_names_nobody(
    stage: Stage, together: Match, as_west: PageClient
) -> None:
    meeting = factories.MeetingFactory(match=together, arranged=True)
    answer = as_west.get(f"/meetings/{meeting.id}/meeting.ics")
    assert answer.mimetype == "text/calendar"
    calendar = icalendar.Calendar.from_ical(answer.data)
    event = calendar.walk("VEVENT")[0]
    assert (str(calendar["METHOD"]), str(event["UID"])) == ("PUBLISH", meeting.uid)
    assert event["DTSTART"].dt == meeting.starts_at.replace(microsecond=0)
    assert "ATTENDEE" not in event
    assert {word for word in ("Wen", "Dong", stage.west.email) if word in answer.text} == set()


def test_no_file_before_a_time_is_settled(
    session: Session, stage: Stage, together: Match, as_west: PageClient
) -> None:
    meeting = propose(session, stage, together)
    assert as_west.get(f"/meetings/{meeting.id}/meeting.ics").status_code == 404


@pytest.fixture
def letters(app: Flask, session: Session, stage: Stage, together: Match) -> Iterator[list[Any]]:
    """The mails of an arranged meeting, as they go to the mail server."""
    meeting = propose(session, stage, together)
    service.accept(session, stage.answerer, meeting, meeting.times[0].id)
    session.commit()
    rows = [row for row in notices.outbox(session) if row.kind == "meeting.accepted"]
    with app.test_request_context():
        yield [compose(services().settings, mail._as_values([row], {})) for row in rows]


def test_mails_carry_the_entry_as_calendars_expect_it(stage: Stage, letters: list[Any]) -> None:
    for letter in letters:
        read = message_from_bytes(letter.as_bytes(), _class=EmailMessage, policy=policy.default)
        assert read.get_body(("plain",)) is not None
        part = next(iter(read.iter_attachments()))
        assert part.get_content_type() == "text/calendar"
        assert (part.get_param("method"), part.get_filename()) == ("REQUEST", "meeting.ics")
        event = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
        assert str(event["ATTENDEE"]) == f"mailto:{read['To']}"
    assert len(letters) == 2


def test_home_says_which_meetings_wait(
    session: Session, stage: Stage, together: Match, client: PageClient
) -> None:
    propose(session, stage, together)
    factories.MeetingFactory(match=together, arranged=True, times=[now() - DAY], topic="Held")
    text = client.sign_in(stage.east).page("/home").text
    assert "choose a time for the meeting" in text
    assert "say what came of the meeting" in text


def test_many_meetings_take_as_few_statements_as_one(
    stage: Stage, together: Match, as_west: PageClient
) -> None:
    path = f"/matches/{together.id}/meetings"
    factories.MeetingFactory(match=together)
    one = statements(lambda: as_west.page(path))
    for number in range(4):
        times = [now() + timedelta(days=number + 1)]
        factories.MeetingFactory(match=together, arranged=True, times=times)
    assert statements(lambda: as_west.page(path)) == one
