"""Two at the same moment: both sides approach, colleagues approach, colleagues ask and answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.cooperation import first_steps, queries
from matchmaker.cooperation.first_steps import Draft
from matchmaker.cooperation.models import Match
from matchmaker.errors import Conflict, Refused
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.permissions import Actor
from matchmaker.recommendation.models import Question, Suggestion
from tests import factories
from tests.cooperation.conftest import Stage, actor
from tests.threads import at_once

pytestmark = pytest.mark.both_databases
Deed = Callable[[Session], Any]
ROUNDS = 10
MUST = "Works at 4,500 m"


def whole(session: Session, listing_id: int) -> Listing:
    found = listings.subject(session, listing_id)
    assert found is not None
    return found.listing


def approaches(who: Actor, listing_id: int, own_id: int | None) -> Deed:
    def deed(session: Session) -> int:
        offer = whole(session, own_id) if own_id else Draft("en", "Ours")
        match = first_steps.approach(session, who, whole(session, listing_id), offer, "Hello")
        return match.id

    return deed


def errors(results: list[Any]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def count(session: Session, model: type) -> int:
    session.commit()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_both_sides_approach_each_other(app: Flask, session: Session, stage: Stage) -> None:
    """One match of both, unless the second comes late enough to be told of it."""
    need, capability = stage.need.id, stage.capability.id
    west, east = stage.asker, stage.answerer
    results = at_once(app, [approaches(west, capability, need), approaches(east, need, capability)])
    assert errors(results) in ([], [Refused])
    assert (count(session, Match), count(session, Suggestion)) == (1, 1)


def test_two_colleagues_approach_a_listing_once(app: Flask, session: Session, stage: Stage) -> None:
    need, capability, east = stage.need.id, stage.capability.id, stage.answerer
    results = at_once(app, [approaches(east, need, capability), approaches(east, need, None)])
    assert errors(results) == [Refused]
    assert count(session, Match) == 1


@pytest.fixture
def match(session: Session) -> Match:
    need = factories.need(must_haves=[f"{MUST} {number}" for number in range(ROUNDS)])
    return factories.MatchFactory(need=need, capability=factories.capability())


def test_of_two_who_ask_or_answer_the_same_one_is_told(
    app: Flask, session: Session, match: Match
) -> None:
    asker = actor(factories.member_of(match.need.organisation))
    teller = actor(factories.member_of(match.capability.organisation))
    number = match.id

    def ask(text: str) -> Deed:
        return lambda s: first_steps.ask(s, asker, queries.match(s, number), [text])

    def answer(text: str) -> Deed:
        return lambda s: first_steps.answer(
            s, teller, queries.match(s, number), text, verdict="met", words="Words"
        )

    for place in range(ROUNDS):
        text = f"{MUST} {place}"
        move = answer if place % 2 else ask
        assert errors(at_once(app, [move(text), move(text)])) == [Conflict]
    assert count(session, Question) == ROUNDS
