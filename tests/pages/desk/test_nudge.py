"""Reminders to a side that has not answered: /desk/matches/<id>/nudge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit import queries as audit
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation import service
from matchmaker.cooperation.models import Interest
from matchmaker.db import now, today
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.permissions import Actor
from tests import factories
from tests.client import Page, PageClient


@pytest.fixture
def match(session: Session) -> Any:
    """The need's side is interested; the capability's has not answered."""
    match = factories.MatchFactory()
    asker = factories.member_of(match.need.organisation, email="asker@example.org")
    factories.member_of(match.capability.organisation, email="asked@example.org")
    session.add(Interest(match_id=match.id, side="need", user_id=asker.id, at=now()))
    session.commit()
    return match


def nudge(browser: PageClient, match: Any) -> Any:
    return browser.submit(f"/desk/matches/{match.id}/nudge")


def test_only_who_has_not_answered_is_reminded(
    desk: PageClient, match: Any, session: Session
) -> None:
    nudge(desk, match)
    assert session.scalars(select(OutboxMail.recipient)).all() == ["asked@example.org"]
    assert session.scalars(select(Notice.path)).all() == [f"/matches/{match.id}"]


def test_a_proposal_asks_both_again(desk: PageClient, session: Session) -> None:
    match = factories.MatchFactory(status="proposed")
    factories.member_of(match.need.organisation, email="west@example.org")
    factories.member_of(match.capability.organisation, email="east@example.org")
    nudge(desk, match)
    assert set(session.scalars(select(OutboxMail.recipient))) == {
        "west@example.org",
        "east@example.org",
    }


def test_it_is_audited(desk: PageClient, match: Any, session: Session) -> None:
    nudge(desk, match)
    record = audit.about(session, "match", match.id)[0]
    assert (record.action, record.actor_name) == ("match.nudge", "Li Na")


def test_within_seven_days_the_second_curator_reads_who_reminded(
    desk: PageClient, elsewhere: PageClient, match: Any, session: Session
) -> None:
    nudge(desk, match)
    response = nudge(elsewhere, match)
    assert response.status_code == 409
    assert "Li Na : sent a reminder" in Page(response.text).text
    assert len(session.scalars(select(Notice)).all()) == 1


def test_after_seven_days_it_can_be_done_again(
    desk: PageClient, match: Any, session: Session
) -> None:
    match.nudged_at = now() - timedelta(days=7, minutes=1)
    assert nudge(desk, match).status_code == 303
    assert len(session.scalars(select(Notice)).all()) == 1


def test_an_open_answer_stays_valid(desk: PageClient, match: Any) -> None:
    before = match.version
    nudge(desk, match)
    assert match.version == before


@pytest.mark.parametrize(
    "change",
    [{"status": "mutual"}, {"status": "declined"}, {"expires_on": today() - timedelta(days=1)}],
    ids=["agreed", "declined", "too late"],
)
def test_nobody_is_reminded_of_what_is_over(
    desk: PageClient, match: Any, session: Session, change: dict[str, Any]
) -> None:
    for name, value in change.items():
        setattr(match, name, value)
    assert nudge(desk, match).status_code == 409
    assert session.scalars(select(Notice)).all() == []


def test_another_provinces_match_is_not_there(client: PageClient, match: Any) -> None:
    client.sign_in(factories.provincial_curator("65"))
    assert nudge(client, match).status_code == 404


def test_a_curator_does_not_press_for_their_own_organisation(
    client: PageClient, match: Any
) -> None:
    curator = factories.provincial_curator("63")
    factories.MembershipFactory(user=curator, organisation=match.need.organisation)
    assert nudge(client.sign_in(curator), match).status_code == 404


def test_the_button_gives_way_to_the_day_of_the_reminder(desk: PageClient, match: Any) -> None:
    assert f'action="/desk/matches/{match.id}/nudge"' in desk.get("/desk?queue=matches").text
    nudge(desk, match)
    html = desk.get("/desk?queue=matches").text
    assert f'action="/desk/matches/{match.id}/nudge"' not in html
    assert "Reminded on" in html


def test_when_a_side_answered_first_its_person_is_not_named(
    desk: PageClient, match: Any, session: Session
) -> None:
    """Only its own curator and its partners know the people of an organisation."""
    asked = factories.member_of(match.capability.organisation, name="Secretive Person")
    answering = Actor(
        user_id=asked.id,
        name=asked.name,
        organisation_id=match.capability.organisation_id,
        organisation_role="owner",
        organisation_verified=True,
    )
    found = cooperation.match(session, match.id)
    service.accept(session, answering, found)
    session.commit()
    text = Page(nudge(desk, match).text).text
    assert "One of the two organisations" in text
    assert "Secretive Person" not in text
