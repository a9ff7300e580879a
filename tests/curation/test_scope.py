"""The desk lists exactly the things that its curator may decide on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.curation import queues, scope
from matchmaker.db import today
from matchmaker.permissions import VISITOR, Actor, may
from tests import factories

CORRIDORS = (("63", "37"), ("63", "11"), ("65", "37"), ("65", "11"))


def provincial(*provinces: str, **fields: Any) -> Actor:
    return Actor(
        user_id=1, roles=frozenset({"provincial_curator"}), provinces=frozenset(provinces), **fields
    )


CURATORS = {
    "of the need's province": provincial("63"),
    "of the capability's": provincial("37"),
    "of two": provincial("63", "37"),
    "of another": provincial("64"),
    "of none": provincial(),
    "national": Actor(user_id=1, roles=frozenset({"national_curator"})),
    "evaluator": Actor(user_id=1, roles=frozenset({"evaluator"})),
    "administrator": Actor(user_id=1, roles=frozenset({"administrator"})),
    "member": Actor(
        user_id=1, organisation_id=1, organisation_role="owner", organisation_verified=True
    ),
    "visitor": VISITOR,
    "of a party": provincial("63", "37", organisation_id=1, organisation_role="viewer"),
    "national, of a party": Actor(
        user_id=1,
        roles=frozenset({"national_curator"}),
        organisation_id=1,
        organisation_role="owner",
    ),
}


@pytest.fixture
def pairs(session: Session) -> list[tuple[Any, Any]]:
    """A need and a capability in each corridor; organisation 1 is a party of the first."""
    return [
        (
            factories.need(organisation=factories.OrganisationFactory(province=west)),
            factories.capability(organisation=factories.OrganisationFactory(province=east)),
        )
        for west, east in CORRIDORS
    ]


@pytest.mark.both_databases
@pytest.mark.parametrize("who", CURATORS)
def test_suggestions_listed_are_those_that_may_be_decided_on(
    session: Session, pairs: Any, who: str
) -> None:
    actor = CURATORS[who]
    all_of_them = [
        factories.SuggestionFactory(need=need, capability=capability) for need, capability in pairs
    ]
    listed = {found.id for found in session.scalars(scope.visible_suggestions(actor))}
    assert listed == {s.id for s in all_of_them if may(actor, "suggestion.curate", s)}


@pytest.mark.parametrize("who", CURATORS)
def test_matches_listed_are_those_that_may_be_followed(
    session: Session, pairs: Any, who: str
) -> None:
    actor = CURATORS[who]
    all_of_them = [
        factories.MatchFactory(need=need, capability=capability) for need, capability in pairs
    ]
    listed = {found.id for found in session.scalars(scope.visible_matches(actor))}
    assert listed == {m.id for m in all_of_them if may(actor, "match.nudge", m)}


def test_the_counts_are_of_what_is_listed(session: Session, pairs: Any) -> None:
    for need, capability in pairs:
        factories.SuggestionFactory(need=need, capability=capability)
    factories.MatchFactory(need=pairs[0][0], capability=pairs[1][1])
    factories.MatchFactory(need=pairs[2][0], capability=pairs[3][1])
    factories.OrganisationFactory(unverified=True, province="63")
    factories.OrganisationFactory(unverified=True, province="65")
    factories.need(in_review=True, organisation=pairs[0][0].organisation)
    factories.need(in_review=True, organisation=pairs[2][0].organisation)
    day = today()
    assert queues.counts(session, provincial("63"), day) == {
        "organisations": 1,
        "listings": 1,
        "suggestions": 2,
        "matches": 1,
        "unanswered": 0,
        "results": 0,
        "claims": 0,
        "unserved": 0,
    }
    assert queues.counts(session, provincial("64"), day) == dict.fromkeys(
        (
            "organisations",
            "listings",
            "suggestions",
            "matches",
            "unanswered",
            "results",
            "claims",
            "unserved",
        ),
        0,
    )


@pytest.mark.parametrize(
    ("who", "wests", "easts"),
    [
        ("of the capability's", ["63", "65"], ["37"]),
        ("of the need's province", ["63"], ["11", "37"]),
        ("of two", ["63", "65"], ["11", "37"]),
        ("of another", [], []),
        ("national", ["63", "65"], ["11", "37"]),
    ],
)
def test_a_filter_offers_only_where_ones_own_pairs_can_come_from(
    session: Session, pairs: Any, who: str, wests: list[str], easts: list[str]
) -> None:
    assert queues.suggestion_provinces(session, CURATORS[who]) == (wests, easts)


def test_counting_stops_where_nobody_looks(
    session: Session, pairs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for need, capability in pairs:
        factories.SuggestionFactory(need=need, capability=capability)
    monkeypatch.setattr(queues, "MANY", 3)
    assert queues.counts(session, CURATORS["national"], today())["suggestions"] == 3
