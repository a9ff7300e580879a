"""Reads of an engine run: due listings, stored suggestions, texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.db import chunks
from matchmaker.engine import Listing as EngineListing
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import both_shown, join_listings
from matchmaker.organisations.models import Organisation
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from matchmaker.recommendation.rules import Known, PairIds, is_touched
from matchmaker.recommendation.run.compute import StoredPair
from matchmaker.recommendation.service import to_engine_listing

SIDES = (Suggestion.need_id, Suggestion.capability_id)


def due(session: Session) -> dict[int, int]:
    """Return listing → version of all that need new partners, withdrawn ones too."""
    query = select(Listing.id, Listing.version).where(Listing.matching_due)
    return dict(session.execute(query).tuples().all())


def outdated(session: Session, engine_version: str, weights_version: str) -> set[int]:
    """Return shown listings of pairs that another engine, other weights or none scored."""
    query = (
        join_listings(select(Suggestion.need_id, Suggestion.capability_id), Suggestion)
        .where(*both_shown())
        .where(
            or_(
                Suggestion.engine_version != engine_version,
                Suggestion.weights_version != weights_version,
            )
        )
    )
    return {listing_id for pair in session.execute(query) for listing_id in pair}


def shown(session: Session) -> dict[int, Known]:
    """Every listing that readers can see now."""
    columns = Listing.id, Listing.kind, Listing.version, Listing.organisation_id, Listing.updated_at
    query = select(*columns, Organisation.contact_email).join(Listing.organisation)
    # A database that was restored may count versions twice, but not at the same time.
    return {
        listing_id: Known(
            kind, version, owner, f"{version}@{changed.isoformat()}", contact.casefold()
        )
        for listing_id, kind, version, owner, changed, contact in session.execute(
            query.where(Listing.is_shown)
        )
    }


def partners(session: Session, ids: Collection[int]) -> set[int]:
    """The other ends of the listings' standing suggestions."""
    found: set[int] = set()
    for mine, theirs in (SIDES, SIDES[::-1]):
        for chunk in chunks(sorted(ids)):
            found.update(
                session.scalars(select(theirs).where(mine.in_(chunk), Suggestion.is_current))
            )
    return found


def stored(
    session: Session, ids: Collection[int] | None, engine_version: str, weights_version: str
) -> list[StoredPair]:
    """The suggestions of some listings, or all, reduced to what decides about their stay."""
    has_mark = exists().where(SuggestionMark.suggestion_id == Suggestion.id)
    is_recent = and_(
        Suggestion.engine_version == engine_version, Suggestion.weights_version == weights_version
    )
    columns = (Suggestion.score, Suggestion.is_current, Suggestion.origin, Suggestion.status)
    query = select(*SIDES, *columns, has_mark, is_recent)
    if ids is None:
        queries = [query]
    else:
        queries = [query.where(side.in_(chunk)) for side in SIDES for chunk in chunks(sorted(ids))]
    found: dict[PairIds, StoredPair] = {}
    for one in queries:
        for (
            need_id,
            capability_id,
            score,
            is_current,
            origin,
            status,
            marked,
            recent,
        ) in session.execute(one):
            pair = need_id, capability_id
            found[pair] = StoredPair(
                pair, score, is_current, is_touched(origin, status, marked), recent
            )
    return list(found.values())


def texts(session: Session, ids: Collection[int]) -> Mapping[int, EngineListing]:
    """Listings as the engine reads them."""
    found: dict[int, EngineListing] = {}
    for chunk in chunks(sorted(ids)):
        for listing in session.scalars(_with_text().where(Listing.id.in_(chunk))):
            found[listing.id] = to_engine_listing(listing)
    return found


def _with_text() -> Select[tuple[Listing]]:
    return select(Listing).options(
        joinedload(Listing.organisation),
        selectinload(Listing.tasks),
        selectinload(Listing.modes),
        selectinload(Listing.requirements),
        selectinload(Listing.references),
    )
