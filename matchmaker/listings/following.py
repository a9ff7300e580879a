"""What ends or changes a listing without its writers: its last day, and its organisation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import chunks, moment
from matchmaker.listings import bookmarks, indexing, renewals, rules, steps
from matchmaker.listings.models import Listing
from matchmaker.listings.ours import alive_whole
from matchmaker.listings.queries import published_by_ids, published_whole
from matchmaker.listings.reminding import LAST_DAY_OVER
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations import rules as organisations
from matchmaker.organisations.belonging import writers
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import current_sides
from matchmaker.permissions import Actor


def expire(
    session: Session, actor: Actor, listings: Iterable[Listing], *, at: datetime | None = None
) -> None:
    """Take down listings whose last day is over, and tell their authors."""
    at = moment(at)
    listings = list(listings)
    for listing in listings:
        steps.withdraw(session, listing, ListingStatus.EXPIRED, at=at)
    session.flush()  # rows before the audit chain: two such transactions cannot block each other
    for listing in listings:
        audit.record(session, actor, "listing.expire", "listing", listing.id, at=at)
        people = writers(session, listing.organisation_id)
        renewals.remind(session, listing, "listing.expired", people, days=LAST_DAY_OVER, at=at)
        bookmarks.tell_gone(session, listing, at=at)


def follow_identity(
    session: Session, actor: Actor, organisation: Organisation, *, at: datetime | None = None
) -> None:
    """Bring what an organisation has published in line with its new identity.

    It is found by the new name. What the new identity may not post is paused.
    """
    at = moment(at)
    sides = current_sides(session)
    kept = []
    for listing in published_whole(session, organisation.id):
        if organisations.may_post_now(organisation, listing.kind, sides):
            steps.move_to(listing, listing.status, matching=True, at=at)
            kept.append(listing)
        else:
            steps.withdraw(session, listing, ListingStatus.PAUSED, at=at)
            steps.finish(session, actor, listing, "pause", at=at)
            steps.tell_writers(session, listing, "listing.right_ended", at=at)
            bookmarks.tell_gone(session, listing, at=at)
    indexing.index_all(session, kept)


def follow_owner(session: Session, ids: Sequence[int]) -> None:
    """Have those listings that are published found by their new owner's name, and matched again."""
    for some in chunks(ids):
        found = published_by_ids(session, some)
        for listing in found:
            listing.matching_due = True
        indexing.index_all(session, found)


def follow_closing(
    session: Session, actor: Actor, organisation: Organisation, *, at: datetime | None = None
) -> None:
    """Close what an organisation that closes has written, drafts too."""
    at = moment(at)
    reason = rules.WITH_ORGANISATION
    for listing in alive_whole(session, organisation.id):
        listing.close_reason = reason
        steps.withdraw(session, listing, ListingStatus.CLOSED, at=at)
        steps.finish(session, actor, listing, "close", reason=reason, at=at)
