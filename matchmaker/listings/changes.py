"""A change of a published listing: readers keep the old text until a curator approves the new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.listings import aid, bookmarks, filling, indexing, queries, rules, service, steps
from matchmaker.listings.corrections import is_small, why_it_stands, without_correction
from matchmaker.listings.drafts import flush
from matchmaker.listings.models import Listing, PublishedChange, TakenBack, WorkingText
from matchmaker.listings.rules import Content, Correction
from matchmaker.listings.states import ListingStatus
from matchmaker.permissions import Actor


def submit(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    content: Content,
    *,
    seen: int = 0,
    at: datetime | None = None,
) -> None:
    """Send another text of a published listing for review. `seen`: as of `drafts.keep`.

    Raises Refused when it is not published or may not be sent, Conflict when someone was quicker.
    """
    at = moment(at)
    text = _as_seen(listing, version, seen)
    if listing.standing != ListingStatus.PUBLISHED:
        raise Refused(Refusal.LISTING_MOVE_CLOSED)
    steps.may_submit(session, listing.kind, listing.organisation, content, at=at)
    if text is None:
        text = WorkingText(listing_id=listing.id)
        session.add(text)
        listing.working_text = text
    text.author_id = steps.user_id(actor)
    text.typed, text.content, text.at = {}, rules.plain(content), at
    text.status = ListingStatus.IN_REVIEW
    flush(session, listing.id)
    steps.sent_for_review(session, actor, listing, at=at)


def _as_seen(listing: Listing, version: int, seen: int) -> WorkingText | None:
    """The text that is written behind the published one. Conflict when someone was quicker."""
    text = listing.working_text
    if listing.version != version or (text.version if text else 0) != seen:
        raise Conflict("listing", listing.id)
    return text


def needs_no_review(session: Session, listing: Listing, content: Content) -> bool:
    """Whether a text of a published listing is a small correction of the one that readers see.

    A text that waits for review, or was given back, goes on its way through review. So does every
    text after a correction was taken back, until a curator approves one.
    """
    text = listing.working_text
    if listing.standing != ListingStatus.PUBLISHED or (text is not None and text.content):
        return False
    if queries.was_taken_back_since(session, listing.id, rules.approved_at(listing)):
        return False
    present = rules.content_of(listing)
    if not is_small(rules.approved_content(listing), present, content):
        return False
    said = {hint.advice for hint in aid.hints(listing.kind, present)}
    return not {hint.advice for hint in aid.hints(listing.kind, content)} - said


def correct(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    content: Content,
    *,
    seen: int = 0,
    at: datetime | None = None,
) -> None:
    """Put a small correction before readers at once; curators find it in a list.

    Raises Refused where it needs a review or may not be shown, Conflict when someone was quicker.
    """
    at = moment(at)
    text = _as_seen(listing, version, seen)
    if not needs_no_review(session, listing, content):
        raise Refused(Refusal.LISTING_MOVE_CLOSED)
    steps.may_submit(session, listing.kind, listing.organisation, content, at=at)
    before = rules.content_of(listing)
    filling.write(session, listing, content)
    listing.approved_title = listing.title
    if content.deadline != before.deadline:
        listing.confirmed_at = at
    if text is not None:
        listing.working_text = None
        session.delete(text)
    steps.note_change(session, actor, listing, before, content, is_small=True, at=at)
    steps.move_to(listing, listing.status, matching=True, at=at)
    fields = rules.changed(before, content)
    steps.finish(session, actor, listing, "correct", fields=fields, at=at)
    indexing.index(session, listing)


def obstacle(correction: Correction, *, at: datetime | None = None) -> Refusal | None:
    """Return why a correction cannot be taken back, or None where it can."""
    change, listing = correction.change, correction.listing
    return why_it_stands(
        change.before,
        change.after,
        rules.content_of(listing),
        standing=listing.standing,
        corrected_at=change.at,
        approved_at=rules.approved_at(listing),
        today=day_of(moment(at)),
        is_taken_back=change.taken_back is not None,
    )


def take_back(
    session: Session,
    actor: Actor,
    correction: Correction,
    version: int,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """Give readers the text before a small correction, and tell its writers why.

    Raises Refused where it stands, Conflict when someone was quicker.
    """
    at = moment(at)
    listing = correction.listing
    if (refusal := obstacle(correction, at=at)) is not None:
        raise Refused(refusal)
    if listing.version != version:
        raise Conflict("listing", listing.id)
    present = rules.content_of(listing)
    content = without_correction(correction.change.before, present, day_of(at))
    filling.write(session, listing, content, listing.tasks)
    listing.approved_title = listing.title
    steps.move_to(listing, listing.status, matching=True, at=at)
    steps.flush(session, listing)
    change = steps.note_change(session, actor, listing, present, content, is_small=False, at=at)
    session.add(TakenBack(correction_id=correction.change.id, change=change, reason=reason))
    flush(session, listing.id)
    fields = rules.changed(present, content)
    steps.finish(session, actor, listing, "take_back", fields=fields, at=at)
    indexing.index(session, listing)
    steps.tell_writers(session, listing, "listing.taken_back", reason=reason, at=at)


def approve(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    note: str = "",
    *,
    seen: int,
    at: datetime | None = None,
) -> PublishedChange | None:
    """Give readers the new text. What its author has typed since stays theirs to send.

    Return what readers see otherwise than before.
    """
    at = moment(at)
    text = _waiting(listing, version, seen)
    content = rules.content_from(text.content or {})
    steps.has_time_left(content.deadline, at=at)
    before = rules.content_of(listing)
    listing.annex_version += listing.annex != content.annex
    filling.write(session, listing, content)
    text.content, text.status = None, ""
    if not text.typed:
        listing.working_text = None
        session.delete(text)
    service.put_before_readers(session, actor, listing, note, at=at)
    bookmarks.tell_changed(session, listing, at=at)
    return steps.note_change(session, actor, listing, before, content, is_small=False, at=at)


def ask_again(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    note: str,
    *,
    seen: int,
    at: datetime | None = None,
) -> None:
    """Give the new text back to its author, with words; readers keep the old one."""
    at = moment(at)
    text = _waiting(listing, version, seen)
    text.status = ListingStatus.CHANGES_REQUESTED
    service.give_back(session, actor, listing, rules.content_from(text.content or {}), note, at=at)


def _waiting(listing: Listing, version: int, seen: int) -> WorkingText:
    text = listing.working_text
    if text is None or listing.version != version or text.version != seen:
        raise Conflict("listing", listing.id)
    if text.status != ListingStatus.IN_REVIEW or listing.standing != ListingStatus.PUBLISHED:
        raise Refused(Refusal.LISTING_MOVE_CLOSED)
    return text
