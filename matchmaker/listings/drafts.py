"""Texts that are still being written: kept as typed, copied, and thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete as delete_from
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.listings import rules, service, steps
from matchmaker.listings.models import (
    AnnexFile,
    Listing,
    ListingLicence,
    ListingMode,
    ListingReference,
    ListingSector,
    ListingTask,
    Requirement,
    Review,
    WorkingText,
)
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.plan.models import Plan

# What belongs to a draft and goes with it.
HANGING = (
    AnnexFile,
    ListingLicence,
    ListingMode,
    ListingReference,
    ListingSector,
    ListingTask,
    Requirement,
    Review,
    WorkingText,
)
UNSEEN_BY_SESSION = {"synchronize_session": False}

Typed = Mapping[str, Sequence[str]]  # field of the form → its texts, as they were sent


def keep(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    typed: Typed,
    *,
    seen: int = 0,
    at: datetime | None = None,
) -> WorkingText | None:
    """Keep what was typed beside the listing, which stays as it is; nothing typed keeps nothing.

    `seen`: the version of the working text that the form was made from, 0 for none. The first text
    after a save is audited; the next ones, every few seconds, are the same writing.

    Raises Conflict when somebody else has changed the listing or the working text since.
    """
    at = moment(at)
    if listing.version != version:
        raise Conflict("listing", listing.id)
    if not rules.may_move("revise", listing.standing):
        raise Refused(Refusal.LISTING_MOVE_CLOSED)
    text = listing.working_text
    if (text.version if text else 0) != seen:
        raise Conflict("listing", listing.id)
    if not typed and (text is None or text.content is None):
        if text is not None:
            listing.working_text = None
            session.delete(text)
            flush(session, listing.id)
        return None
    if text is None:
        text = WorkingText(listing_id=listing.id)
        session.add(text)
        listing.working_text = text
    text.author_id = steps.user_id(actor)
    is_first = not text.typed
    text.typed = {name: list(texts) for name, texts in typed.items()}
    text.at = at
    flush(session, listing.id)
    if is_first:
        audit.record(session, actor, "listing.write", "listing", listing.id, at=at)
    return text


def copy(
    session: Session,
    actor: Actor,
    listing: Listing,
    organisation: Organisation,
    plan: Plan,
    *,
    at: datetime | None = None,
) -> Listing:
    """Return a new draft that says what the listing says, but for its deadline."""
    content = replace(rules.content_of(listing), deadline=None)
    made = service.create(session, actor, organisation, plan, content, kind=listing.kind, at=at)
    if listing.working_text is not None:
        typed = {
            name: texts for name, texts in listing.working_text.typed.items() if name != "deadline"
        }
        keep(session, actor, made, made.version, typed, at=at)
    return made


def delete(
    session: Session, actor: Actor, listing: Listing, version: int, *, at: datetime | None = None
) -> None:
    """Delete a draft that no reader and no partner has ever seen.

    Raises Refused for any other listing, Conflict when somebody was quicker.
    """
    at = moment(at)
    if listing.version != version:
        raise Conflict("listing", listing.id)
    if not rules.may_delete(listing):
        raise Refused(Refusal.LISTING_KEPT)
    listing_id, title = listing.id, listing.title
    session.execute(delete_from(Review).where(Review.listing_id == listing_id))
    listing.tasks = []
    if listing.working_text is not None:
        session.delete(listing.working_text)
    session.delete(listing)
    flush(session, listing_id)
    audit.record(session, actor, "listing.delete", "listing", listing_id, title=title, at=at)


def discard(
    session: Session, actor: Actor, listings: Sequence[Listing], *, at: datetime | None = None
) -> None:
    """Delete many drafts at once. Raises Refused, with nothing done, as `delete` does."""
    at = moment(at)
    if not all(rules.may_delete(one) for one in listings):
        raise Refused(Refusal.LISTING_KEPT)
    titles = {listing.id: listing.title for listing in listings}
    for listing in listings:
        session.expunge(listing)
    for table in HANGING:
        session.execute(
            delete_from(table).where(table.listing_id.in_(titles)),
            execution_options=UNSEEN_BY_SESSION,
        )
    session.execute(
        delete_from(Listing).where(Listing.id.in_(titles)), execution_options=UNSEEN_BY_SESSION
    )
    audit.record_all(
        session,
        [
            audit.Event(actor, "listing.delete", "listing", number, {"title": title}, at)
            for number, title in titles.items()
        ],
    )


def flush(session: Session, listing_id: int) -> None:
    """Write now, to know whether somebody else was quicker."""
    try:
        session.flush()
    except (StaleDataError, IntegrityError) as error:
        raise Conflict("listing", listing_id) from error
