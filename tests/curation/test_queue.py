"""The suggestions that wait for a curator, in order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.curation.queues import QueueFilters, suggestion_queue
from matchmaker.curation.states import PairQueue
from matchmaker.permissions import Actor
from tests import factories
from tests.curation.conftest import pair

NATIONAL = Actor(user_id=1, roles=frozenset({"national_curator"}))


def queued(session: Session, **filters: Any) -> list[int]:
    return [
        found.id for found in session.scalars(suggestion_queue(NATIONAL, QueueFilters(**filters)))
    ]


@pytest.mark.both_databases
def test_the_best_come_first_and_those_added_by_hand_before_all(session: Session) -> None:
    fair, best, by_hand = (
        pair(score=0.5),
        pair(score=0.9),
        pair(origin="curator", score=0.0, band="weak"),
    )
    assert queued(session) == [by_hand.id, best.id, fair.id]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"west": "63"}, "ab"),
        ({"east": "11"}, "bd"),
        ({"west": "65", "east": "37"}, "c"),
        ({"band": "possible"}, "b"),
        ({"band": "weak"}, "e"),
        ({"band": "all"}, "abcde"),
        ({}, "abcd"),
    ],
    ids=str,
)
def test_filters(session: Session, filters: dict[str, str], expected: str) -> None:
    pairs = {
        "a": pair("63", "37"),
        "b": pair("63", "11", band="possible"),
        "c": pair("65", "37"),
        "d": pair("65", "11"),
        "e": pair("64", "31", band="weak"),
    }
    assert {name for name, found in pairs.items() if found.id in queued(session, **filters)} == set(
        expected
    )


def test_the_key_task_is_the_needs(session: Session) -> None:
    first, second = pair(), pair()
    first.need.tasks = [factories.task("XJ-2")]
    session.commit()
    assert queued(session, task_id=factories.task("XJ-2").id) == [first.id]
    assert queued(session, task_id=factories.task("QH-1").id) == [second.id]


@pytest.mark.parametrize("status", ["new", "shortlisted", "held_back"])
def test_each_state_is_a_queue_of_its_own(session: Session, status: str) -> None:
    pairs = {name: pair(status=name) for name in ("new", "shortlisted", "held_back")}
    assert queued(session, status=status) == [pairs[status].id]


@pytest.mark.parametrize("status", ["new", "shortlisted"])
@pytest.mark.parametrize(
    ("match_status", "queue"),
    [("proposed", "matched"), ("mutual", "matched"), ("declined", "ended"), ("expired", "ended")],
)
def test_a_pair_that_was_put_to_the_sides_waits_elsewhere(
    session: Session, status: str, match_status: str, queue: str
) -> None:
    suggestion = pair(status=status)
    factories.MatchFactory(
        need=suggestion.need, capability=suggestion.capability, status=match_status
    )
    waits_in = [name for name in PairQueue if suggestion.id in queued(session, status=name)]
    assert waits_in == [queue]


@pytest.mark.parametrize(
    "change", ["need paused", "capability closed", "owner suspended", "no longer named"]
)
def test_what_cannot_come_about_now_does_not_wait(session: Session, change: str) -> None:
    suggestion = pair()
    match change:
        case "need paused":
            suggestion.need.status = "paused"
        case "capability closed":
            suggestion.capability.status = "closed"
        case "owner suspended":
            suggestion.capability.organisation.status = "suspended"
        case _:
            suggestion.is_current = False
    session.commit()
    assert queued(session) == []


def test_one_added_by_hand_has_no_band_before_it_is_scored(session: Session) -> None:
    pair(origin="curator", score=0.0, band="weak", parts={}, engine_version="")
    assert queued(session, band="weak") == []
