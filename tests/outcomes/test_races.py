"""Two people move a result at once: one is first, and the result is in a state that explains."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.errors import Conflict, Refused
from matchmaker.outcomes import queries, service
from matchmaker.outcomes.jobs import ask_how_it_goes
from matchmaker.outcomes.models import FollowUp, Outcome
from matchmaker.permissions import Actor
from tests import factories
from tests.cooperation.conftest import actor
from tests.outcomes.conftest import Pair, another_pair, fresh, values
from tests.threads import at_once

pytestmark = pytest.mark.both_databases


def moves(outcome: Outcome, who: Actor, move: str, *arguments: Any) -> Callable[[Session], None]:
    """As a form does that was served before: with the version it showed."""
    outcome_id, version = outcome.id, outcome.version

    def deed(session: Session) -> None:
        found = queries.outcome(session, outcome_id)
        getattr(service, move)(session, who, found, *arguments, version=version)

    return deed


def failures(results: list[Any]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def test_two_curators_decide_at_once(app: Flask, session: Session, pair: Pair) -> None:
    outcome = pair.confirm(session, pair.report(session))
    second = actor(factories.provincial_curator("37"))
    results = at_once(
        app,
        [
            moves(outcome, pair.curating, "verify"),
            moves(outcome, second, "send_back", "No list."),
        ],
    )
    assert failures(results) == [Conflict]
    found = fresh(session, outcome.id)
    assert (found.status, found.counted is not None) == (
        ("verified", True) if results[0] is None else ("sent_back", False)
    )


def test_a_confirmation_meets_a_correction(app: Flask, session: Session, pair: Pair) -> None:
    outcome = pair.report(session, amount=12)
    results = at_once(
        app,
        [
            moves(outcome, pair.east, "confirm"),
            moves(outcome, pair.west, "correct", values(amount=120)),
        ],
    )
    assert failures(results) == [Conflict]
    found = fresh(session, outcome.id)
    # Nobody has confirmed an amount that they did not see.
    assert (found.status, found.current.amount) == (
        ("confirmed", 12) if results[0] is None else ("reported", 120)
    )


def test_a_verification_meets_a_correction(app: Flask, session: Session, pair: Pair) -> None:
    outcome = pair.confirm(session, pair.report(session, amount=12))
    results = at_once(
        app,
        [
            moves(outcome, pair.curating, "verify"),
            moves(outcome, pair.west, "correct", values(amount=120)),
        ],
    )
    assert failures(results) == [Conflict]
    counted = fresh(session, outcome.id).counted
    assert (counted.amount if counted else None) == (12 if results[0] is None else None)


def test_one_contract_is_verified_twice_at_once(app: Flask, session: Session, pair: Pair) -> None:
    other = another_pair(session, pair.curator)
    mine = pair.confirm(session, pair.report(session, "contract_value"))
    theirs = other.confirm(session, other.report(session, "contract_value"))
    curating = pair.curating
    results = at_once(app, [moves(mine, curating, "verify"), moves(theirs, curating, "verify")])
    assert len(failures(results)) == 1
    assert set(failures(results)) <= {Conflict, Refused}
    session.expire_all()
    counted = session.scalars(select(Outcome).where(Outcome.counted_contract.is_not(None))).all()
    assert len(counted) == 1


def test_two_workers_ask_how_it_goes_at_once(app: Flask, session: Session, pair: Pair) -> None:
    for interest in pair.match.interests:
        interest.at -= timedelta(days=31)
    session.commit()
    results = at_once(app, [ask_how_it_goes, ask_how_it_goes])
    assert failures(results) == []
    session.expire_all()
    asked = session.execute(select(FollowUp.side, FollowUp.days).order_by(FollowUp.side)).all()
    assert [tuple(one) for one in asked] == [("capability", 30), ("need", 30)]


@pytest.mark.slow
def test_two_curators_decide_at_once_round_after_round(
    app: Flask, session: Session, pair: Pair
) -> None:
    curating, second = pair.curating, actor(factories.provincial_curator("37"))
    for number in range(1, 201):
        outcome = pair.confirm(session, pair.report(session, amount=number))
        outcome_id = outcome.id
        deeds = [
            moves(outcome, curating, "verify"),
            moves(outcome, second, "send_back", "No list."),
        ]
        results = at_once(app, deeds)
        assert failures(results) == [Conflict]
        found = fresh(session, outcome_id)
        assert (found.status, found.counted is not None) == (
            ("verified", True) if results[0] is None else ("sent_back", False)
        )
