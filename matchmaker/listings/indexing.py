"""What finds a published listing: the terms of its search row, and its concepts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.engine import search, spread
from matchmaker.listings import concepts, marks, rules
from matchmaker.listings.models import Listing, ListingConcept, SearchRow
from matchmaker.listings.queries import shown_for_index
from matchmaker.permissions import SYSTEM

# How much a term counts for, by the field it is in.
TITLE, SUMMARY, OWNER, DESCRIPTION, REQUIREMENTS, EVIDENCE = 3.0, 1.5, 0.5, 1.0, 1.5, 0.7


def index(session: Session, listing: Listing) -> None:
    """Write the search row and the concepts of a published listing with its relations loaded.

    Processes that hold the search index hear of it by the audit record of the move that publishes.
    """
    index_all(session, [listing])


def index_all(session: Session, listings: Sequence[Listing], n_jobs: int = 1) -> None:
    """As `index`, for some listings at once; `n_jobs` processes read them."""
    session.flush()
    take_out(session, [listing.id for listing in listings])
    found = list(spread(_read, listings, n_jobs))
    if found:
        session.execute(insert(SearchRow), [row for row, _ in found])
    about = [named for _, all_named in found for named in all_named]
    if about:
        session.execute(insert(ListingConcept), about)


def reindex(session: Session, *, at: datetime | None = None) -> int:
    """Write all search rows again, as after a change of the analysis; return how many."""
    at = moment(at)
    listings = shown_for_index(session)
    session.execute(delete(SearchRow))
    session.execute(delete(ListingConcept))
    for listing in listings:
        index(session, listing)
    audit.record(session, SYSTEM, "listing.reindex", "listing", None, listings=len(listings), at=at)
    return len(listings)


def _read(listing: Listing) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return the terms and the concepts of a listing, as rows."""
    content, owner = rules.content_of(listing), listing.organisation
    said = [(content.title, TITLE), (content.summary, SUMMARY)]
    public = [*said, (owner.name_zh, OWNER), (owner.name_other, OWNER)]
    members = [
        (content.description, DESCRIPTION),
        (content.evidence, EVIDENCE),
        (content.deployments, EVIDENCE),
    ]
    members += [(line, REQUIREMENTS) for line in (*content.must_haves, *content.nice_to_haves)]
    members += [(line, EVIDENCE) for line in content.references]
    own_fields = rules.said_in_details(content.resource, content.details)
    members += [(text, DESCRIPTION) for text in own_fields]
    for_all, for_members = search.search_row(
        public, members, listing.language, marks.marks_of(listing)
    )
    named = concepts.concepts_of(said, members, listing.language, listing.kind)
    return (
        {"listing_id": listing.id, "public": for_all, "members": for_members},
        [
            {"listing_id": listing.id, "code": one.code, "tier": one.tier, "weight": one.weight}
            for one in named
        ],
    )


def take_out(session: Session, listing_ids: Sequence[int]) -> None:
    for table in (SearchRow, ListingConcept):
        of_these = delete(table).where(table.listing_id.in_(listing_ids))
        session.execute(of_these.execution_options(synchronize_session=False))
