"""Listings like the one that is read: which, in which order, and what a visitor may learn from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.db import db
from matchmaker.listings import service
from matchmaker.listings.models import Listing
from matchmaker.permissions import VISITOR, Actor
from matchmaker.search.similar import LOOKED_AT, MOST, MOST_TOPICS, Similar, similar_to
from matchmaker.services import services
from tests import factories
from tests.client import PageClient
from tests.counting import statements
from tests.listings.conftest import loaded, move, published

both = pytest.mark.both_databases
MEMBER = Actor(
    user_id=9, organisation_id=10_000, organisation_role="viewer", organisation_verified=True
)
DRIP = {
    "title": "Drip irrigation clogs",
    "summary": "Drippers of cotton fields clog with quoxel.",
    "description": "",
}
HEADINGS = {
    ("need", "en"): "Similar needs",
    ("need", "zh"): "相近的技术需求",
    ("need", "es"): "Demandas similares",
    ("capability", "en"): "Similar capabilities",
    ("capability", "zh"): "相近的科技成果",
    ("capability", "es"): "Ofertas similares",
}


def need(make: Callable[..., Listing] = factories.need, **fields: Any) -> Listing:
    return published(make, **{**DRIP, **fields})


@pytest.fixture
def drip(session: Session) -> Listing:
    """A need, among others about other things."""
    for title in (
        "Lithium from brine",
        "Yak down has hair",
        "Apricots rot",
        "Wind turbines ice up",
        "Smelter heat",
    ):
        published(title=title, summary=f"{title}, every year.", description="Costs too much.")
    return need()


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
    assert "滴灌" in [tag.label for tag in similar(drip, language="zh")[0].topics]


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


@pytest.mark.parametrize(("kind", "language"), HEADINGS)
def test_the_page_names_them(
    client: PageClient, session: Session, drip: Listing, kind: str, language: str
) -> None:
    make = factories.need if kind == "need" else factories.capability
    first = need(make)
    need(make, title="Drip irrigation clogs too")
    page = client.speak(language).page(f"/listings/{first.id}")
    assert HEADINGS[kind, language] in page.text
    assert "Drip irrigation clogs too" in page.text


def test_a_page_without_any_has_no_section(
    client: PageClient, session: Session, drip: Listing
) -> None:
    assert "Similar" not in client.page(f"/listings/{drip.id}").text


@pytest.mark.parametrize("status", ["draft", "in_review", "paused", "expired", "closed"])
def test_what_is_not_published_has_none(
    client: PageClient, session: Session, drip: Listing, status: str
) -> None:
    need(title="Drip irrigation clogs too")
    hidden = loaded(factories.need(**DRIP, status=status))
    client.sign_in(factories.member_of(hidden.organisation))
    assert "Similar" not in client.page(f"/listings/{hidden.id}").text


def test_a_page_asks_as_often_for_five_as_for_one(
    client: PageClient, app: Flask, drip: Listing
) -> None:
    need(title="Drip irrigation clogs too")
    one = statements(lambda: client.page(f"/listings/{drip.id}"))
    for number in range(4):
        need(title=f"Drip irrigation clogs, {number}")
    assert statements(lambda: client.page(f"/listings/{drip.id}")) == one <= 17
