"""Decisions about listings, over plain facts: completeness, life, who may read what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from matchmaker.details import DetailKind
from matchmaker.listings.references import Reference
from matchmaker.listings.resources import TECHNOLOGY, all_details, goal_of, resource
from matchmaker.listings.states import ListingStatus

if TYPE_CHECKING:
    from matchmaker.listings.models import Listing, PublishedChange

KINDS = ("need", "capability")
TRL_BANDS: Mapping[str, tuple[int, int]] = {"1-3": (1, 3), "4-6": (4, 6), "7-9": (7, 9)}
MAX_SECTORS, MAX_TASKS, MAX_MODES, MAX_LINES = 5, 3, 6, 12

# Where each move may start. Editing is a move too: see `after_revision`.
MOVES: Mapping[str, frozenset[str]] = {
    "submit": frozenset(ListingStatus.WITH_AUTHOR),
    "request_changes": frozenset({ListingStatus.IN_REVIEW}),
    "publish": frozenset({ListingStatus.IN_REVIEW}),
    "pause": frozenset({ListingStatus.PUBLISHED}),
    "resume": frozenset({ListingStatus.PAUSED}),
    "confirm": frozenset({ListingStatus.PUBLISHED}),
    "renew": frozenset(ListingStatus.REVIEWED_ONCE),
    "close": frozenset(ListingStatus.ALIVE),
    "revise": frozenset(ListingStatus.ALIVE),
}
# Moves that put a listing before curators or readers: the organisation must be verified now, and
# may post the kind.
TOWARDS_READERS = frozenset({"submit", "publish", "resume", "renew"})

CLOSE_REASONS: Mapping[str, tuple[str, ...]] = {
    "need": ("solved_here", "solved_elsewhere", "no_longer_needed"),
    "capability": ("solved_here", "no_longer_offered"),
}
# The reason of a listing that was closed with its organisation.
WITH_ORGANISATION = "organisation_closed"


@dataclass(frozen=True, slots=True)
class Content:
    """An author's words: the value of every field of a listing's form."""

    resource: str = TECHNOLOGY
    title: str = ""
    summary: str = ""
    description: str = ""
    language: str = ""
    sectors: tuple[str, ...] = ()
    tasks: tuple[int, ...] = ()
    modes: tuple[str, ...] = ()
    goal: str = ""
    province: str = ""
    deadline: date | None = None
    trl: int | None = None
    trl_high: int | None = None
    must_haves: tuple[str, ...] = ()
    nice_to_haves: tuple[str, ...] = ()
    budget_min: int | None = None
    budget_max: int | None = None
    fund_source: str = ""
    talent_kind: str = ""
    talent_number: int | None = None
    talent_months: int | None = None
    evidence: str = ""
    references: tuple[str, ...] = ()
    ip_status: str = ""
    licences: tuple[str, ...] = ()
    deployments: str = ""
    seats: int | None = None
    details: dict[str, Any] = field(default_factory=dict)  # of its resource, and of others before
    annex: str = ""


CONTENT_FIELDS = tuple(entry.name for entry in fields(Content))
LINES = ("must_haves", "nice_to_haves", "references")
PLURAL = ("sectors", "tasks", "modes", "licences", *LINES)
COLUMNS = tuple(name for name in CONTENT_FIELDS if name not in PLURAL)


def content_of(listing: Listing) -> Content:
    """Return the content of a loaded listing."""
    return Content(
        **{name: getattr(listing, name) for name in COLUMNS},
        sectors=tuple(sorted(entry.code for entry in listing.sectors)),
        tasks=tuple(sorted(task.id for task in listing.tasks)),
        modes=tuple(sorted(entry.code for entry in listing.modes)),
        licences=tuple(sorted(entry.code for entry in listing.licences)),
        must_haves=tuple(line.text for line in listing.requirements if line.must),
        nice_to_haves=tuple(line.text for line in listing.requirements if not line.must),
        references=tuple(str(Reference(entry.number, entry.shows)) for entry in listing.references),
    )


def fitting(content: Content) -> Content:
    """The content without what its resource does not have, and with the goal that this settles."""
    form, empty = resource(content.resource), Content()
    own = {one.code: content.details.get(one.code) for one in form.details}
    changed: dict[str, Any] = {name: getattr(empty, name) for name in form.left_out}
    changed["goal"] = goal_of(content.resource, content.goal)
    changed["details"] = {code: said for code, said in own.items() if said}
    return replace(content, **changed)


def said_in_details(code: str, details: Mapping[str, Any]) -> list[str]:
    """What an author wrote into fields of a resource: texts and lines, no choices or figures."""
    found: list[str] = []
    for one in resource(code).details:
        said = details.get(one.code) or ()
        if one.kind == DetailKind.LINES:
            found += said
        elif one.kind == DetailKind.TEXT and said:
            found.append(str(said))
    return found


def missing(kind: str, content: Content) -> tuple[str, ...]:
    """The fields that still have to be filled in before a review, in the form's order."""
    if content.resource != TECHNOLOGY:
        needed = ["title", "summary", "language", "province"]
        needed += resource(content.resource).required
        said = {name: getattr(content, name, None) for name in needed} | content.details
        return tuple(name for name in needed if not said[name])
    needed = [
        "title",
        "summary",
        "description",
        "language",
        "sectors",
        "modes",
        "goal",
        "province",
    ]
    talent = content.goal in ("talent", "both")
    if kind == "need":
        needed.append("must_haves")
        if content.budget_min is not None or content.budget_max is not None:
            needed.append("fund_source")
        if talent:
            needed += ["talent_kind", "talent_number", "talent_months"]
    else:
        needed.append("evidence")
        if content.goal != "talent":
            needed += ["ip_status", "licences"]
        if talent and not content.seats:
            needed += ["talent_kind", "talent_number"]
    return tuple(name for name in needed if not getattr(content, name))


def changed(before: Content, after: Content) -> list[str]:
    """The names of the fields that differ."""
    old, new = plain(before), plain(after)
    return [name for name in CONTENT_FIELDS if old[name] != new[name]]


def snapshot(content: Content) -> dict[str, Any]:
    """Return the text that a curator decides on, as JSON, without the annex."""
    empty = plain(Content())
    return {
        name: value
        for name, value in plain(content).items()
        if name != "annex" and value != empty[name]
    }


# What everyone reads of a listing's text. The rest is for members; the annex stands in no snapshot.
PUBLIC_FIELDS = frozenset(
    {"title", "summary", "language", "sectors", "tasks", "modes", "goal", "province"}
    | {"deadline", "trl", "trl_high", "resource"}
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """Return the differences between two snapshots, in the form's order; days as dates.

    Fields of a resource stand under their own codes.
    """
    old, new = ({**said, **said.get("details", {})} for said in (before, after))
    codes = [one.code for one in all_details()]
    return [
        FieldChange(name, _day_or(name, old.get(name)), _day_or(name, new.get(name)))
        for name in (*CONTENT_FIELDS, *codes)
        if name != "details" and old.get(name) != new.get(name)
    ]


def _day_or(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "deadline" and value else value


def readable(change: PublishedChange, tier: str) -> list[FieldChange]:
    """What a reader of the tier may know of a change."""
    return [
        one
        for one in changes(change.before, change.after)
        if tier != "public" or one.field in PUBLIC_FIELDS
    ]


def plain(content: Content) -> dict[str, Any]:
    """The values as JSON has them; codes in one order, for theirs means nothing."""
    values = asdict(content)
    values["deadline"] = content.deadline.isoformat() if content.deadline else None
    for name in PLURAL:
        values[name] = list(values[name]) if name in LINES else sorted(values[name])
    return values


def content_from(values: Mapping[str, Any]) -> Content:
    """Return the content that `plain` or `snapshot` made the values of."""
    read: dict[str, Any] = {
        name: tuple(value) if name in PLURAL else value for name, value in values.items()
    }
    if read.get("deadline"):
        read["deadline"] = date.fromisoformat(read["deadline"])
    return Content(**read)


def writers_content(listing: Listing) -> Content:
    """What the writers of a loaded listing say last: what they sent to replace a published text."""
    text = listing.working_text
    return content_from(text.content) if text and text.content else content_of(listing)


def approved_content(listing: Listing) -> Content:
    """The text of a loaded listing that a curator approved last; its own where none was kept."""
    kept = (
        review.snapshot
        for review in listing.reviews
        if review.decision == ListingStatus.PUBLISHED and review.snapshot
    )
    last = next(kept, None)
    return content_of(listing) if last is None else content_from({**last, "annex": listing.annex})


def approved_at(listing: Listing) -> datetime | None:
    """When a curator approved a text of a loaded listing last."""
    days = (one.at for one in listing.reviews if one.decision == ListingStatus.PUBLISHED)
    return max(days, default=None)


def change_status(listing: Listing) -> str:
    """How a change of a published listing stands: "", in_review or changes_requested."""
    text = listing.working_text
    return text.status if text and listing.standing == ListingStatus.PUBLISHED else ""


def may_move(move: str, status: str) -> bool:
    return status in MOVES[move]


def may_delete(listing: Listing) -> bool:
    """Whether only its own organisation and curators have ever read the listing."""
    return listing.status in ListingStatus.WITH_AUTHOR and not listing.approved_title


def after_revision(status: str) -> str:
    """The status of a listing once its text was changed and saved.

    Readers see what curators have approved: a changed listing leaves the site until its next
    review.
    One that waits for review goes back to its author, so that no curator reviews a text that moves.
    """
    if status in ListingStatus.REVIEWED_ONCE:
        return ListingStatus.IN_REVIEW
    return ListingStatus.DRAFT if status == ListingStatus.IN_REVIEW else status


def trl_band(trl: int | None) -> str:
    """The band of a technology readiness level, or nothing."""
    return next(
        (band for band, (low, high) in TRL_BANDS.items() if trl is not None and low <= trl <= high),
        "",
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """A listing as the permission table reads it.

    `province` is the organisation's: its curators are in charge. The work is in `Listing.province`.
    """

    organisation_id: int
    province: str
    status: str
    is_shown: bool
    listing: Listing = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Correction:
    """A small correction of a published text, as the permission table reads it."""

    organisation_id: int
    province: str
    listing: Listing = field(compare=False, repr=False)
    change: PublishedChange = field(compare=False, repr=False)


def subject_of(listing: Listing) -> Subject:
    """The subject of a listing whose organisation is loaded."""
    province = listing.organisation.province
    return Subject(listing.organisation_id, province, listing.standing, listing.is_shown, listing)


def correction_of(change: PublishedChange) -> Correction:
    """The subject of a correction whose listing and organisation are loaded."""
    listing = change.listing
    return Correction(listing.organisation_id, listing.organisation.province, listing, change)
