"""Needs that nobody fits: which of them wait at whose desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.curation import queues
from matchmaker.db import now
from matchmaker.listings.models import Listing
from tests import factories
from tests.curation.test_scope import CURATORS, provincial

Make = Callable[[Listing], Any]


def partner(**fields: Any) -> Make:
    return lambda need: factories.SuggestionFactory(need=need, **fields)


def of_hidden(need: Listing) -> None:
    factories.SuggestionFactory(need=need, capability=factories.capability(status="paused"))


def of_match(status: str) -> Make:
    return lambda need: factories.MatchFactory(need=need, status=status)


def titles(session: Session, province: str = "", task_id: int | None = None) -> list[str]:
    query = queues.unserved_needs(provincial("63", "65"), province, task_id)
    return [need.title for need in session.scalars(query)]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("make", "waits"),
    [
        (lambda _need: None, True),
        (partner(band="strong"), False),
        (partner(band="possible"), False),
        (partner(band="weak"), True),
        (partner(band="weak", origin="curator"), False),
        (partner(band="weak", status="shortlisted"), False),
        (partner(status="held_back"), True),
        (partner(is_current=False), True),
        (of_hidden, True),
        (of_match("proposed"), False),
        (of_match("mutual"), False),
        (of_match("declined"), True),
    ],
)
def test_a_need_waits_until_somebody_fits(session: Session, make: Make, waits: bool) -> None:
    make(factories.need(title="Alone"))
    assert titles(session) == ["Alone"] * waits


@pytest.mark.parametrize(
    "fields",
    [{"status": "draft"}, {"status": "paused"}, {"matching_due": True}, {"kind": "capability"}],
)
def test_only_published_needs_wait_that_have_been_looked_at(
    session: Session, fields: dict[str, Any]
) -> None:
    factories.ListingFactory(**fields)
    assert titles(session) == []


def test_the_oldest_comes_first_and_filters_narrow(session: Session) -> None:
    factories.need(title="New", task_codes=("QH-1",))
    factories.need(
        title="Old", published_at=now() - timedelta(days=9), task_codes=("XJ-1",),
        organisation=factories.OrganisationFactory(province="65"),
    )  # fmt: skip
    assert titles(session) == ["Old", "New"]
    assert titles(session, province="63") == ["New"]
    assert titles(session, task_id=factories.task("XJ-1").id) == ["Old"]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("of the need's province", True),
        ("national", True),
        ("of the capability's", False),
        ("of none", False),
        ("evaluator", False),
        ("member", False),
        ("visitor", False),
        ("of a party", False),
    ],
)
def test_a_need_waits_for_the_curators_of_its_province(
    session: Session, who: str, sees: bool
) -> None:
    need = factories.need()
    assert who != "of a party" or need.organisation_id == CURATORS[who].organisation_id
    found = session.scalars(queues.unserved_needs(CURATORS[who], "", None)).all()
    assert bool(found) is sees
