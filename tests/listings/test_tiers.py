"""Readers, and the parts of a listing that they read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from flask import Flask

from matchmaker.listings.rules import Subject, subject_of
from matchmaker.listings.tiers import TIERS, project, tier_of
from matchmaker.permissions import VISITOR, Actor
from tests import factories
from tests.listings.conftest import loaded

OWN, OTHER, WEST, EAST = 1, 2, "63", "37"


def person(**facts: Any) -> Actor:
    return Actor(user_id=7, **facts)


def member(organisation_id: int, *, verified: bool = True, role: str = "viewer") -> Actor:
    return person(
        organisation_id=organisation_id, organisation_role=role, organisation_verified=verified
    )


@pytest.mark.parametrize(
    ("actor", "matched", "accepted", "tier"),
    [
        pytest.param(VISITOR, False, False, "public", id="visitor"),
        pytest.param(person(), False, False, "public", id="somebody without an organisation"),
        pytest.param(
            member(OTHER, verified=False), False, False, "public", id="an unverified organisation"
        ),
        pytest.param(member(OTHER), False, False, "members", id="another verified organisation"),
        pytest.param(member(OTHER), True, False, "matched", id="a matched organisation"),
        pytest.param(member(OTHER), True, True, "confidential", id="a matched one that promised"),
        pytest.param(
            member(OTHER), False, True, "members", id="a promise without a match opens nothing"
        ),
        pytest.param(member(OWN), False, False, "confidential", id="its own organisation"),
        pytest.param(
            member(OWN, verified=False), False, False, "confidential", id="its own, not verified"
        ),
        pytest.param(
            person(roles=frozenset({"provincial_curator"}), provinces=frozenset({WEST})),
            False,
            False,
            "members",
            id="the curator in charge",
        ),
        pytest.param(
            person(roles=frozenset({"provincial_curator"}), provinces=frozenset({EAST})),
            False,
            False,
            "members",
            id="another curator",
        ),
        pytest.param(
            person(roles=frozenset({"national_curator"})),
            False,
            False,
            "members",
            id="national curator",
        ),
        pytest.param(
            person(roles=frozenset({"administrator"})), False, False, "members", id="administrator"
        ),
        pytest.param(
            person(roles=frozenset({"evaluator"})), False, False, "members", id="evaluator"
        ),
    ],
)
def test_the_tier_of_a_reader(actor: Actor, matched: bool, accepted: bool, tier: str) -> None:
    subject = Subject(OWN, WEST, "published", "verified", listing=None)  # type: ignore[arg-type]
    assert tier_of(actor, subject, matched=matched, accepted=accepted) == tier


SECRETS = {
    "description": "members",
    "must_haves": "members",
    "evidence": "members",
    "deployments": "members",
    "contact": "matched",
    "annex": "confidential",
}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_projection_holds_nothing_above_its_tier(app: Flask, secret: str, tier: str) -> None:
    organisation = factories.OrganisationFactory(contact_name="word-of-contact")
    listing = loaded(
        factories.need(
            organisation=organisation,
            description="word-of-description",
            must_haves=["word-of-must_haves"],
            evidence="word-of-evidence",
            deployments="word-of-deployments",
            annex="word-of-annex",
        )
    )
    shown = str(asdict(project(listing, tier)))
    assert (f"word-of-{secret}" in shown) == (TIERS.index(tier) >= TIERS.index(SECRETS[secret]))


def test_the_curators_in_charge_are_the_organisations_not_those_of_the_place_of_work(
    app: Flask,
) -> None:
    listing = loaded(
        factories.need(organisation=factories.OrganisationFactory(province="63"), province="65")
    )
    assert subject_of(listing).province == "63"


def test_an_unknown_tier_is_an_error(app: Flask) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        project(loaded(factories.need()), "secret")
