"""Lists and pages ask the database as often for 200 listings as for 20."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.listings.models import (
    Listing,
    ListingMode,
    ListingSector,
    ListingTask,
    Requirement,
    Review,
)
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.counting import statements
from tests.listings.conftest import loaded, published

FEW, MANY = 20, 200


@pytest.fixture
def grow(
    app: Flask, session: Session, organisation: Organisation, owner: User
) -> Callable[[int, str], None]:
    """Add listings of several organisations, in bulk."""
    plan, task = factories.plan(), factories.task()
    others = [organisation, *(factories.OrganisationFactory() for _ in range(4))]

    def add(number: int, status: str) -> None:
        for index in range(number):
            listing = Listing(
                kind="need",
                organisation_id=others[index % 5].id,
                author_id=owner.id,
                plan_id=plan.id,
                status=status,
                language="en",
                title=f"Listing {index}",
                province="63",
                created_at=plan.loaded_at,
                updated_at=plan.loaded_at,
                published_at=plan.loaded_at,
            )
            listing.modes, listing.sectors = (
                [ListingMode(code="training")],
                [ListingSector(code="solar")],
            )
            session.add(listing)
            session.flush()
            session.add(ListingTask(listing_id=listing.id, task_id=task.id))
        session.commit()
        session.expunge_all()

    return add


@pytest.mark.parametrize(
    ("path", "status", "most"),
    [
        ("/listings", "published", 10),
        ("/listings?kind=need&sector=solar&q=listing", "published", 10),
        ("/our/listings", "draft", 10),
        ("/organisations/1/listings", "published", 11),
    ],
)
def test_a_list_asks_as_often_for_many_as_for_few(
    home: PageClient, grow: Callable[[int, str], None], path: str, status: str, most: int
) -> None:
    published(title="A listing", organisation=factories.OrganisationFactory())
    grow(FEW, status)
    few = statements(lambda: home.page(path))
    grow(MANY - FEW, status)
    assert statements(lambda: home.page(path)) == few <= most


def test_a_page_asks_as_often_for_much_as_for_little(
    home: PageClient, organisation: Organisation, session: Session
) -> None:
    listing = loaded(factories.need(organisation=organisation, must_haves=["one"]))
    path = f"/listings/{listing.id}"
    little = statements(lambda: home.page(path))
    curator = factories.provincial_curator("63")
    listing.requirements += [Requirement(position=n, must=True, text=str(n)) for n in range(2, 12)]
    listing.sectors += [ListingSector(code=code) for code in ("solar", "wind", "grid")]
    db.session.add_all(
        Review(
            listing_id=listing.id,
            curator_id=curator.id,
            decision="published",
            at=listing.created_at,
        )
        for _ in range(9)
    )
    session.commit()
    assert statements(lambda: home.page(path)) == little <= 24


def test_a_review_asks_as_often_for_a_long_queue(
    desk: PageClient, grow: Callable[[int, str], None]
) -> None:
    listing = factories.need(in_review=True)
    path = f"/desk/listings/{listing.id}"
    grow(FEW, "in_review")
    few = statements(lambda: desk.page(path))
    grow(MANY - FEW, "in_review")
    assert statements(lambda: desk.page(path)) == few
