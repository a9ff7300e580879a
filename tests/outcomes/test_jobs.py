"""Both sides are asked how it goes after 30, 90 and 365 days, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.cooperation import service as cooperation
from matchmaker.db import now
from matchmaker.notices import service as preferences
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.notices.service import Choice
from matchmaker.notices.states import Frequency, Topic
from matchmaker.outcomes.jobs import ask_how_it_goes
from matchmaker.outcomes.models import FollowUp
from tests import factories
from tests.outcomes.conftest import Pair

KIND = "outcome.follow_up"


def night(session: Session, days: int) -> int:
    """The night's job, so many days after both said yes."""
    with time_machine.travel(now() + timedelta(days=days), tick=False):
        return ask_how_it_goes(session)


def asked(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(select(FollowUp.side, FollowUp.days).order_by(FollowUp.id))
    return [(side, days) for side, days in rows]


@pytest.mark.both_databases
def test_each_date_asks_both_sides_once(session: Session, pair: Pair) -> None:
    nights = [29, 30, 31, 89, 90, 200, 365, 366, 1000]
    assert [night(session, day) for day in nights] == [0, 1, 0, 0, 1, 0, 1, 0, 0]
    assert asked(session) == [
        (side, days) for days in (30, 90, 365) for side in ("need", "capability")
    ]


def test_dates_that_were_missed_are_one_question(session: Session, pair: Pair) -> None:
    assert (night(session, 100), asked(session)) == (1, [("need", 90), ("capability", 90)])


def test_the_writers_of_each_side_get_a_link_of_their_own(session: Session, pair: Pair) -> None:
    factories.member_of(pair.stage.need.organisation, "viewer")
    colleague = factories.member_of(pair.stage.need.organisation, "editor")
    session.commit()
    night(session, 30)
    mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == KIND)).all()
    people = {pair.stage.west.id, pair.stage.east.id, colleague.id}
    assert {mail.user_id for mail in mails} == people
    assert len({mail.path for mail in mails}) == 3


def test_each_reads_the_other_sides_name_in_their_language(session: Session, pair: Pair) -> None:
    pair.stage.west.language = "zh"
    session.commit()
    night(session, 30)
    mail = session.scalars(
        select(OutboxMail).where(OutboxMail.kind == KIND, OutboxMail.user_id == pair.stage.west.id)
    ).one()
    assert (mail.language, mail.params["organisation"]) == (
        "zh",
        pair.stage.capability.organisation.name_zh,
    )


def test_who_wants_no_mail_about_matches_gets_none(session: Session, pair: Pair) -> None:
    preferences.choose(session, pair.west, {Topic.MATCH: Choice(True, Frequency.OFF)})
    session.commit()
    night(session, 30)
    mailed = set(session.scalars(select(OutboxMail.user_id).where(OutboxMail.kind == KIND)))
    told = set(session.scalars(select(Notice.user_id).where(Notice.kind == KIND)))
    west, east = pair.stage.west.id, pair.stage.east.id
    assert (mailed, told) == ({east}, {west, east})


@pytest.mark.parametrize("status", ["completed", "verified", "withdrawn", "one_side_interested"])
def test_what_does_not_go_on_is_not_asked_about(session: Session, pair: Pair, status: str) -> None:
    pair.match.status = status
    session.commit()
    assert night(session, 400) == 0


def test_nobody_is_asked_while_a_side_is_suspended(session: Session, pair: Pair) -> None:
    pair.stage.need.organisation.status = "suspended"
    session.commit()
    assert night(session, 30) == 0


def test_a_match_that_begins_again_is_asked_again(session: Session, pair: Pair) -> None:
    night(session, 30)
    cooperation.end(session, pair.east, pair.match, "no_progress")
    stage = pair.stage
    with time_machine.travel(now() + timedelta(days=40), tick=False):
        match = cooperation.express_interest(session, pair.west, stage.need, stage.capability)
        cooperation.accept(session, pair.east, match)
        session.commit()
    assert night(session, 50) == 0
    assert night(session, 71) == 1
