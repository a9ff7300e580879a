"""Two curators decide on one thing at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.curation import queries, service
from matchmaker.errors import Conflict
from matchmaker.permissions import Actor
from matchmaker.recommendation.models import Suggestion
from tests import factories
from tests.curation.conftest import pair
from tests.threads import Deed, at_once


def curator(name: str, province: str) -> Actor:
    user = factories.provincial_curator(province, name=name)
    return Actor(
        user_id=user.id,
        name=name,
        roles=frozenset({"provincial_curator"}),
        provinces=frozenset({province}),
    )


Decision = Callable[[Session, Suggestion], object]


def on(suggestion: Suggestion, decide: Decision) -> Deed:
    """The decision on one's own copy of the suggestion, loaded as its page loads it."""
    number = suggestion.id

    def deed(session: Session) -> object:
        found = queries.suggestion(session, number)
        assert found is not None
        return decide(session, found)

    return deed


def ends(results: list[Any]) -> list[str]:
    return [
        "conflict"
        if isinstance(one, Conflict)
        else repr(one)
        if isinstance(one, Exception)
        else "done"
        for one in results
    ]


@pytest.fixture
def both(app: Flask) -> tuple[Actor, Actor]:
    return curator("Li Na", "63"), curator("Wang Wei", "37")


@pytest.mark.race
def test_one_decision_wins_and_the_other_is_told(app: Flask, session: Session, both: Any) -> None:
    suggestion, (li_na, wang_wei) = pair(), both
    seen = suggestion.version
    deeds = [
        on(suggestion, lambda session, it: service.shortlist(session, li_na, it, seen)),
        on(
            suggestion,
            lambda session, it: service.hold_back(session, wang_wei, it, seen, reason="sensitive"),
        ),
    ]
    ended = ends(at_once(app, deeds))
    assert sorted(ended) == ["conflict", "done"]
    records = session.scalars(
        select(AuditRecord.action).where(AuditRecord.subject_type == "suggestion")
    ).all()
    assert records == [("suggestion.shortlist", "suggestion.hold_back")[ended.index("done")]]


@pytest.mark.race
def test_a_pair_is_proposed_once(app: Flask, session: Session, both: Any) -> None:
    """One pair was shortlisted before: the proposal keeps its state, but it counts."""
    suggestion = pair(status="shortlisted")
    seen = suggestion.version
    deeds = [
        on(
            suggestion,
            lambda session, it, who=who: service.propose(session, who, it, seen, "Talk."),
        )
        for who in both
    ]
    assert sorted(ends(at_once(app, deeds))) == ["conflict", "done"]
    assert len(session.scalars(select(Match)).all()) == 1


@pytest.mark.race
def test_two_bulk_decisions_share_the_pairs_between_them(
    app: Flask, session: Session, both: Any
) -> None:
    li_na, wang_wei = both
    shown = {suggestion.id: suggestion.version for suggestion in [pair() for _ in range(6)]}
    backwards = dict(reversed(shown.items()))
    first, second = at_once(
        app,
        [
            lambda session: service.decide_many(session, li_na, "shortlist", shown),
            lambda session: service.decide_many(
                session, wang_wei, "hold_back", backwards, reason="not_ready"
            ),
        ],
    )
    done = [{s.id for s in outcome.done} for outcome in (first, second)]
    assert done[0] | done[1] == set(shown)
    assert not done[0] & done[1]
    assert [{s.id for s in outcome.taken} for outcome in (first, second)] == [done[1], done[0]]


@pytest.mark.race
def test_the_second_of_two_judgements_is_told(app: Flask, session: Session, both: Any) -> None:
    suggestion = pair()
    deeds = [
        on(suggestion, lambda session, it, who=who: service.judge(session, who, it, 0, grade=2))
        for who in both
    ]
    assert sorted(ends(at_once(app, deeds))) == ["conflict", "done"]


@pytest.mark.race
def test_only_one_reminder_is_sent(app: Flask, session: Session, both: Any) -> None:
    number = factories.MatchFactory().id

    def reminds(who: Actor) -> Deed:
        def deed(session: Session) -> None:
            found = cooperation.match(session, number)
            assert found is not None
            service.nudge(session, who, found)

        return deed

    assert sorted(ends(at_once(app, [reminds(who) for who in both]))) == ["conflict", "done"]
