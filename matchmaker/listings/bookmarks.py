"""Listings that somebody keeps: for themselves, and, if they watch one, to be told of changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.listings import kept
from matchmaker.listings.models import Bookmark, Listing
from matchmaker.notices.service import notify
from matchmaker.permissions import Actor

NEAR = timedelta(days=7)  # before its deadline, who watches a listing is reminded
KEPT = "/account/kept"


def keep(
    session: Session,
    actor: Actor,
    listing: Listing,
    *,
    watch: bool = False,
    at: datetime | None = None,
) -> Bookmark:
    """Keep a listing, or change whether it is watched. Nobody else sees who keeps what."""
    at = moment(at)
    bookmark = kept.bookmark_of(session, actor.user_id, listing.id)
    if bookmark is not None and bookmark.is_watched == watch:
        return bookmark
    if bookmark is None:
        bookmark = Bookmark(user_id=actor.user_id, listing_id=listing.id, is_watched=watch, at=at)
        try:
            with session.begin_nested():
                session.add(bookmark)
        except IntegrityError:  # a second press of the button
            found = kept.bookmark_of(session, actor.user_id, listing.id)
            if found is None:
                raise
            return found
    bookmark.is_watched = watch
    session.flush()
    action = "bookmark.watch" if watch else "bookmark.keep"
    audit.record(session, actor, action, "bookmark", bookmark.id, listing=listing.id, at=at)
    return bookmark


def remove(
    session: Session, actor: Actor, bookmark: Bookmark, *, at: datetime | None = None
) -> None:
    number, listing_id = bookmark.id, bookmark.listing_id
    session.delete(bookmark)
    session.flush()
    audit.record(
        session,
        actor,
        "bookmark.remove",
        "bookmark",
        number,
        listing=listing_id,
        at=moment(at),
    )


def tell_changed(session: Session, listing: Listing, *, at: datetime) -> None:
    """Tell who watches it that readers see it again."""
    path = f"/listings/{listing.id}"
    _tell(session, listing, "watch.changed", path, at=at)


def tell_gone(session: Session, listing: Listing, *, at: datetime) -> None:
    """Tell who watches it that it is no longer shown. Why is its organisation's to say."""
    _tell(session, listing, "watch.gone", KEPT, at=at)


def tell_deadline(session: Session, bookmark: Bookmark, user: User, *, at: datetime) -> None:
    """Remind somebody once of a deadline; a new one is told again."""
    listing = bookmark.listing
    until: date | None = listing.deadline
    bookmark.deadline_told = until
    notify(
        session,
        [user],
        "watch.deadline",
        f"/listings/{listing.id}",
        title=listing.approved_title,
        until=until.isoformat() if until else "",
        at=at,
    )


def _tell(session: Session, listing: Listing, kind: str, path: str, *, at: datetime) -> None:
    watching = kept.watching(session, listing.id, but=listing.organisation_id)
    notify(session, watching, kind, path, title=listing.approved_title, at=at)
