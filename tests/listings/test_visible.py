"""The list filter and the permission table say the same of every kind of actor and listing."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.codelists import codes
from matchmaker.db import today
from matchmaker.listings import ours, queries
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import subject_of
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import SYSTEM, VISITOR, Actor, may
from tests import factories
from tests.listings.conftest import loaded

PROVINCES = ("63", "37")


def actors(own: Organisation) -> dict[str, Actor]:
    cast = {"visitor": VISITOR, "system": SYSTEM, "without an organisation": Actor(user_id=9)}
    for role, verified in product(("owner", "editor", "viewer", None), (True, False)):
        cast[f"{role} of the organisation, verified {verified}"] = Actor(
            user_id=9,
            organisation_id=own.id,
            organisation_role=role,
            organisation_verified=verified,
        )
    cast["owner elsewhere"] = Actor(
        user_id=9, organisation_id=own.id + 1000, organisation_role="owner"
    )
    for role in codes("staff_role"):
        for provinces in ((), ("63",), ("37",), ("63", "37")):
            cast[f"{role} of {provinces}"] = Actor(
                user_id=9, roles=frozenset({role}), provinces=frozenset(provinces)
            )
    cast["curator with an organisation"] = Actor(
        user_id=9, organisation_id=own.id, organisation_role="viewer",
        roles=frozenset({"provincial_curator"}), provinces=frozenset({"37"}),
    )  # fmt: skip
    return cast


@pytest.mark.both_databases
def test_what_is_shown_is_one_rule_in_sql_and_in_python(app: Flask, session: Session) -> None:
    """Every status of a listing × every status of its organisation × its deadline."""
    kinds = list(product(codes("organisation_status"), codes("listing_status")))
    for of_organisation, of_listing in kinds:
        organisation = factories.OrganisationFactory(status=of_organisation)
        for days in (None, 0, -1):
            deadline = None if days is None else today() + timedelta(days=days)
            factories.need(organisation=organisation, status=of_listing, deadline=deadline)
    session.expunge_all()
    everything = session.scalars(select(Listing).options(joinedload(Listing.organisation))).all()
    assert len(everything) == 3 * len(kinds)
    shown = set(session.scalars(select(Listing.id).where(Listing.is_shown)))
    assert shown == {listing.id for listing in everything if listing.is_shown}


@pytest.mark.both_databases
def test_what_awaits_a_curator_agrees_with_the_table(app: Flask, session: Session) -> None:
    own = factories.OrganisationFactory(province="63")
    waiting = [
        loaded(factories.need(organisation=organisation, in_review=True, province="65")).id
        for organisation in (
            own,
            factories.OrganisationFactory(),
            factories.OrganisationFactory(eastern=True),
        )
    ]
    loaded(factories.need(draft=True, organisation=own))
    subjects = [subject_of(loaded(session.get_one(Listing, listing_id))) for listing_id in waiting]
    for name, actor in actors(own).items():
        found = {listing.id for listing in session.scalars(queries.select_awaiting_review(actor))}
        assert found == {s.listing.id for s in subjects if may(actor, "listing.review", s)}, name


@pytest.mark.both_databases
def test_an_organisations_own_list_is_its_own(app: Flask, session: Session) -> None:
    own = factories.OrganisationFactory()
    mine = factories.need(organisation=own, draft=True).id
    factories.need()
    actor = Actor(user_id=9, organisation_id=own.id, organisation_role="viewer")
    assert [listing.id for listing in session.scalars(ours.mine(actor))] == [mine]
    assert ours.count_mine(session, actor) == {"draft": 1}
    assert session.scalars(ours.mine(VISITOR)).all() == []
