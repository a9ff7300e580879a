"""The lists agree with the permission table, whatever state a suggestion is in."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from sqlalchemy.orm import Session

from matchmaker.organisations.acting import actor_of
from matchmaker.permissions import Actor, may
from matchmaker.recommendation import queries
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from tests import factories
from tests.factories import capability, need

STATES = [
    dict(
        zip(
            ("status", "is_current", "origin", "marked_by", "listing", "organisation"),
            state,
            strict=True,
        )
    )
    for state in product(
        ("new", "shortlisted", "held_back"),
        (True, False),
        ("engine", "curator"),
        ("", "need", "capability"),
        ("published", "paused"),
        ("verified", "suspended"),
    )
]

READERS = ("owner", "viewer", "other side", "stranger")


@pytest.fixture
def cast(session: Session) -> dict[str, Actor]:
    west, east = factories.OrganisationFactory(), factories.OrganisationFactory(eastern=True)
    users = {
        "owner": factories.member_of(west),
        "viewer": factories.member_of(west, "viewer"),
        "other side": factories.member_of(east),
        "stranger": factories.member_of(factories.OrganisationFactory()),
        "curator": factories.provincial_curator("63"),
        "far curator": factories.provincial_curator("65"),
    }
    found = {name: actor_of(session, user.id) for name, user in users.items()}
    return {name: entry[0] for name, entry in found.items() if entry}


def suggestions(cast: dict[str, Actor], session: Session) -> list[Suggestion]:
    """One of every state, between the same two organisations and two others."""
    west = session.get_one(factories.Organisation, cast["owner"].organisation_id)
    east = session.get_one(factories.Organisation, cast["other side"].organisation_id)
    gone = factories.OrganisationFactory(eastern=True, status="suspended")
    offered = {
        (status, name): capability(organisation=offering, status=status)
        for status in ("published", "paused")
        for name, offering in (("verified", east), ("suspended", gone))
    }
    asked = [need(organisation=west) for _ in range(len(STATES) // len(offered))]
    met: Counter[int] = Counter()
    made = []
    for state in STATES:
        offer = offered[state["listing"], state["organisation"]]
        made.append(
            factories.SuggestionFactory(
                need=asked[met[offer.id]],
                capability=offer,
                **{name: state[name] for name in ("status", "is_current", "origin")},
            )
        )
        met[offer.id] += 1
        if state["marked_by"]:
            marker = west.id if state["marked_by"] == "need" else offer.organisation_id
            session.add(
                SuggestionMark(
                    suggestion_id=made[-1].id,
                    organisation_id=marker,
                    user_id=cast["owner"].user_id,
                    mark="kept",
                    at=made[-1].created_at,
                )
            )
    return made


@pytest.mark.both_databases
def test_the_list_of_an_organisation_mirrors_the_table(
    session: Session, cast: dict[str, Actor]
) -> None:
    with factories.together():
        ids = [made.id for made in suggestions(cast, session)]
    found: dict[tuple[int | None, int], Suggestion | None] = {}
    for organisation_id in {cast[name].organisation_id for name in ("owner", "other side")}:
        session.expunge_all()
        for id_ in ids:
            found[organisation_id, id_] = queries.suggestion(session, id_, organisation_id)
    for name in READERS:
        actor = cast[name]
        # A stranger is refused though the marks of one side are loaded.
        loaded_for = cast["owner" if name == "stranger" else name].organisation_id
        session.expunge_all()
        listed = {one.id for one in session.scalars(queries.of_organisation(actor)).unique()}
        allowed = set()
        for id_, state in zip(ids, STATES, strict=True):
            read = found[loaded_for, id_]
            if read is not None and may(actor, "suggestion.read", read):
                allowed.add(id_)
            shown = (
                state["status"] != "held_back"
                and (state["listing"], state["organisation"]) == ("published", "verified")
                and (state["is_current"] or state["origin"] == "curator" or marked_by(name, state))
            )
            assert (id_ in listed) is (shown and name != "stranger"), (name, state)
        assert listed == allowed, name


def marked_by(name: str, state: dict[str, object]) -> bool:
    return state["marked_by"] == ("capability" if name == "other side" else "need")


@pytest.mark.parametrize(
    ("who", "action", "expected"),
    [
        ("owner", "suggestion.answer", True),
        ("viewer", "suggestion.answer", False),
        ("other side", "suggestion.answer", True),
        ("stranger", "suggestion.read", False),
        ("curator", "suggestion.read", True),
        ("curator", "suggestion.answer", False),
        ("far curator", "suggestion.read", False),
    ],
)
def test_who_may_do_what(
    session: Session, cast: dict[str, Actor], who: str, action: str, expected: bool
) -> None:
    west = session.get_one(factories.Organisation, cast["owner"].organisation_id)
    east = session.get_one(factories.Organisation, cast["other side"].organisation_id)
    made = factories.SuggestionFactory(
        need=need(organisation=west), capability=capability(organisation=east)
    )
    found = queries.suggestion(session, made.id, cast[who].organisation_id)
    assert may(cast[who], action, found) is expected


def test_a_curator_sees_a_held_back_pair_but_not_one_of_their_own_organisation(
    session: Session, cast: dict[str, Actor]
) -> None:
    west = session.get_one(factories.Organisation, cast["owner"].organisation_id)
    made = factories.SuggestionFactory(need=need(organisation=west), status="held_back")
    found = queries.suggestion(session, made.id, None)
    insider = Actor(
        user_id=1,
        organisation_id=west.id,
        organisation_role="owner",
        roles=frozenset({"provincial_curator"}),
        provinces=frozenset({"63"}),
    )
    assert may(cast["curator"], "suggestion.read", found)
    assert not may(insider, "suggestion.read", found)
