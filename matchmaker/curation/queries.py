"""Queries of one thing that a curator decides about, and of what it is compared with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation.models import Judgement
from matchmaker.curation.scope import visible_suggestions
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.recommendation.models import Suggestion
from matchmaker.search import browsing
from matchmaker.search.live import Searching

MOST_COMPARED = 50  # listings of one owner that wait for review

# What came of a match stands.
DONE = (MatchStatus.COMPLETED, MatchStatus.VERIFIED)


def comparable(session: Session, listing: Listing, likely: Collection[int]) -> Sequence[Listing]:
    """Return whole listings to compare one with: likely ones, and what its owner has sent too.

    An owner is an organisation, or several with one contact. The earliest come first.
    """
    owner = listing.organisation
    is_own = or_(
        Organisation.id == owner.id,
        func.lower(Organisation.contact_email) == owner.contact_email.lower(),
    )
    waits = and_(is_own, Listing.status == ListingStatus.IN_REVIEW)
    base = select(Listing).join(Listing.organisation).options(*listings.whole())
    found = session.scalars(
        base.where(Listing.id != listing.id, waits).order_by(Listing.id).limit(MOST_COMPARED)
    ).all()
    shown = session.scalars(base.where(Listing.is_shown, Listing.id.in_(likely))).all()
    return sorted({*found, *shown}, key=lambda one: one.id)


def suggestion(session: Session, suggestion_id: int) -> Suggestion | None:
    """One suggestion with all that its page at the desk shows."""
    loaded = [
        joinedload(side).options(*listings.whole())
        for side in (Suggestion.need, Suggestion.capability)
    ]
    return session.scalar(
        select(Suggestion)
        .where(Suggestion.id == suggestion_id)
        .options(*loaded, selectinload(Suggestion.marks))
    )


def judgement(session: Session, need_id: int, capability_id: int) -> Judgement | None:
    """Return the curators' judgement of a pair, with its author."""
    query = select(Judgement).where(
        Judgement.need_id == need_id, Judgement.capability_id == capability_id
    )
    return session.scalar(
        query.options(joinedload(Judgement.user)).execution_options(populate_existing=True)
    )


def lock_suggestion(session: Session, suggestion_id: int) -> tuple[int, str] | None:
    """Return (version, status) as they are now, held until the caller's commit."""
    query = (
        select(Suggestion.version, Suggestion.status)
        .where(Suggestion.id == suggestion_id)
        .with_for_update()
    )
    found = session.execute(query).one_or_none()
    return (found.version, found.status) if found is not None else None


def locked_of_page(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, Suggestion]:
    """Return the suggestions that the actor may curate among these ids, held until the commit.

    They are taken by ascending id, so that two who decide at once cannot wait for each other.
    """
    query = (
        visible_suggestions(actor)
        .where(Suggestion.id.in_(ids))
        .order_by(Suggestion.id)
        .with_for_update(of=Suggestion)
        .execution_options(populate_existing=True)
    )
    return {found.id: found for found in session.scalars(query)}


def open_listing(session: Session, listing_id: int | None, kind: str) -> Listing | None:
    """A published listing of one kind, with its organisation."""
    return session.scalar(
        select(Listing)
        .join(Listing.organisation)
        .where(Listing.id == listing_id, Listing.kind == kind, Listing.is_shown)
        .options(contains_eager(Listing.organisation))
    )


def find_listings(
    session: Session, actor: Actor, kind: str, text: str, searching: Searching
) -> Sequence[Listing]:
    """Published listings of one kind by their number, or else by words, as everybody searches."""
    by_number = (
        open_listing(session, int(text), kind)
        if text.isascii() and text.isdigit() and len(text) < 10
        else None
    )
    if by_number is not None:
        return [by_number]
    return browsing.browse(
        session, actor, browsing.Filters({"kind": (kind,)}, text, "relevance"), 1, searching
    ).items


def matched_pairs(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Return the suggestions whose pair is a match now; one that ended does not count."""
    query = (
        select(Suggestion.id)
        .join(
            Match,
            and_(
                Match.need_id == Suggestion.need_id, Match.capability_id == Suggestion.capability_id
            ),
        )
        .where(Suggestion.id.in_(ids), Match.is_alive)
    )
    return frozenset(session.scalars(query))


def last_words(
    session: Session, subject_type: str, ids: Sequence[int]
) -> Mapping[int, AuditRecord]:
    """The newest audit record about each of several things."""
    newest = (
        select(func.max(AuditRecord.id))
        .where(AuditRecord.subject_type == subject_type, AuditRecord.subject_id.in_(ids))
        .group_by(AuditRecord.subject_id)
    )
    records = session.scalars(select(AuditRecord).where(AuditRecord.id.in_(newest)))
    return {record.subject_id: record for record in records if record.subject_id is not None}


def unfinished_matches(session: Session, organisation_id: int) -> Sequence[int]:
    """Return the ids of an organisation's matches that somebody waits for or works on."""
    of_it = select(Listing.id).where(Listing.organisation_id == organisation_id)
    return session.scalars(
        select(Match.id)
        .where(
            or_(Match.need_id.in_(of_it), Match.capability_id.in_(of_it)),
            Match.status.not_in((*MatchStatus.ENDED, *DONE)),
        )
        .order_by(Match.id)
    ).all()
