"""Forms that come twice at once, and messages against an end."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.conversations import queries as conversations
from matchmaker.conversations import service
from matchmaker.conversations.models import Message, ReadMark
from matchmaker.cooperation import guests, queries
from matchmaker.cooperation import service as cooperation
from matchmaker.cooperation.models import CuratorInvitation
from matchmaker.cooperation.states import MatchStatus
from matchmaker.errors import Conflict, Refused
from matchmaker.permissions import Actor
from tests.conversations.conftest import Stage
from tests.threads import Deed, at_once

pytestmark = pytest.mark.both_databases
ROUNDS = 5


def posts(match_id: int, actor: Actor, key: str) -> Deed:
    def deed(session: Session) -> int:
        match = queries.match(session, match_id)
        assert match is not None
        return service.post(session, actor, match, "Words", key=key).id

    return deed


def test_a_double_click_is_one_message(app: Flask, session: Session, stage: Stage) -> None:
    actor = stage.actor("west")
    for number in range(ROUNDS):
        results = at_once(app, [posts(stage.match_id, actor, f"key{number}")] * 3)
        assert len(set(results)) == 1
    assert session.scalar(select(func.count()).select_from(Message)) == ROUNDS


def test_both_sides_write_first(app: Flask, session: Session, stage: Stage) -> None:
    deeds = [posts(stage.match_id, stage.actor(who), who) for who in ("west", "east")]
    results = at_once(app, deeds)
    assert all(isinstance(result, int) for result in results), results
    session.expire_all()
    assert stage.match.status == MatchStatus.IN_CONTACT


def test_nothing_is_written_after_the_end(app: Flask, session: Session, stage: Stage) -> None:
    match_id, west, east = stage.match_id, stage.actor("west"), stage.actor("east")

    def ends(session: Session) -> int:
        match = queries.match(session, match_id)
        assert match is not None
        cooperation.end(session, east, match, "no_progress")
        return 0

    posted, ended = at_once(app, [posts(match_id, west, "key"), ends])
    session.expire_all()
    assert isinstance(posted, (int, Refused))
    if isinstance(ended, Conflict):  # the message came first, and moved the match
        assert isinstance(posted, int)
    else:
        assert ended == 0
        assert stage.match.status in MatchStatus.ENDED
    messages = session.scalar(select(func.count()).select_from(Message))
    assert messages == (1 if isinstance(posted, int) else 0)


def test_two_invite_and_two_read_at_once(app: Flask, session: Session, stage: Stage) -> None:
    match_id = stage.match_id
    first = at_once(app, [posts(match_id, stage.actor("west"), "key")])[0]
    west, east = stage.actor("west"), stage.actor("east")

    def invites(actor: Actor) -> Deed:
        def deed(session: Session) -> None:
            match = queries.match(session, match_id)
            assert match is not None
            guests.invite_curators(session, actor, match)

        return deed

    results = at_once(app, [invites(west), invites(east)])
    assert sorted(map(repr, map(type, results))) == sorted(map(repr, [type(None), Conflict]))
    assert session.scalar(select(func.count()).select_from(CuratorInvitation)) == 1
    reads = at_once(app, [lambda session: service.mark_read(session, east, match_id, first)] * 3)
    assert reads == [None] * 3
    assert session.scalars(select(ReadMark.message_id)).all() == [first]
    assert conversations.unread_by_match(session, east) == {}
