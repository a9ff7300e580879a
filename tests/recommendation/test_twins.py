"""Listings that say nearly the same as a text, and that name its patents."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.listings.models import Listing, ListingReference
from matchmaker.listings.rules import Content
from matchmaker.recommendation.twins import Twins, named_elsewhere, twins_of
from matchmaker.services import services
from tests import factories
from tests.listings.conftest import published

TEXT = (
    "An adsorbent that takes lithium from the cold brine of a salt lake in winter, loses less than "
    "half a percent a cycle, and stands in columns of ten cubic metres without a roof"
)
PATENT = "ZL202010123456.2"


def of(session: Session, listing: Listing, **changes: Any) -> Twins:
    content = Content(**{"title": "Lithium in winter", "description": TEXT, **changes})
    searching = services().searching
    owner = listing.organisation_id
    return twins_of(session, owner, "capability", content, searching, but=listing.id)


def test_ones_own_and_others_public_texts_are_found(session: Session) -> None:
    mine = factories.capability(draft=True, description=TEXT)
    own = factories.capability(draft=True, description=TEXT, organisation=mine.organisation)
    factories.capability(draft=True, description=TEXT)  # nobody else sees it
    public = published(factories.capability, title="Lithium in winter", description=TEXT)
    published(factories.capability, title="Lithium in winter", description="Seed potatoes")
    found = of(session, mine).nearly_same
    assert [one.id for one in found] == [own.id, public.id]


@pytest.mark.parametrize(
    ("line", "status", "expected"),
    [
        (PATENT, "published", 1),
        ("CN202010123456.2: applied for", "published", 1),
        (PATENT, "draft", 0),
        (PATENT, "in_review", 0),
        ("GB/T 1234-2020", "published", 0),  # a standard belongs to nobody
    ],
)
def test_a_patent_of_another_organisation_is_told_once_it_is_public(
    session: Session, line: str, status: str, expected: int
) -> None:
    number = line.partition(":")[0]
    reference = ListingReference(position=0, number=number, shows="")
    other = published(factories.capability, status=status, references=[reference])
    mine = factories.capability(draft=True)
    named = of(session, mine, references=(PATENT, "GB/T 1234-2020")).named
    assert len(named) == expected
    assert list(of(session, other, references=(PATENT,)).named) == []


def test_curators_also_hear_of_what_waits_for_them(session: Session) -> None:
    reference = ListingReference(position=0, number=PATENT, shows="")
    factories.capability(in_review=True, references=[reference])
    owner = factories.OrganisationFactory()
    assert len(named_elsewhere(session, owner.id, [PATENT], "37")) == 1
    assert named_elsewhere(session, owner.id, [PATENT], "63") == []
