"""A listing as its readers see it: each tier shows more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from matchmaker.engine import search
from matchmaker.listings.rules import Content, Subject, content_of
from matchmaker.organisations.names import name_in
from matchmaker.permissions import Actor

if TYPE_CHECKING:
    from matchmaker.files.models import StoredFile
    from matchmaker.listings.models import Listing
    from matchmaker.plan.models import KeyTask


TIERS = (*search.TIERS, "matched", "confidential")  # what is searched, and what opens later


def tier_of(
    actor: Actor, subject: Subject, *, matched: bool = False, accepted: bool = False
) -> str:
    """The highest tier of the listing that the actor may read.

    `matched`: the two organisations have agreed to meet over the listing. `accepted`: the actor's
    has then promised not to disclose.
    """
    if actor.organisation_id is not None and actor.organisation_id == subject.organisation_id:
        return "confidential"
    if matched:
        return "confidential" if accepted else "matched"
    return "members" if actor.is_member else "public"


@dataclass(frozen=True, slots=True)
class Owner:
    """The organisation behind a listing, as everybody may see it."""

    id: int
    name_zh: str
    name_other: str
    other_language: str
    type: str
    province: str
    city: str
    standing: str

    def name_for(self, language: str) -> str:
        """The name to show a reader of the language."""
        return name_in(self, language)[0]

    def name_language(self, language: str) -> str:
        """The language of that name."""
        return name_in(self, language)[1]


@dataclass(frozen=True, slots=True)
class MembersPart:
    description: str
    must_haves: tuple[str, ...]
    nice_to_haves: tuple[str, ...]
    budget_min: int | None
    budget_max: int | None
    fund_source: str
    talent_kind: str
    talent_number: int | None
    talent_months: int | None
    evidence: str
    references: tuple[str, ...]
    ip_status: str
    licences: tuple[str, ...]
    deployments: str
    seats: int | None
    details: dict[str, Any]
    has_annex: bool


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class ReadableListing:
    """A listing reduced to what one reader may see; a template cannot show what is not in it."""

    tier: str
    id: int
    kind: str
    resource: str
    standing: str
    close_reason: str
    owner: Owner
    language: str
    title: str
    summary: str
    sectors: tuple[str, ...]
    tasks: tuple[KeyTask, ...]
    modes: tuple[str, ...]
    goal: str
    province: str
    deadline: date | None
    trl: int | None
    trl_high: int | None
    published_at: datetime | None
    confirmed_at: datetime | None
    updated_at: datetime
    members: MembersPart | None
    contact: Contact | None
    annex: str | None
    annex_files: tuple[StoredFile, ...]


def project(listing: Listing, tier: str) -> ReadableListing:
    """The listing as a reader of the tier sees it. Raises ValueError for an unknown tier."""
    level = TIERS.index(tier)
    is_open = level >= TIERS.index("confidential")
    return ReadableListing(
        tier=tier,
        id=listing.id,
        kind=listing.kind,
        resource=listing.resource,
        standing=listing.standing,
        close_reason=listing.close_reason,
        owner=_owner(listing),
        language=listing.language,
        title=listing.title,
        summary=listing.summary,
        sectors=tuple(entry.code for entry in listing.sectors),
        tasks=tuple(listing.tasks),
        modes=tuple(entry.code for entry in listing.modes),
        goal=listing.goal,
        province=listing.province,
        deadline=listing.deadline,
        trl=listing.trl,
        trl_high=listing.trl_high,
        published_at=listing.published_at,
        confirmed_at=listing.confirmed_at,
        updated_at=listing.updated_at,
        members=_members_part(content_of(listing), listing)
        if level >= TIERS.index("members")
        else None,
        contact=_contact(listing) if level >= TIERS.index("matched") else None,
        annex=listing.annex if is_open else None,
        annex_files=tuple(listing.annex_files) if is_open else (),
    )


def project_change(listing: Listing, content: Content, tasks: Sequence[KeyTask]) -> ReadableListing:
    """Another text of a listing as members would see it; `tasks`: those of its plan."""
    chosen = tuple(task for task in tasks if task.id in content.tasks)
    names = ("resource", "language", "title", "summary", "sectors", "modes", "goal", "province")
    said = {name: getattr(content, name) for name in (*names, "deadline", "trl", "trl_high")}
    members = _members_part(content, listing)
    return replace(project(listing, "members"), **said, tasks=chosen, members=members)


def _owner(listing: Listing) -> Owner:
    organisation = listing.organisation
    return Owner(**{entry.name: getattr(organisation, entry.name) for entry in fields(Owner)})


def _members_part(content: Content, listing: Listing) -> MembersPart:
    values = {
        entry.name: getattr(content, entry.name)
        for entry in fields(MembersPart)
        if entry.name != "has_annex"
    }
    return MembersPart(**values, has_annex=bool(content.annex or listing.annex_files))


def _contact(listing: Listing) -> Contact:
    organisation = listing.organisation
    return Contact(
        organisation.contact_name, organisation.contact_email, organisation.contact_phone
    )
