"""Queries of an organisation's own listings: what its writers work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matchmaker.listings.models import Bookmark, Listing, WorkingText
from matchmaker.listings.queries import for_lists, for_titles, subject, whole
from matchmaker.listings.rules import Subject
from matchmaker.listings.states import ListingStatus
from matchmaker.permissions import Actor, MemberRole


def made_with(session: Session, organisation_id: int, form_key: str) -> Subject | None:
    """Return the listing of an organisation that a form of this key has made."""
    listing_id = session.scalar(
        select(Listing.id).where(
            Listing.organisation_id == organisation_id, Listing.form_key == form_key
        )
    )
    return subject(session, listing_id) if form_key and listing_id is not None else None


def unfinished(session: Session, actor: Actor, most: int) -> Sequence[Listing]:
    """Return the drafts of the actor's organisation, last touched first, with all they say."""
    return (
        session.scalars(
            select(Listing)
            .where(_own(actor), Listing.status == ListingStatus.DRAFT)
            .options(*whole(), joinedload(Listing.working_text))
            .order_by(Listing.updated_at.desc(), Listing.id.desc())
            .limit(most)
        )
        .unique()
        .all()
    )


def changes_to_finish(session: Session, actor: Actor) -> Sequence[Listing]:
    """Return our listings that readers saw, with a change that is not sent or was given back."""
    found = session.scalars(
        select(Listing)
        .join(Listing.organisation)
        .join(Listing.working_text)
        .where(_own(actor), Listing.status.in_(ListingStatus.REVIEWED_ONCE))
        .options(*for_titles(), contains_eager(Listing.working_text))
        .order_by(WorkingText.at.desc(), Listing.id)
    ).all()
    return [
        one
        for one in found
        if one.working_text
        and (one.working_text.typed or one.working_text.status == ListingStatus.CHANGES_REQUESTED)
    ]


def to_renew(
    session: Session, actor: Actor, ended: date, near: date, silent: datetime
) -> Sequence[Listing]:
    """Return our listings that end between two days, or were not confirmed since a moment."""
    said = func.coalesce(Listing.confirmed_at, Listing.updated_at)
    is_silent = and_(Listing.status == ListingStatus.PUBLISHED, said <= silent)
    was_shown = Listing.status.in_((ListingStatus.PUBLISHED, ListingStatus.EXPIRED))
    ends = and_(was_shown, Listing.deadline >= ended, Listing.deadline <= near)
    return session.scalars(
        select(Listing)
        .join(Listing.organisation)
        .where(_own(actor), or_(ends, is_silent))
        .options(*for_titles())
        .order_by(Listing.deadline, Listing.id)
    ).all()


def _own(actor: Actor) -> ColumnElement[bool]:
    if actor.organisation_id is None or actor.organisation_role not in tuple(MemberRole):
        return false()
    return Listing.organisation_id == actor.organisation_id


def mine(actor: Actor, status: str | None = None) -> Select[tuple[Listing]]:
    """The listings of the actor's own organisation, last touched first."""
    query = (
        select(Listing)
        .join(Listing.organisation)
        .where(_own(actor))
        .options(*for_lists())
        .order_by(Listing.updated_at.desc(), Listing.id.desc())
    )
    return query.where(Listing.standing == status) if status else query


def own_of_kind(session: Session, organisation_id: int, kind: str, most: int) -> Sequence[int]:
    """The numbers of what an organisation has of a kind and not closed, last touched first."""
    return session.scalars(
        select(Listing.id)
        .where(
            Listing.organisation_id == organisation_id,
            Listing.kind == kind,
            Listing.status.in_(ListingStatus.ALIVE),
        )
        .order_by(Listing.updated_at.desc(), Listing.id.desc())
        .limit(most)
    ).all()


def mine_whole(session: Session, actor: Actor) -> Sequence[Listing]:
    """The same, all of them with all that they say."""
    return session.scalars(
        select(Listing)
        .where(_own(actor))
        .options(*whole())
        .order_by(Listing.updated_at.desc(), Listing.id.desc())
    ).all()


def with_deadline(session: Session, actor: Actor) -> Sequence[Listing]:
    """What is shown until a day, of the actor's organisation or kept by the actor."""
    kept = select(Bookmark.listing_id).where(Bookmark.user_id == actor.user_id)
    return session.scalars(
        select(Listing)
        .join(Listing.organisation)
        .where(Listing.is_shown, Listing.deadline.is_not(None))
        .where(or_(_own(actor), Listing.id.in_(kept)))
        .options(*for_titles())
        .order_by(Listing.deadline, Listing.id)
    ).all()


def count_mine(session: Session, actor: Actor) -> Mapping[str, int]:
    """Status → how many of the organisation's listings have it."""
    standing = Listing.standing.label("standing")
    rows = session.execute(
        select(standing, func.count()).where(_own(actor)).group_by(standing)
    ).tuples()
    return dict(rows.all())


def alive_whole(session: Session, organisation_id: int) -> Sequence[Listing]:
    """What an organisation has not closed, with all that it says."""
    return session.scalars(
        select(Listing)
        .where(Listing.status.in_(ListingStatus.ALIVE), Listing.organisation_id == organisation_id)
        .options(*whole())
        .order_by(Listing.id)
    ).all()
