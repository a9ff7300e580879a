"""Every move of a listing's life: one function, one audit record, a conflict for the second."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings import bookmarks, filling, indexing, rules, steps
from matchmaker.listings.models import Listing, MadeListing, PublishedChange
from matchmaker.listings.queries import tasks_by_ids
from matchmaker.listings.rules import Content
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import check_stands
from matchmaker.permissions import Actor
from matchmaker.plan.models import Plan


def create(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    plan: Plan,
    content: Content,
    *,
    kind: str,
    submit: bool = False,
    key: str | None = None,
    at: datetime | None = None,
) -> Listing:
    """A new listing under the plan, as a draft or sent for review at once.

    `key`: made with the form. Raises Conflict when the same form has made a listing meanwhile, and
    Refused, with nothing stored, when the organisation may not post the kind or submit this.
    """
    at = moment(at)
    check_stands(session, organisation.id)
    steps.may_post(session, organisation, kind)
    if submit:
        steps.may_submit(session, kind, organisation, content, at=at)
    listing = Listing(
        kind=kind,
        form_key=key,
        organisation=organisation,
        author_id=steps.user_id(actor),
        plan=plan,
        status=ListingStatus.IN_REVIEW if submit else ListingStatus.DRAFT,
        created_at=at,
        updated_at=at,
        **filling.nothing(),
    )
    filling.write(session, listing, content)
    session.add(listing)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("listing", 0) from error
    audit.record(session, actor, "listing.create", "listing", listing.id, kind=kind, at=at)
    limits.count(session, actor, Act.DRAFT, at=at)
    if submit:
        steps.sent_for_review(session, actor, listing, at=at)
    return listing


def create_all(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    plan: Plan,
    contents: Sequence[Content],
    *,
    kind: str,
    at: datetime | None = None,
) -> list[Listing]:
    """Drafts of many contents at once. No limit counts them one by one: the caller counts.

    Raises Refused, with nothing stored, when the organisation may not post the kind.
    """
    at = moment(at)
    check_stands(session, organisation.id)
    steps.may_post(session, organisation, kind)
    wanted = {number for content in contents for number in content.tasks}
    tasks = tasks_by_ids(session, plan.id, sorted(wanted)) if wanted else ()
    listings = []
    for content in contents:
        listing = Listing(
            kind=kind,
            organisation=organisation,
            author_id=steps.user_id(actor),
            plan=plan,
            status=ListingStatus.DRAFT,
            created_at=at,
            updated_at=at,
            **filling.nothing(),
        )
        filling.write(
            session, listing, content, [task for task in tasks if task.id in content.tasks]
        )
        listings.append(listing)
    session.add_all(listings)
    session.flush()
    audit.record_all(
        session,
        [
            audit.Event(actor, "listing.create", "listing", listing.id, {"kind": kind}, at)
            for listing in listings
        ],
    )
    return listings


def create_for(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    plan: Plan,
    content: Content,
    *,
    kind: str,
    partner: Listing,
    title: str,
    at: datetime | None = None,
) -> Listing:
    """A draft for a match with the partner, which reads the platform's `title` until a review."""
    listing = create(session, actor, organisation, plan, content, kind=kind, at=at)
    listing.approved_title = title
    session.add(MadeListing(listing_id=listing.id, partner_id=partner.id))
    session.flush()
    return listing


def revise(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    content: Content,
    *,
    submit: bool = False,
    at: datetime | None = None,
) -> None:
    """Store what the author wrote; what was approved before, or is submitted, goes to curators.

    Raises Refused, with nothing stored, when it goes to review and may not.
    """
    at = moment(at)
    steps.begin(session, listing, version, "revise", at=at)
    before = rules.content_of(listing)
    if listing.standing == ListingStatus.PUBLISHED:
        raise Refused(Refusal.LISTING_MOVE_CLOSED)  # readers keep its text: see changes.submit
    status = rules.after_revision(listing.status)
    to_review = submit or status == ListingStatus.IN_REVIEW
    if to_review:
        steps.may_submit(session, listing.kind, listing.organisation, content, at=at)
    listing.annex_version += listing.annex != content.annex
    filling.write(session, listing, content)
    changed = rules.changed(before, content)
    steps.move_to(listing, ListingStatus.IN_REVIEW if to_review else status, at=at)
    steps.flush(session, listing)
    if changed or not to_review:
        audit.record(session, actor, "listing.revise", "listing", listing.id, fields=changed, at=at)
    if to_review:
        steps.sent_for_review(session, actor, listing, at=at)


def submit(
    session: Session, actor: Actor, listing: Listing, version: int, *, at: datetime | None = None
) -> None:
    """Send a draft as it is to the curators of the organisation's province."""
    at = moment(at)
    steps.begin(session, listing, version, "submit", at=at)
    if listing.working_text is not None:
        raise Refused(Refusal.LISTING_UNSAVED)
    content = rules.fitting(rules.content_of(listing))
    steps.may_submit(session, listing.kind, listing.organisation, content, at=at)
    filling.write(session, listing, content)
    steps.move_to(listing, ListingStatus.IN_REVIEW, at=at)
    steps.flush(session, listing)
    steps.sent_for_review(session, actor, listing, at=at)


def request_changes(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    note: str,
    *,
    at: datetime | None = None,
) -> None:
    """Give the listing back to its author, with words."""
    at = moment(at)
    steps.begin(session, listing, version, "request_changes", at=at)
    steps.move_to(listing, ListingStatus.CHANGES_REQUESTED, at=at)
    give_back(session, actor, listing, rules.content_of(listing), note, at=at)


def give_back(
    session: Session, actor: Actor, listing: Listing, content: Content, note: str, *, at: datetime
) -> None:
    """Write down that a curator asks for changes of a text, and tell its authors."""
    asks = ListingStatus.CHANGES_REQUESTED
    steps.note_review(session, actor, listing, asks, note, content=content, at=at)
    steps.finish(session, actor, listing, "request_changes", at=at)
    steps.tell_writers(session, listing, "listing.changes_requested", note=note, at=at)


def publish(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    note: str = "",
    *,
    at: datetime | None = None,
) -> PublishedChange | None:
    """Approve the listing: from now on it is shown, found and matched.

    Return what readers see otherwise than before, if they saw it before.
    """
    at = moment(at)
    steps.begin(session, listing, version, "publish", at=at)
    steps.has_time_left(listing.deadline, at=at)
    was_read = listing.published_at is not None
    before, after = rules.approved_content(listing), rules.content_of(listing)
    put_before_readers(session, actor, listing, note, at=at)
    if not was_read:
        return None
    bookmarks.tell_changed(session, listing, at=at)
    return steps.note_change(session, actor, listing, before, after, is_small=False, at=at)


def put_before_readers(
    session: Session, actor: Actor, listing: Listing, note: str, *, at: datetime
) -> None:
    """Write down that a curator approves the listing as it is, and show, index and match it."""
    content = rules.content_of(listing)
    steps.note_review(
        session, actor, listing, ListingStatus.PUBLISHED, note, content=content, at=at
    )
    listing.approved_title = listing.title
    listing.published_at, listing.confirmed_at = listing.published_at or at, at
    steps.move_to(listing, ListingStatus.PUBLISHED, matching=True, at=at)
    steps.finish(session, actor, listing, "publish", at=at)
    indexing.index(session, listing)
    steps.tell_writers(session, listing, "listing.published", at=at)


def pause(
    session: Session, actor: Actor, listing: Listing, version: int, *, at: datetime | None = None
) -> None:
    """Take the listing from view for a while; its author can put it back."""
    at = moment(at)
    steps.begin(session, listing, version, "pause", at=at)
    steps.withdraw(session, listing, ListingStatus.PAUSED, at=at)
    steps.finish(session, actor, listing, "pause", at=at)
    bookmarks.tell_gone(session, listing, at=at)


def resume(
    session: Session, actor: Actor, listing: Listing, version: int, *, at: datetime | None = None
) -> None:
    """Show a paused listing again, unchanged, so without a new review."""
    at = moment(at)
    steps.begin(session, listing, version, "resume", at=at)
    steps.has_time_left(listing.deadline, at=at)
    listing.confirmed_at = at
    steps.move_to(listing, ListingStatus.PUBLISHED, matching=True, at=at)
    steps.finish(session, actor, listing, "resume", at=at)
    indexing.index(session, listing)
    bookmarks.tell_changed(session, listing, at=at)


def confirm(
    session: Session, actor: Actor, listing: Listing, version: int, *, at: datetime | None = None
) -> None:
    """Say that a published listing is still open. It changes nothing else."""
    at = moment(at)
    steps.begin(session, listing, version, "confirm", at=at)
    listing.confirmed_at = at
    steps.finish(session, actor, listing, "confirm", at=at)


def renew(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    deadline: date,
    *,
    at: datetime | None = None,
) -> None:
    """Show the listing until a new deadline: again, or longer. That needs no review."""
    at = moment(at)
    steps.begin(session, listing, version, "renew", at=at)
    steps.has_time_left(deadline, at=at)
    if listing.standing == ListingStatus.PUBLISHED:
        if listing.deadline is None or deadline <= listing.deadline:
            raise Refused(Refusal.DEADLINE_NOT_LATER)
    else:
        listing.published_at = at
    listing.deadline, listing.confirmed_at = deadline, at
    steps.move_to(listing, ListingStatus.PUBLISHED, matching=True, at=at)
    steps.finish(session, actor, listing, "renew", deadline=deadline.isoformat(), at=at)
    indexing.index(session, listing)
    bookmarks.tell_changed(session, listing, at=at)


def close(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """End the listing's life. Raises Refused for a reason that does not fit its kind."""
    at = moment(at)
    steps.begin(session, listing, version, "close", at=at)
    if reason not in rules.CLOSE_REASONS[listing.kind]:
        raise Refused(Refusal.NO_CLOSE_REASON)
    listing.close_reason = reason
    was_shown = listing.status == ListingStatus.PUBLISHED
    steps.withdraw(session, listing, ListingStatus.CLOSED, at=at)
    steps.finish(session, actor, listing, "close", reason=reason, at=at)
    if was_shown:
        bookmarks.tell_gone(session, listing, at=at)
