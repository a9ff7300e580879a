from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import db, today
from matchmaker.listings import indexing
from matchmaker.listings import queries as stored
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import Content
from matchmaker.organisations.acting import actor_of
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import SYSTEM, Actor
from matchmaker.search import browsing
from matchmaker.search.browsing import Filters, ListingPage
from matchmaker.services import services
from tests import factories


def as_actor(user: User) -> Actor:
    """The actor that a user is now."""
    found = actor_of(db.session(), user.id)
    assert found is not None
    return found[0]


def loaded(listing: Listing) -> Listing:
    """The listing as a view gets it: with all its relations."""
    listing_id = inspect(listing).identity[0] if inspect(listing).identity else listing.id
    db.session.commit()
    db.session.expire_all()
    subject = stored.subject(db.session(), listing_id)
    assert subject is not None
    return subject.listing


def published(make: Callable[..., Listing] = factories.need, **fields: Any) -> Listing:
    """A listing that is published and found, as processes that hold the search index hear."""
    listing = loaded(make(**fields))
    indexing.index(db.session(), listing)
    audit.record(db.session(), SYSTEM, "listing.publish", "listing", listing.id)
    db.session.commit()
    return listing


def move(organisation: Organisation, status: str) -> None:
    """Give the organisation a status, as processes that hold the search index hear."""
    organisation.status = status
    audit.record(db.session(), SYSTEM, "organisation.edit", "organisation", organisation.id)
    db.session.commit()


def browse(session: Session, actor: Actor, filters: Filters, number: int = 1) -> ListingPage:
    """The list, with this process's search index."""
    return browsing.browse(session, actor, filters, number, services().searching)


def complete(kind: str = "need", **changes: Any) -> Content:
    """Everything that a listing of the kind must say before a review."""
    content = Content(
        title="Lithium from old brine",
        summary="The adsorbent crumbles.",
        description="It loses **a third** of its weight in a season.",
        language="en",
        sectors=("salt_lake",),
        tasks=(factories.task().id,),
        modes=("pilot_scale",),
        goal="technology_transfer",
        province="63",
        deadline=today() + timedelta(days=90),
        trl=6,
    )
    if kind == "need":
        content = replace(
            content, must_haves=("90 % yield",), budget_min=1_000_000, fund_source="own"
        )
    else:
        content = replace(content, evidence="Two seasons.", ip_status="granted", licences=("open",))
    return replace(content, **changes)


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    """A verified enterprise in Qinghai, which posts needs."""
    factories.plan()
    return factories.OrganisationFactory()


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return factories.member_of(organisation, name="Owner Person")


@pytest.fixture
def author(owner: User) -> Actor:
    return as_actor(owner)


@pytest.fixture
def curator(app: Flask) -> User:
    """A curator of Qinghai."""
    return factories.provincial_curator("63", name="Li Na")
