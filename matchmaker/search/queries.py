"""Rows that the search index is made of, and the texts behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import IN_ONE_STATEMENT, chunks
from matchmaker.listings.models import Listing, ListingReference, Requirement, SearchRow
from matchmaker.listings.rules import said_in_details
from matchmaker.organisations.models import Organisation
from matchmaker.search.models import SavedSearch

NAMED = ListingReference.number + " " + ListingReference.shows

Found = Row[tuple[int, dict[str, float], dict[str, float], str, str, str, int | None, str]]


def shown(session: Session) -> Iterator[Found]:
    """Yield the search row of every shown listing, with the facts it can be narrowed by."""
    yield from session.execute(
        _rows().order_by(SearchRow.listing_id), execution_options={"yield_per": IN_ONE_STATEMENT}
    )


def shown_of(session: Session, listing_ids: Collection[int]) -> Iterator[Found]:
    """Yield the same of these listings, as far as they are shown."""
    for chunk in chunks(sorted(listing_ids)):
        yield from session.execute(_rows().where(SearchRow.listing_id.in_(chunk)))


def listings_of(session: Session, organisation_ids: Collection[int]) -> set[int]:
    """All listings of the organisations."""
    return set(
        session.scalars(select(Listing.id).where(Listing.organisation_id.in_(organisation_ids)))
    )


def saved_by(session: Session, user_id: int | None) -> Sequence[SavedSearch]:
    """Return the searches that somebody saved, the newest first."""
    return session.scalars(
        select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.id.desc())
    ).all()


def saved(session: Session, saved_id: int) -> SavedSearch | None:
    return session.get(SavedSearch, saved_id)


def all_saved(session: Session) -> Sequence[int]:
    """Return every saved search of somebody who may sign in."""
    query = select(SavedSearch.id).join(User, User.id == SavedSearch.user_id)
    return session.scalars(query.where(User.may_sign_in).order_by(SavedSearch.id)).all()


def locked(session: Session, saved_id: int) -> tuple[SavedSearch, User] | None:
    """Return a saved search with its owner, held until the commit; None when another has it."""
    query = (
        select(SavedSearch, User)
        .join(User, User.id == SavedSearch.user_id)
        .where(SavedSearch.id == saved_id)
        .with_for_update(of=SavedSearch, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.execute(query).tuples().first()


def texts_of(
    session: Session, listing_ids: Collection[int], tiers: Collection[str]
) -> Iterator[tuple[int, str]]:
    """Yield the texts of listings that readers of the tiers may read, each with its listing."""
    said = [Listing.title, Listing.summary, Organisation.name_zh, Organisation.name_other]
    if "members" in tiers:
        said += [Listing.description, Listing.evidence, Listing.deployments]
    for chunk in chunks(sorted(listing_ids)):
        rows = select(Listing.id, *said).join(Listing.organisation).where(Listing.id.in_(chunk))
        for listing_id, *texts in session.execute(rows):
            yield from ((listing_id, text) for text in texts)
        if "members" in tiers:
            for of, text in ((Requirement, Requirement.text), (ListingReference, NAMED)):
                lines = select(of.listing_id, text).where(of.listing_id.in_(chunk))
                yield from session.execute(lines).tuples()
            written = select(Listing.id, Listing.resource, Listing.details)
            for listing_id, resource, details in session.execute(
                written.where(Listing.id.in_(chunk))
            ):
                yield from ((listing_id, text) for text in said_in_details(resource, details))


def _rows() -> Select[
    tuple[int, dict[str, float], dict[str, float], str, str, str, int | None, str]
]:
    return (
        select(
            SearchRow.listing_id,
            SearchRow.public,
            SearchRow.members,
            Listing.kind,
            Listing.language,
            Listing.goal,
            Listing.trl,
            Organisation.province,
        )
        .join(Listing, Listing.id == SearchRow.listing_id)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .where(Listing.is_shown)
    )
