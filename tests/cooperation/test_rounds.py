"""Races of moves, round after round: one order of the two explains what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from matchmaker.cooperation import promises, queries, righting, service
from matchmaker.cooperation.models import Match
from matchmaker.errors import Conflict
from matchmaker.limits.models import Use
from matchmaker.permissions import Actor
from tests import factories
from tests.cooperation.conftest import Stage, actor
from tests.threads import at_once

pytestmark = pytest.mark.both_databases
Deed = Callable[[Session], Any]


def deed(match: Match, do: Callable[..., Any], who: Actor, *arguments: str, **named: Any) -> Deed:
    match_id = match.id

    def run(session: Session) -> None:
        found = queries.match(session, match_id)
        assert found is not None
        do(session, who, found, *arguments, **named)

    return run


def accept_and_cancel(session: Session, stage: Stage, officers: list[Actor]) -> list[Deed]:
    match = stage.ask(session)
    shown = {"version": match.version}
    return [
        deed(match, service.accept, stage.answerer, **shown),
        deed(match, service.cancel, stage.asker, "mistake", **shown),
    ]


def both_accept(session: Session, stage: Stage, officers: list[Actor]) -> list[Deed]:
    match = stage.propose(session)
    shown = {"version": match.version}
    return [deed(match, service.accept, who, **shown) for who in (stage.asker, stage.answerer)]


def both_negotiate(session: Session, stage: Stage, officers: list[Actor]) -> list[Deed]:
    match = stage.agree(session)
    shown = {"version": match.version}
    return [
        deed(match, service.advance, who, "negotiate", **shown)
        for who in (stage.asker, stage.answerer)
    ]


def first_words(session: Session, stage: Stage, officers: list[Actor]) -> list[Deed]:
    match = stage.agree(session)
    return [
        deed(match, service.advance, who, "note_contact") for who in (stage.asker, stage.answerer)
    ]


def end_and_go_on(session: Session, stage: Stage, officers: list[Actor]) -> list[Deed]:
    match = stage.agree(session)
    shown = {"version": match.version}
    return [
        deed(match, service.end, stage.asker, "terms", **shown),
        deed(match, service.advance, stage.answerer, "agree"),
    ]


def two_officers_verify(session: Session, stage: Stage, officers: list[Actor]) -> list[Deed]:
    match = stage.agree(session)
    for move in ("agree", "complete"):
        service.advance(session, stage.asker, match, move)
    session.commit()
    shown = {"version": match.version}
    return [deed(match, service.advance, who, "verify", **shown) for who in officers]


def two_officers_put_right(session: Session, stage: Stage, officers: list[Actor]) -> list[Deed]:
    match = stage.agree(session)
    words = {"reason": "other", "words": "Words.", "version": match.version}
    return [
        deed(match, righting.put_right, who, state, **words)
        for who, state in zip(officers, ("agreed", "stalled"), strict=True)
    ]


def taken_back_and_promised(session: Session, stage: Stage, officers: list[Actor]) -> list[Deed]:
    match = stage.agree(session)
    return [
        deed(match, righting.take_back, stage.answerer, version=match.version),
        deed(match, promises.promise_confidentiality, stage.asker),
    ]


# Name → how the race begins, and how many of the two may be too late.
RACES: dict[str, tuple[Callable[..., list[Deed]], int]] = {
    "accept and cancel": (accept_and_cancel, 1),
    "both accept": (both_accept, 1),
    "both negotiate": (both_negotiate, 1),
    "two first words": (first_words, 0),
    "end and go on": (end_and_go_on, 1),
    "two officers verify": (two_officers_verify, 1),
    "two officers put right": (two_officers_put_right, 1),
    "taken back and promised": (taken_back_and_promised, 1),
}


def run(app: Flask, session: Session, stage: Stage, race: str, rounds: int) -> None:
    begin, late = RACES[race]
    officers = [actor(stage.curator), actor(factories.provincial_curator("37"))]
    for _ in range(rounds):
        session.execute(delete(Use))  # nobody may ask so often
        stage.need = factories.need(organisation=stage.need.organisation, annex="zirconium")
        stage.capability = factories.capability(
            organisation=stage.capability.organisation, annex="hafnium"
        )
        results = at_once(app, begin(session, stage, officers))
        session.expire_all()
        match = queries.match_of_pair(session, stage.need.id, stage.capability.id)
        assert match is not None
        assert [type(one) for one in results if one is not None] == [Conflict] * late
        standing = [step for step in match.steps if step.taken_back_at is None]
        assert [step.before for step in match.steps] == ["", *(s.after for s in match.steps[:-1])]
        assert match.status == match.steps[-1].after
        if late == 0:
            assert [step.move for step in standing][2:] == ["note_contact"]
        session.commit()


@pytest.mark.parametrize("race", RACES)
def test_a_few_rounds(app: Flask, session: Session, stage: Stage, race: str) -> None:
    run(app, session, stage, race, rounds=3)


@pytest.mark.slow
@pytest.mark.parametrize("race", RACES)
def test_two_hundred_rounds(app: Flask, session: Session, stage: Stage, race: str) -> None:
    run(app, session, stage, race, rounds=200)
