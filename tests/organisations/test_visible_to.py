"""The list query says the same as the permission table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.codelists import codes
from matchmaker.db import db
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import organisation, select_awaiting
from matchmaker.permissions import Actor, may
from tests import factories

PROVINCES = ("63", "65", "37")


@pytest.fixture
def everything(app: Flask) -> list[Organisation]:
    """Organisations of every status in every province; some propose to be of the next one."""
    made = [
        factories.OrganisationFactory(status=status, province=province)
        for status in codes("organisation_status")
        for province in PROVINCES
    ]
    for moving in made[:: len(PROVINCES)]:
        factories.ProfileChangeFactory(organisation=moving, after={"province": PROVINCES[1]})
    factories.ProfileChangeFactory(
        organisation=made[1], after={"province": PROVINCES[0]}, status="refused"
    )
    db.session.commit()
    loaded = (organisation(db.session(), one.id) for one in made)
    return [one for one in loaded if one is not None]


def actors() -> st.SearchStrategy[Callable[[list[Organisation]], Actor]]:
    """Visitors, members in every role, staff with every mix of roles and provinces."""

    def build(
        signed_in: bool,
        member_of: int | None,
        role: str,
        roles: frozenset[str],
        provinces: frozenset[str],
    ) -> Callable[[list[Organisation]], Actor]:
        def actor(organisations: list[Organisation]) -> Actor:
            if not signed_in:
                return Actor()
            own = None if member_of is None else organisations[member_of].id
            return Actor(
                user_id=1,
                organisation_id=own,
                organisation_role=None if own is None else role,
                roles=roles,
                provinces=provinces if "provincial_curator" in roles else frozenset(),
            )

        return actor

    return st.builds(
        build,
        st.booleans(),
        st.none() | st.integers(0, len(PROVINCES) * len(codes("organisation_status")) - 1),
        st.sampled_from(codes("organisation_role")),
        st.frozensets(st.sampled_from(codes("staff_role"))),
        st.frozensets(st.sampled_from(PROVINCES)),
    )


@settings(max_examples=60)
@given(make=actors())
def test_what_waits_at_the_desk_may_be_verified(
    everything: list[Organisation], make: Callable[..., Actor]
) -> None:
    actor = make(everything)
    found = {thing.id for thing in db.session.scalars(select_awaiting(actor))}
    waiting = [
        thing
        for thing in everything
        if thing.status in ("registered", "lapsed")
        or (thing.status == "verified" and thing.proposal)
    ]
    assert found == {thing.id for thing in waiting if may(actor, "organisation.verify", thing)}
