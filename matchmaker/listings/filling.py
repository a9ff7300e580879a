"""A listing's text, put into its rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from matchmaker.listings import rules
from matchmaker.listings.models import (
    Listing,
    ListingLicence,
    ListingMode,
    ListingReference,
    ListingSector,
    Requirement,
)
from matchmaker.listings.queries import tasks_by_ids
from matchmaker.listings.references import Reference
from matchmaker.listings.rules import Content
from matchmaker.plan.models import KeyTask


def nothing() -> dict[str, list[object] | None]:
    """The relations of a new listing, so that nothing is loaded to write them."""
    plural = ("tasks", "modes", "sectors", "licences", "requirements", "references", "annex_files")
    return {name: [] for name in plural} | {"working_text": None}


def write(
    session: Session, listing: Listing, content: Content, tasks: Sequence[KeyTask] | None = None
) -> None:
    """Move the values into the loaded listing; rows that stay the same stay."""
    for name in rules.COLUMNS:
        setattr(listing, name, getattr(content, name))
    if tasks is None:
        tasks = tasks_by_ids(session, listing.plan_id or listing.plan.id, content.tasks)
    listing.tasks = list(tasks)
    for model, name in (
        (ListingMode, "modes"),
        (ListingSector, "sectors"),
        (ListingLicence, "licences"),
    ):
        known = {entry.code: entry for entry in getattr(listing, name)}
        wanted = dict.fromkeys(getattr(content, name))
        setattr(listing, name, [known.get(code) or model(code=code) for code in wanted])
    named = [Reference.read(line) for line in content.references]
    if named != [Reference(entry.number, entry.shows) for entry in listing.references]:
        listing.references = [
            ListingReference(position=position, number=one.number, shows=one.shows)
            for position, one in enumerate(named)
        ]
    lines = [(True, text) for text in content.must_haves] + [
        (False, text) for text in content.nice_to_haves
    ]
    if lines != [(line.must, line.text) for line in listing.requirements]:
        listing.requirements = [
            Requirement(position=position, must=must, text=text)
            for position, (must, text) in enumerate(lines)
        ]
