"""Reminders of what readers see: sent to its writers, and answered with one click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import day_of
from matchmaker.listings import bookmarks, links, reminding, service, steps
from matchmaker.listings.models import Listing, Reminder
from matchmaker.listings.reminding import LinkState, Step
from matchmaker.listings.states import ListingStatus
from matchmaker.notices.service import notify
from matchmaker.organisations.belonging import owners, writers
from matchmaker.permissions import SYSTEM, Actor


def look_after(
    session: Session, listing: Listing, reminders: Sequence[Reminder], *, at: datetime
) -> bool:
    """Send a listing's writers the reminder that is due, or pause it; return whether it was so.

    `reminders`: those that were sent about the listing.
    """
    confirmed_at = said_open_at(listing)
    if listing.deadline is not None:
        told = [one.days for one in reminders if one.deadline == listing.deadline]
        days = reminding.warning_due(listing.deadline, day_of(confirmed_at), told, day_of(at))
        if days is not None:
            people = _author_and_owners(session, listing)
            remind(session, listing, "listing.deadline_near", people, days=days, at=at)
            _record(session, listing, days, at=at)
            return True
    asked = max((one for one in reminders if one.deadline is None), key=_asked_at, default=None)
    asked_at = asked.asked_at if asked else None
    match reminding.stale_step(listing.deadline, confirmed_at, asked_at, at):
        case Step.ASK:
            _ask(session, listing, at=at)
        case Step.PAUSE if asked is not None:
            _pause(session, listing, asked, at=at)
        case _:
            return False
    return True


def remind(
    session: Session,
    listing: Listing,
    kind: str,
    people: Sequence[User],
    *,
    days: int,
    at: datetime,
) -> None:
    """Tell people of a listing's deadline, each with a link of their own that renews it."""
    reminder = _add(session, listing, listing.deadline, days, at=at)
    _tell(session, listing, reminder, kind, people, at=at)


def said_open_at(listing: Listing) -> datetime:
    """When someone last said that a published listing is still open."""
    return listing.confirmed_at or listing.updated_at


def state_of(reminder: Reminder, listing: Listing, *, at: datetime) -> LinkState:
    """What the link of a reminder is good for now."""
    return reminding.link_state(
        asked_at=reminder.asked_at,
        answered_at=reminder.answered_at,
        about=reminder.deadline,
        status=listing.standing,
        deadline=listing.deadline,
        confirmed_at=listing.confirmed_at,
        at=at,
    )


def answer(
    session: Session,
    actor: Actor,
    reminder: Reminder,
    listing: Listing,
    deadline: date | None,
    *,
    at: datetime,
) -> None:
    """Do what a reminder asked for: renew until `deadline`, confirm, or show it again."""
    reminder.answered_at, reminder.answered_by_id = at, actor.user_id
    if deadline is not None:
        service.renew(session, actor, listing, listing.version, deadline, at=at)
    elif listing.status == ListingStatus.PAUSED:
        service.resume(session, actor, listing, listing.version, at=at)
    else:
        service.confirm(session, actor, listing, listing.version, at=at)


def _ask(session: Session, listing: Listing, *, at: datetime) -> None:
    reminder = _add(session, listing, None, reminding.STALE_AFTER.days, at=at)
    people = _author_and_owners(session, listing)
    _tell(session, listing, reminder, "listing.still_open", people, at=at)
    _record(session, listing, reminder.days, at=at)


def _pause(session: Session, listing: Listing, asked: Reminder, *, at: datetime) -> None:
    """Take from view what nobody answered for. The link that asked shows it again."""
    steps.withdraw(session, listing, ListingStatus.PAUSED, at=at)
    steps.finish(session, SYSTEM, listing, "pause", at=at, days=reminding.PAUSED_AFTER.days)
    asked.asked_at = at  # the link is good from the mail that has it last
    people = writers(session, listing.organisation_id)
    _tell(session, listing, asked, "listing.unanswered", people, at=at)
    bookmarks.tell_gone(session, listing, at=at)


def _add(
    session: Session, listing: Listing, deadline: date | None, days: int, *, at: datetime
) -> Reminder:
    reminder = Reminder(listing_id=listing.id, deadline=deadline, days=days, asked_at=at)
    session.add(reminder)
    session.flush()
    return reminder


def _record(session: Session, listing: Listing, days: int, *, at: datetime) -> None:
    audit.record(session, SYSTEM, "listing.remind", "listing", listing.id, days=days, at=at)


def _tell(
    session: Session,
    listing: Listing,
    reminder: Reminder,
    kind: str,
    people: Sequence[User],
    *,
    at: datetime,
) -> None:
    said = {"title": listing.approved_title, "days": reminder.days}
    if reminder.deadline is not None:
        said["until"] = reminder.deadline.isoformat()
    for user in people:
        path, own = links.make(reminder.id, user.id), listing.organisation_id
        notify(session, [user], kind, path, concerning=own, at=at, **said)


def _author_and_owners(session: Session, listing: Listing) -> Sequence[User]:
    """Who wrote the listing, if they still write for the organisation, and who manages it."""
    managing = owners(session, listing.organisation_id)
    known = {user.id for user in managing}
    written = [
        user
        for user in writers(session, listing.organisation_id)
        if user.id == listing.author_id and user.id not in known
    ]
    return [*managing, *written]


def _asked_at(reminder: Reminder) -> datetime:
    return reminder.asked_at
