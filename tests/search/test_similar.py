"""Listings like the one that is read: their order, and what visitors learn from them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from matchmaker.db import db
from matchmaker.listings import service
from matchmaker.listings.models import Listing
from matchmaker.permissions import VISITOR, Actor
from matchmaker.search.similar import LOOKED_AT, MOST, MOST_TOPICS, Similar, similar_to
from matchmaker.services import services
from tests import factories
from tests.listings.conftest import loaded, move, published
from tests.search.conftest import need

both = pytest.mark.both_databases
MEMBER = Actor(
    user_id=9, organisation_id=10_000, organisation_role="viewer", organisation_verified=True
)


def similar(listing: Listing, actor: Actor = VISITOR, language: str = "en") -> list[Similar]:
    return list(similar_to(db.session(), actor, listing, language, services().searching))


def ids(listing: Listing, actor: Actor = VISITOR) -> list[int]:
    return [one.listing.id for one in similar(listing, actor)]


@both
def test_the_most_similar_first_and_never_itself(session: Session, drip: Listing) -> None:
    near = need(
        title="Drip irrigation clogs at once", summary="Salt clogs drippers in our cotton fields."
    )
    far = need(title="Drip irrigation", summary="Pumps of the vineyards break and leak.")
    assert ids(drip) == [near.id, far.id]
    assert {"Drip irrigation", "Cotton"} & {tag.label for tag in similar(drip)[0].topics}


def test_in_any_language(session: Session, drip: Listing) -> None:
    spanish = need(
        title="El riego por goteo se obstruye", summary="Goteros y algodón.", language="es"
    )
    assert ids(drip) == [spanish.id]
    assert {"滴灌", "滴头"} & {tag.label for tag in similar(drip, language="zh")[0].topics}


def test_nothing_similar_is_nothing_shown(session: Session, drip: Listing) -> None:
    assert similar(drip) == []


OTHERS: dict[str, Callable[[Listing], object]] = {
    "of the other kind": lambda drip: need(factories.capability),
    "of the same organisation": lambda drip: need(organisation=drip.organisation),
    "of a suspended organisation": lambda drip: move(need().organisation, "suspended"),
    "paused": lambda drip: pause(need()),
    "alike in words, and about something else": lambda drip: published(
        title="A quoxel", summary="Quoxel."
    ),
}


def pause(listing: Listing) -> None:
    service.pause(db.session(), VISITOR, listing, listing.version)
    db.session.commit()


@both
@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_shown(session: Session, drip: Listing, name: str) -> None:
    OTHERS[name](drip)
    assert ids(loaded(drip)) == []


def test_at_most_a_few_and_their_topics_are_few(session: Session, drip: Listing) -> None:
    for number in range(MOST + 2):
        need(title=f"Drip irrigation clogs, {number}")
    found = similar(drip)
    assert len(found) == MOST
    assert all(len(one.topics) <= MOST_TOPICS for one in found)


def test_many_of_the_same_organisation_do_not_crowd_out_another(
    session: Session, drip: Listing
) -> None:
    organisation = drip.organisation
    for number in range(LOOKED_AT + 1):
        need(title=f"Drip irrigation clogs {number}", organisation=organisation)
    other = need(title="Drip irrigation of cotton", summary="It clogs in the fields.")
    assert ids(drip) == [other.id]


@both
def test_members_words_make_no_difference_to_visitors(session: Session, drip: Listing) -> None:
    other = need(
        title="A pump",
        summary="It leaks.",
        description="Drip irrigation clogs; drippers of cotton fields.",
    )
    before = [(one.listing.id, one.topics) for one in similar(drip)]
    assert (before, ids(drip, MEMBER)) == ([], [other.id])


def test_a_visitor_learns_no_topic_of_a_members_text(session: Session) -> None:
    first, other = (
        need(title=f"Drip irrigation {number}", summary="Quoxel.", description="It is for cotton.")
        for number in range(2)
    )
    shown = {
        actor: {tag.code for one in similar(first, actor) for tag in one.topics}
        for actor in (VISITOR, MEMBER)
    }
    assert ids(first) == ids(first, MEMBER) == [other.id]
    assert ("cotton" in shown[VISITOR], "cotton" in shown[MEMBER]) == (False, True)
