"""A listing as its page shows it."""

from __future__ import annotations

from typing import Any

from matchmaker.audit import queries as audit
from matchmaker.db import db, today
from matchmaker.listings import concepts, queries, rules
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import Content, Subject
from matchmaker.listings.states import ListingStatus, has_passed
from matchmaker.pages.listings.approach import step_for
from matchmaker.pages.listings.forms import CloseForm, RenewForm
from matchmaker.pages.listings.remarks import remarks, twin_remarks
from matchmaker.pages.listings.writing import unfinished
from matchmaker.pages.shared.watching import note_looks
from matchmaker.permissions import may
from matchmaker.recommendation.twins import twins_of
from matchmaker.search.live import Searching
from matchmaker.services import services
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

HISTORY = 12


def searching() -> Searching:
    """The search index, as this process holds it."""
    copy: Searching = services().searching
    return copy


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
    shown = rules.project(listing, tier)
    note_looks(subject.organisation_id, shown, listing=listing.id)
    return {
        "subject": subject,
        "step": step_for(actor, listing) if subject.is_shown else None,
        "bookmark": queries.bookmark_of(db.session(), actor.user_id, listing.id),
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
        "renewing": renewing or RenewForm(formdata=None),
        "closing": closing or CloseForm(listing.kind, formdata=None),
    }


def _twins(listing: Listing, content: Content, *, may_edit: bool) -> list[str]:
    """What other listings a text repeats, for its writers, until a curator has approved it."""
    if not may_edit or listing.status not in ListingStatus.UNPUBLISHED:
        return []
    owner = listing.organisation_id
    twins = twins_of(db.session(), owner, listing.kind, content, searching(), but=listing.id)
    return twin_remarks(twins, owner)
