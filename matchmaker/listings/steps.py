"""The steps that moves of a listing share: may it, do it, write it down, tell of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.accounts.queries import curators_of
from matchmaker.audit import service as audit
from matchmaker.db import day_of
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings import indexing, rules
from matchmaker.listings.models import Listing, PublishedChange, Review
from matchmaker.listings.rules import Content
from matchmaker.listings.states import ListingStatus, has_passed, standing
from matchmaker.notices.service import notify
from matchmaker.organisations import rules as organisations
from matchmaker.organisations import states as organisation_states
from matchmaker.organisations.belonging import writers
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import current_sides
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor


def begin(session: Session, listing: Listing, version: int, move: str, *, at: datetime) -> None:
    """Check that the move may start: nobody acted since the page was shown, and it is open."""
    if listing.version != version:
        raise Conflict("listing", listing.id)
    if not rules.may_move(move, standing(listing.status, listing.deadline, day_of(at))):
        raise Refused(Refusal.LISTING_MOVE_CLOSED)
    if move in rules.TOWARDS_READERS:
        _is_verified(listing.organisation, at=at)
        may_post(session, listing.organisation, listing.kind)


def _is_verified(organisation: Organisation, *, at: datetime) -> None:
    standing = organisation_states.standing(
        organisation.status, organisation.verified_until, day_of(at)
    )
    if standing != OrganisationStatus.VERIFIED:
        raise Refused(Refusal.ORGANISATION_UNVERIFIED)


def move_to(listing: Listing, status: str, *, matching: bool = False, at: datetime) -> None:
    listing.status = status
    listing.updated_at = at
    listing.matching_due = listing.matching_due or matching


def withdraw(session: Session, listing: Listing, status: str, *, at: datetime) -> None:
    was_public = listing.status == ListingStatus.PUBLISHED
    move_to(listing, status, matching=was_public, at=at)
    if was_public:
        indexing.take_out(session, [listing.id])


def finish(
    session: Session, actor: Actor, listing: Listing, verb: str, *, at: datetime, **detail: object
) -> None:
    flush(session, listing)
    audit.record(session, actor, f"listing.{verb}", "listing", listing.id, **detail, at=at)


def flush(session: Session, listing: Listing) -> None:
    """Write now: if another transaction was quicker, the version is no longer ours."""
    listing_id = listing.id
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("listing", listing_id) from error


def may_post(session: Session, organisation: Organisation, kind: str) -> None:
    """The organisation may post the kind or may not, no matter who acts for it."""
    if not organisations.may_post_now(organisation, kind, current_sides(session)):
        raise Refused(Refusal.KIND_NOT_OPEN)


def may_submit(
    session: Session, kind: str, organisation: Organisation, content: Content, *, at: datetime
) -> None:
    may_post(session, organisation, kind)
    _is_verified(organisation, at=at)
    if rules.missing(kind, content):
        raise Refused(Refusal.LISTING_INCOMPLETE)
    has_time_left(content.deadline, at=at)


def has_time_left(deadline: date | None, *, at: datetime) -> None:
    if has_passed(deadline, day_of(at)):
        raise Refused(Refusal.DEADLINE_PASSED)


def sent_for_review(session: Session, actor: Actor, listing: Listing, *, at: datetime) -> None:
    audit.record(session, actor, "listing.submit", "listing", listing.id, at=at)
    limits.count(session, actor, Act.SUBMISSION, at=at)
    organisation = listing.organisation
    for curator in curators_of(session, organisation.province):
        if curator.id != actor.user_id:
            name = organisation.name_for(curator.language)
            path = f"/desk/listings/{listing.id}"
            notify(
                session,
                [curator],
                "listing.submitted",
                path,
                title=listing.title,
                organisation=name,
                at=at,
            )


def tell_writers(
    session: Session, listing: Listing, kind: str, *, at: datetime, **params: str
) -> None:
    own, path = listing.organisation_id, f"/listings/{listing.id}"
    users, said = writers(session, own), {"title": listing.title, **params}
    notify(session, users, kind, path, concerning=own, at=at, **said)


def note_review(
    session: Session,
    actor: Actor,
    listing: Listing,
    decision: str,
    note: str,
    *,
    content: Content,
    at: datetime,
) -> None:
    session.add(
        Review(
            listing_id=listing.id,
            curator_id=user_id(actor),
            decision=decision,
            note=note,
            at=at,
            snapshot=rules.snapshot(content),
        )
    )


def note_change(
    session: Session,
    actor: Actor,
    listing: Listing,
    before: Content,
    after: Content,
    *,
    is_small: bool,
    at: datetime,
) -> PublishedChange | None:
    """Keep what readers see otherwise from now on; return None where that is nothing."""
    old, new = rules.snapshot(before), rules.snapshot(after)
    fields = [one.field for one in rules.changes(old, new)]
    if not fields:
        return None
    change = PublishedChange(
        listing_id=listing.id,
        user_id=user_id(actor),
        is_small=is_small,
        before={name: old.get(name) for name in fields},
        after={name: new.get(name) for name in fields},
        at=at,
    )
    session.add(change)
    return change


def user_id(actor: Actor) -> int:
    """The number of a signed-in person, who alone can write or review a listing."""
    if actor.user_id is None:
        raise ValueError("only a signed-in person can write or review a listing")
    return actor.user_id
