"""Two people answer at once: one match, in a state that one order of the two explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.cooperation import promises, queries, service
from matchmaker.cooperation.models import Interest, Match
from matchmaker.curation import queries as curation_queries
from matchmaker.curation import service as curation
from matchmaker.errors import Conflict, Refused
from matchmaker.listings.models import Listing
from matchmaker.permissions import Actor
from tests import factories
from tests.cooperation.conftest import Stage, actor
from tests.threads import at_once

pytestmark = pytest.mark.race
Deed = Callable[[Session], Any]


def listing(session: Session, listing_id: int) -> Listing:
    return session.scalars(
        select(Listing).where(Listing.id == listing_id).options(joinedload(Listing.organisation))
    ).one()


def asks(stage: Stage, actor: Actor) -> Deed:
    need_id, capability_id = stage.need.id, stage.capability.id
    return lambda session: service.express_interest(
        session, actor, listing(session, need_id), listing(session, capability_id)
    )


def answers(match: Match, actor: Actor, move: str, *arguments: str) -> Deed:
    """As a form does that was served before: with the version it showed."""
    match_id, version = match.id, match.version

    def deed(session: Session) -> None:
        found = queries.match(session, match_id)
        getattr(service, move)(session, actor, found, *arguments, version=version)

    return deed


def outcome(session: Session) -> tuple[str, set[str]]:
    session.commit()
    session.expire_all()
    match = session.scalars(select(Match)).one()
    return match.status, set(
        session.scalars(select(Interest.side).where(Interest.match_id == match.id))
    )


def test_both_sides_ask_at_once(app: Flask, session: Session, stage: Stage) -> None:
    results = at_once(app, [asks(stage, stage.asker), asks(stage, stage.answerer)])
    assert not [result for result in results if isinstance(result, Exception)]
    assert outcome(session) == ("mutual", {"need", "capability"})


def test_two_colleagues_ask_at_once(app: Flask, session: Session, stage: Stage) -> None:
    results = at_once(app, [asks(stage, stage.asker), asks(stage, stage.asker)])
    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [Refused]
    assert outcome(session) == ("one_side_interested", {"need"})


def test_both_sides_accept_a_proposal_at_once(app: Flask, session: Session, stage: Stage) -> None:
    match = stage.propose(session)
    results = at_once(
        app, [answers(match, stage.asker, "accept"), answers(match, stage.answerer, "accept")]
    )
    status, sides = outcome(session)
    assert [type(result) for result in results if result is not None] == [Conflict]
    assert (status, len(sides)) == ("one_side_interested", 1)


def test_accepting_and_declining_at_once(app: Flask, session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    deeds = [
        answers(match, stage.answerer, "accept"),
        answers(match, stage.answerer, "decline", "terms"),
    ]
    accepted, declined = at_once(app, deeds)
    status, sides = outcome(session)
    if accepted is None:
        assert (status, sides, type(declined)) == ("mutual", {"need", "capability"}, Conflict)
    else:
        assert (status, sides, type(accepted)) == ("declined", {"need"}, Conflict)


def test_accepting_and_withdrawing_at_once(app: Flask, session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    results = at_once(
        app,
        [
            answers(match, stage.answerer, "accept"),
            answers(match, stage.asker, "cancel", "mistake"),
        ],
    )
    assert [type(result) for result in results if result is not None] == [Conflict]
    assert outcome(session)[0] == ("mutual" if results[0] is None else "cancelled")


def test_two_begin_an_ended_match_anew_at_once(app: Flask, session: Session, stage: Stage) -> None:
    service.decline(session, stage.answerer, stage.ask(session), "terms")
    session.commit()
    results = at_once(app, [asks(stage, stage.asker), asks(stage, stage.answerer)])
    failed = [type(result) for result in results if isinstance(result, Exception)]
    expected = {0: ("mutual", 2), 1: ("one_side_interested", 1)}[len(failed)]
    status, sides = outcome(session)
    assert (status, len(sides)) == expected
    assert set(failed) <= {Conflict}


def test_an_interest_and_a_curators_hold_take_turns(
    app: Flask, session: Session, stage: Stage
) -> None:
    suggestion = factories.SuggestionFactory(need=stage.need, capability=stage.capability)
    number, version, curator = suggestion.id, suggestion.version, actor(stage.curator)

    def holds(session: Session) -> None:
        found = curation_queries.suggestion(session, number)
        assert found is not None
        curation.hold_back(session, curator, found, version, reason="sensitive")

    results = at_once(app, [asks(stage, stage.asker), holds])
    failed = [type(result) for result in results if isinstance(result, Exception)]
    assert failed == [Refused]
    session.expire_all()
    assert (suggestion.status == "held_back") is isinstance(results[0], Refused)
    assert bool(session.scalars(select(Match)).all()) is isinstance(results[1], Refused)


def test_two_colleagues_promise_at_once(app: Flask, session: Session, stage: Stage) -> None:
    match = stage.agree(session)

    def promise(session: Session) -> None:
        found = queries.match(session, match.id)
        assert found is not None
        promises.promise_confidentiality(session, stage_actor, found)

    stage_actor = stage.asker
    results = at_once(app, [promise, promise])
    assert [type(result) for result in results if result is not None] == [Conflict]
