"""Matches that nobody answered: /desk?queue=unanswered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.audit import queries as audit
from matchmaker.cooperation.models import Interest, Match
from matchmaker.db import now, today
from tests import factories
from tests.client import PageClient

QUEUE = "/desk?queue=unanswered"


def asked_by(session: Session, *sides: str, status: str = "expired", days: int = 31) -> Match:
    """A match between Qinghai and Shandong that these sides wanted, this many days ago."""
    match = factories.MatchFactory(
        need=factories.need(title="Brine"),
        status=status,
        expires_on=today() + timedelta(days=30 - days),
    )
    user = factories.member_of(match.need.organisation)
    for side in sides:
        session.add(Interest(match_id=match.id, side=side, user_id=user.id, at=now()))
    session.commit()
    return match


@pytest.mark.parametrize(
    ("sides", "province", "shown"),
    [
        (["need"], "63", True),
        (["need"], "37", False),
        (["capability"], "63", False),
        (["capability"], "37", True),
        ([], "63", True),
        ([], "37", True),
        (["need"], "65", False),
    ],
)
@pytest.mark.both_databases
def test_it_is_on_the_desk_of_the_side_that_asked(
    client: PageClient, session: Session, sides: list[str], province: str, shown: bool
) -> None:
    asked_by(session, *sides)
    client.sign_in(factories.provincial_curator(province))
    text = client.page(QUEUE).text
    assert ("Brine" in text) is shown
    assert f"Not answered {int(shown)}" in text


@pytest.mark.parametrize(
    ("status", "days", "shown"),
    [
        ("one_side_interested", 30, False),
        ("one_side_interested", 31, True),
        ("declined", 31, False),
        ("mutual", 31, False),
    ],
)
def test_it_waits_for_no_job(
    client: PageClient, session: Session, status: str, days: int, shown: bool
) -> None:
    asked_by(session, "need", status=status, days=days)
    client.sign_in(factories.provincial_curator("63"))
    assert ("Brine" in client.page(QUEUE).text) is shown


def test_who_looked_after_it_takes_it_from_the_list(client: PageClient, session: Session) -> None:
    match = asked_by(session, "need")
    client.sign_in(factories.provincial_curator("63"))
    path = f"/desk/matches/{match.id}/follow-up"
    page = client.submit(path, follow_redirects=True)
    assert "Followed up." in page.text
    assert "Brine" not in client.page(QUEUE).text
    assert audit.about(session, "match", match.id)[0].action == "match.follow_up"
    assert client.submit(path).status_code == 409


def test_what_can_still_be_answered_is_not_looked_after(
    client: PageClient, session: Session
) -> None:
    match = asked_by(session, "need", status="one_side_interested", days=3)
    client.sign_in(factories.provincial_curator("63"))
    assert client.submit(f"/desk/matches/{match.id}/follow-up").status_code == 409
    session.refresh(match, ["followed_up_at"])
    assert match.followed_up_at is None


def test_an_empty_queue_says_what_comes_here(client: PageClient) -> None:
    client.sign_in(factories.provincial_curator("63"))
    assert "No match has ended without an answer." in client.page(QUEUE).text
