"""A listing as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from matchmaker.audit import queries as audit
from matchmaker.cooperation.queries import alive_over
from matchmaker.db import day_of, db, now, today
from matchmaker.listings import changes, concepts, kept, queries, rules, tiers
from matchmaker.listings.models import Listing
from matchmaker.listings.reminding import STALE_AFTER, renewed_deadline
from matchmaker.listings.renewals import said_open_at
from matchmaker.listings.rules import Content, Correction, FieldChange, Subject, readable
from matchmaker.listings.states import ListingStatus, has_passed
from matchmaker.pages.listings.approach import step_for
from matchmaker.pages.listings.forms import CloseForm, RenewForm
from matchmaker.pages.listings.remarks import remarks, twin_remarks
from matchmaker.pages.listings.writing import unfinished
from matchmaker.pages.shared.watching import note_looks
from matchmaker.permissions import may
from matchmaker.plan.queries import tasks_of_current
from matchmaker.recommendation.twins import twins_of
from matchmaker.search.live import Searching
from matchmaker.services import services
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

HISTORY, CHANGES = 12, 5


def searching() -> Searching:
    """The search index, as this process holds it."""
    copy: Searching = services().searching
    return copy


def proposed(listing: Listing) -> date | None:
    """The new deadline that one click gives a listing that has one."""
    if listing.deadline is None:
        return None
    return renewed_deadline(listing.deadline, day_of(said_open_at(listing)), today())


@dataclass(frozen=True, slots=True)
class PastChange:
    """A change of what readers see, as far as this reader may know it."""

    id: int
    at: datetime
    is_small: bool
    is_taken_back: bool
    takes_back: bool
    reason: str  # that a curator gave the organisation
    may_take_back: bool
    fields: Sequence[FieldChange]


def _changes(subject: Subject, tier: str) -> dict[str, Any]:
    """What has changed, for its organisation, its curators, and partners of its matches."""
    actor, listing = current_actor(), subject.listing
    own = actor.organisation_id
    is_own = own == subject.organisation_id
    concerned = is_own or actor.curates(subject.province)
    if not concerned and (own is None or not alive_over(db.session(), own, listing.id)):
        return {}
    may_review = may(actor, "listing.review", subject)
    changed = [
        PastChange(
            one.id,
            one.at,
            one.is_small,
            is_taken_back=one.taken_back is not None,
            takes_back=one.takes_back is not None,
            reason=one.takes_back.reason if one.takes_back and concerned else "",
            may_take_back=one.is_small
            and may_review
            and not changes.obstacle(
                Correction(subject.organisation_id, subject.province, listing, one)
            ),
            fields=readable(one, tier),
        )
        for one in queries.changes_of(db.session(), listing.id, CHANGES)
    ]
    changed = [one for one in changed if one.fields]
    sent: Sequence[FieldChange] = ()
    if is_own and rules.change_status(listing):
        text = rules.snapshot(rules.content_of(listing))
        sent = rules.changes(text, rules.snapshot(rules.writers_content(listing)))
    named = any(one.field == "tasks" for one in (*sent, *(f for c in changed for f in c.fields)))
    tasks = tasks_of_current(db.session()) if named else ()
    return {
        "changed": changed,
        "sent": sent,
        "task_titles": {task.id: task.title for task in tasks},
    }


def show_context(
    subject: Subject,
    tier: str,
    *,
    renewing: RenewForm | None = None,
    closing: CloseForm | None = None,
) -> dict[str, Any]:
    """The values of listings/show.html for a reader of the tier."""
    actor, listing = current_actor(), subject.listing
    inside = actor.organisation_id == subject.organisation_id or actor.curates(subject.province)
    may_edit = may(actor, "listing.edit", subject)
    content = rules.content_of(listing)
    named = queries.named_concepts(db.session(), [listing.id])[listing.id]
    shown = tiers.project(listing, tier)
    note_looks(subject.organisation_id, shown, listing=listing.id)
    return {
        "subject": subject,
        "step": step_for(actor, listing) if subject.is_shown else None,
        "bookmark": kept.bookmark_of(db.session(), actor.user_id, listing.id),
        "made_for": queries.made_for(db.session(), listing.id) if inside else None,
        "concepts": concepts.tags(
            [code for code, needed in named if needed == "public" or tier != "public"],
            reader_language(),
        ),
        "listing": shown,
        "version": listing.version,
        "reviews": listing.reviews if inside else (),
        "records": audit.about(db.session(), "listing", listing.id, limit=HISTORY)
        if inside
        else (),
        "moves": {
            move for move in rules.MOVES if may_edit and rules.may_move(move, listing.standing)
        },
        "is_late": has_passed(listing.deadline, today()),
        "remarks": [*remarks(listing.kind, content), *_twins(listing, content, may_edit=may_edit)]
        if inside
        else (),
        "unfinished": unfinished(listing) if may_edit else None,
        "may_delete": may_edit and rules.may_delete(listing),
        **_changes(subject, tier),
        "is_silent": now() - said_open_at(listing) >= STALE_AFTER,
        "renewing": renewing or RenewForm(formdata=None, data={"deadline": proposed(listing)}),
        "closing": closing or CloseForm(listing.kind, formdata=None),
    }


def _twins(listing: Listing, content: Content, *, may_edit: bool) -> list[str]:
    """What other listings a text repeats, for its writers, until a curator has approved it."""
    if not may_edit or listing.status not in ListingStatus.UNPUBLISHED:
        return []
    owner = listing.organisation_id
    twins = twins_of(db.session(), owner, listing.kind, content, searching(), but=listing.id)
    return twin_remarks(twins, owner)
