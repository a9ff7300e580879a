"""Queries of what people keep and watch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager, load_only, selectinload

from matchmaker.accounts.models import User
from matchmaker.listings.models import Bookmark, Listing
from matchmaker.listings.queries import OWNER_COLUMNS, PUBLIC_COLUMNS
from matchmaker.organisations.models import Membership


def bookmark_of(session: Session, user_id: int | None, listing_id: int) -> Bookmark | None:
    """Return somebody's bookmark at a listing."""
    return session.scalar(
        select(Bookmark).where(Bookmark.user_id == user_id, Bookmark.listing_id == listing_id)
    )


def bookmark(session: Session, bookmark_id: int) -> Bookmark | None:
    return session.get(Bookmark, bookmark_id)


def kept_by(user_id: int | None) -> Select[tuple[Bookmark]]:
    """Select what somebody keeps, the newest first, each with its listing."""
    return (
        select(Bookmark)
        .join(Bookmark.listing)
        .join(Listing.organisation)
        .where(Bookmark.user_id == user_id)
        .options(
            contains_eager(Bookmark.listing).options(
                load_only(*PUBLIC_COLUMNS, raiseload=True),
                contains_eager(Listing.organisation).load_only(*OWNER_COLUMNS, raiseload=True),
                selectinload(Listing.sectors),
            )
        )
        .order_by(Bookmark.at.desc(), Bookmark.id.desc())
    )


def watching(session: Session, listing_id: int, *, but: int) -> Sequence[User]:
    """Return who watches a listing, but for members of an organisation, who are told anyway."""
    members = select(Membership.user_id).where(Membership.organisation_id == but)
    return session.scalars(
        select(User)
        .join(Bookmark, Bookmark.user_id == User.id)
        .where(Bookmark.listing_id == listing_id, Bookmark.is_watched, User.may_sign_in)
        .where(User.id.not_in(members))
        .order_by(User.id)
    ).all()


def deadlines_near(
    session: Session, today: date, until: date, limit: int
) -> Sequence[tuple[Bookmark, User]]:
    """Return watched listings whose deadline is near and not told yet, each with who watches."""
    told = or_(Bookmark.deadline_told.is_(None), Bookmark.deadline_told != Listing.deadline)
    query = (
        select(Bookmark, User)
        .join(Bookmark.listing)
        .join(User, User.id == Bookmark.user_id)
        .where(Bookmark.is_watched, User.may_sign_in, told)
        .where(Listing.is_shown, Listing.deadline >= today, Listing.deadline <= until)
        .options(contains_eager(Bookmark.listing).load_only(*PUBLIC_COLUMNS, raiseload=True))
        .order_by(Bookmark.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Bookmark)
    )
    return session.execute(query).tuples().all()
