"""Every move of a listing's life: one function, one audit record, a conflict for the second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.accounts.queries import curators_of
from matchmaker.audit import service as audit
from matchmaker.db import chunks, day_of, moment
from matchmaker.engine import search, spread
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings import bookmarks, concepts, marks, rules
from matchmaker.listings.models import (
    Listing,
    ListingConcept,
    ListingLicence,
    ListingMode,
    ListingSector,
    MadeListing,
    Requirement,
    Review,
    SearchRow,
)
from matchmaker.listings.queries import (
    alive_whole,
    published_by_ids,
    published_whole,
    shown_for_index,
    tasks_by_ids,
)
from matchmaker.listings.rules import Content
from matchmaker.listings.states import ListingStatus, has_passed, standing
from matchmaker.notices.service import notify
from matchmaker.organisations import rules as organisations
from matchmaker.organisations import states as organisation_states
from matchmaker.organisations.belonging import writers
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import check_stands, current_sides
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import SYSTEM, Actor
from matchmaker.plan.models import KeyTask, Plan

# How much a term counts for, by the field it is in.
TITLE, SUMMARY, OWNER, DESCRIPTION, REQUIREMENTS, EVIDENCE = 3.0, 1.5, 0.5, 1.0, 1.5, 0.7


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
    _may_post(session, organisation, kind)
    if submit:
        may_submit(session, kind, organisation, content, at=at)
    listing = Listing(
        kind=kind,
        form_key=key,
        organisation=organisation,
        author_id=user_id(actor),
        plan=plan,
        status=ListingStatus.IN_REVIEW if submit else ListingStatus.DRAFT,
        created_at=at,
        updated_at=at,
        **_empty(),
    )
    write(session, listing, content)
    session.add(listing)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("listing", 0) from error
    audit.record(session, actor, "listing.create", "listing", listing.id, kind=kind, at=at)
    limits.count(session, actor, Act.DRAFT, at=at)
    if submit:
        sent_for_review(session, actor, listing, at=at)
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
    _may_post(session, organisation, kind)
    wanted = {number for content in contents for number in content.tasks}
    tasks = tasks_by_ids(session, plan.id, sorted(wanted)) if wanted else ()
    listings = []
    for content in contents:
        listing = Listing(
            kind=kind,
            organisation=organisation,
            author_id=user_id(actor),
            plan=plan,
            status=ListingStatus.DRAFT,
            created_at=at,
            updated_at=at,
            **_empty(),
        )
        write(session, listing, content, [task for task in tasks if task.id in content.tasks])
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
    _begin(session, listing, version, "revise", at=at)
    before = rules.content_of(listing)
    if listing.standing == ListingStatus.PUBLISHED:
        raise Refused(Refusal.LISTING_MOVE_CLOSED)  # readers keep its text: see changes.submit
    status = rules.after_revision(listing.status)
    to_review = submit or status == ListingStatus.IN_REVIEW
    if to_review:
        may_submit(session, listing.kind, listing.organisation, content, at=at)
    listing.annex_version += listing.annex != content.annex
    write(session, listing, content)
    changed = rules.changed(before, content)
    _set(listing, ListingStatus.IN_REVIEW if to_review else status, at=at)
    _flush(session, listing)
    if changed or not to_review:
        audit.record(session, actor, "listing.revise", "listing", listing.id, fields=changed, at=at)
    if to_review:
        sent_for_review(session, actor, listing, at=at)


def submit(
    session: Session, actor: Actor, listing: Listing, version: int, *, at: datetime | None = None
) -> None:
    """Send a draft as it is to the curators of the organisation's province."""
    at = moment(at)
    _begin(session, listing, version, "submit", at=at)
    if listing.working_text is not None:
        raise Refused(Refusal.LISTING_UNSAVED)
    may_submit(session, listing.kind, listing.organisation, rules.content_of(listing), at=at)
    _set(listing, ListingStatus.IN_REVIEW, at=at)
    _flush(session, listing)
    sent_for_review(session, actor, listing, at=at)


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
    _begin(session, listing, version, "request_changes", at=at)
    _set(listing, ListingStatus.CHANGES_REQUESTED, at=at)
    give_back(session, actor, listing, rules.content_of(listing), note, at=at)


def give_back(
    session: Session, actor: Actor, listing: Listing, content: Content, note: str, *, at: datetime
) -> None:
    """Write down that a curator asks for changes of a text, and tell its authors."""
    asks = ListingStatus.CHANGES_REQUESTED
    _review(session, actor, listing, asks, note, content=content, at=at)
    _finish(session, actor, listing, "request_changes", at=at)
    _tell_authors(session, listing, "listing.changes_requested", note=note, at=at)


def publish(
    session: Session,
    actor: Actor,
    listing: Listing,
    version: int,
    note: str = "",
    *,
    at: datetime | None = None,
) -> None:
    """Approve the listing: from now on it is shown, found and matched."""
    at = moment(at)
    _begin(session, listing, version, "publish", at=at)
    has_time_left(listing.deadline, at=at)
    was_read = listing.published_at is not None
    put_before_readers(session, actor, listing, note, at=at)
    if was_read:
        bookmarks.tell_changed(session, listing, at=at)


def put_before_readers(
    session: Session, actor: Actor, listing: Listing, note: str, *, at: datetime
) -> None:
    """Write down that a curator approves the listing as it is, and show, index and match it."""
    content = rules.content_of(listing)
    _review(session, actor, listing, ListingStatus.PUBLISHED, note, content=content, at=at)
    listing.approved_title = listing.title
    listing.published_at = listing.published_at or at
    _set(listing, ListingStatus.PUBLISHED, matching=True, at=at)
    _finish(session, actor, listing, "publish", at=at)
    index(session, listing)
    _tell_authors(session, listing, "listing.published", at=at)


def pause(
    session: Session, actor: Actor, listing: Listing, version: int, *, at: datetime | None = None
) -> None:
    """Take the listing from view for a while; its author can put it back."""
    at = moment(at)
    _begin(session, listing, version, "pause", at=at)
    _withdraw(session, listing, ListingStatus.PAUSED, at=at)
    _finish(session, actor, listing, "pause", at=at)
    bookmarks.tell_gone(session, listing, at=at)


def resume(
    session: Session, actor: Actor, listing: Listing, version: int, *, at: datetime | None = None
) -> None:
    """Show a paused listing again, unchanged, so without a new review."""
    at = moment(at)
    _begin(session, listing, version, "resume", at=at)
    has_time_left(listing.deadline, at=at)
    _set(listing, ListingStatus.PUBLISHED, matching=True, at=at)
    _finish(session, actor, listing, "resume", at=at)
    index(session, listing)
    bookmarks.tell_changed(session, listing, at=at)


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
    _begin(session, listing, version, "renew", at=at)
    has_time_left(deadline, at=at)
    if listing.standing == ListingStatus.PUBLISHED:
        if listing.deadline is None or deadline <= listing.deadline:
            raise Refused(Refusal.DEADLINE_NOT_LATER)
    else:
        listing.published_at = at
    listing.deadline = deadline
    _set(listing, ListingStatus.PUBLISHED, matching=True, at=at)
    _finish(session, actor, listing, "renew", deadline=deadline.isoformat(), at=at)
    index(session, listing)
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
    _begin(session, listing, version, "close", at=at)
    if reason not in rules.CLOSE_REASONS[listing.kind]:
        raise Refused(Refusal.NO_CLOSE_REASON)
    listing.close_reason = reason
    was_shown = listing.status == ListingStatus.PUBLISHED
    _withdraw(session, listing, ListingStatus.CLOSED, at=at)
    _finish(session, actor, listing, "close", reason=reason, at=at)
    if was_shown:
        bookmarks.tell_gone(session, listing, at=at)


def expire(
    session: Session, actor: Actor, listings: Iterable[Listing], *, at: datetime | None = None
) -> None:
    """Take down listings whose last day is over, and tell their authors."""
    at = moment(at)
    listings = list(listings)
    for listing in listings:
        _withdraw(session, listing, ListingStatus.EXPIRED, at=at)
    session.flush()  # rows before the audit chain: two such transactions cannot block each other
    for listing in listings:
        audit.record(session, actor, "listing.expire", "listing", listing.id, at=at)
        _tell_authors(session, listing, "listing.expired", at=at)
        bookmarks.tell_gone(session, listing, at=at)


def follow_identity(
    session: Session, actor: Actor, organisation: Organisation, *, at: datetime | None = None
) -> None:
    """Bring what an organisation has published in line with its new identity.

    It is found by the new name. What the new identity may not post is paused.
    """
    at = moment(at)
    sides = current_sides(session)
    kept = []
    for listing in published_whole(session, organisation.id):
        if organisations.may_post_now(organisation, listing.kind, sides):
            _set(listing, listing.status, matching=True, at=at)
            kept.append(listing)
        else:
            _withdraw(session, listing, ListingStatus.PAUSED, at=at)
            _finish(session, actor, listing, "pause", at=at)
            _tell_authors(session, listing, "listing.right_ended", at=at)
            bookmarks.tell_gone(session, listing, at=at)
    index_all(session, kept)


def follow_owner(session: Session, ids: Sequence[int]) -> None:
    """Have those listings that are published found by their new owner's name, and matched again."""
    for some in chunks(ids):
        found = published_by_ids(session, some)
        for listing in found:
            listing.matching_due = True
        index_all(session, found)


def follow_closing(
    session: Session, actor: Actor, organisation: Organisation, *, at: datetime | None = None
) -> None:
    """Close what an organisation that closes has written, drafts too."""
    at = moment(at)
    reason = rules.WITH_ORGANISATION
    for listing in alive_whole(session, organisation.id):
        listing.close_reason = reason
        _withdraw(session, listing, ListingStatus.CLOSED, at=at)
        _finish(session, actor, listing, "close", reason=reason, at=at)


def index(session: Session, listing: Listing) -> None:
    """Write the search row and the concepts of a published listing with its relations loaded.

    Processes that hold the search index hear of it by the audit record of the move that publishes.
    """
    index_all(session, [listing])


def index_all(session: Session, listings: Sequence[Listing], n_jobs: int = 1) -> None:
    """As `index`, for some listings at once; `n_jobs` processes read them."""
    session.flush()
    _take_from_index(session, [listing.id for listing in listings])
    found = list(spread(_read, listings, n_jobs))
    if found:
        session.execute(insert(SearchRow), [row for row, _ in found])
    about = [named for _, all_named in found for named in all_named]
    if about:
        session.execute(insert(ListingConcept), about)


def _read(listing: Listing) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return the terms and the concepts of a listing, as rows."""
    content, owner = rules.content_of(listing), listing.organisation
    said = [(content.title, TITLE), (content.summary, SUMMARY)]
    public = [*said, (owner.name_zh, OWNER), (owner.name_other, OWNER)]
    members = [
        (content.description, DESCRIPTION),
        (content.evidence, EVIDENCE),
        (content.deployments, EVIDENCE),
    ]
    members += [(line, REQUIREMENTS) for line in (*content.must_haves, *content.nice_to_haves)]
    for_all, for_members = search.search_row(
        public, members, listing.language, marks.marks_of(listing)
    )
    named = concepts.concepts_of(said, members, listing.language, listing.kind)
    return (
        {"listing_id": listing.id, "public": for_all, "members": for_members},
        [
            {"listing_id": listing.id, "code": one.code, "tier": one.tier, "weight": one.weight}
            for one in named
        ],
    )


def reindex(session: Session, *, at: datetime | None = None) -> int:
    """Write all search rows again, as after a change of the analysis; return how many."""
    at = moment(at)
    listings = shown_for_index(session)
    session.execute(delete(SearchRow))
    session.execute(delete(ListingConcept))
    for listing in listings:
        index(session, listing)
    audit.record(session, SYSTEM, "listing.reindex", "listing", None, listings=len(listings), at=at)
    return len(listings)


def _take_from_index(session: Session, listing_ids: Sequence[int]) -> None:
    for table in (SearchRow, ListingConcept):
        of_these = delete(table).where(table.listing_id.in_(listing_ids))
        session.execute(of_these.execution_options(synchronize_session=False))


def _withdraw(session: Session, listing: Listing, status: str, *, at: datetime) -> None:
    was_public = listing.status == ListingStatus.PUBLISHED
    _set(listing, status, matching=was_public, at=at)
    if was_public:
        _take_from_index(session, [listing.id])


def _begin(session: Session, listing: Listing, version: int, move: str, *, at: datetime) -> None:
    """Check that the move may start: nobody acted since the page was shown, and it is open."""
    if listing.version != version:
        raise Conflict("listing", listing.id)
    if not rules.may_move(move, standing(listing.status, listing.deadline, day_of(at))):
        raise Refused(Refusal.LISTING_MOVE_CLOSED)
    if move in rules.TOWARDS_READERS:
        _is_verified(listing.organisation, at=at)
        _may_post(session, listing.organisation, listing.kind)


def _is_verified(organisation: Organisation, *, at: datetime) -> None:
    standing = organisation_states.standing(
        organisation.status, organisation.verified_until, day_of(at)
    )
    if standing != OrganisationStatus.VERIFIED:
        raise Refused(Refusal.ORGANISATION_UNVERIFIED)


def _set(listing: Listing, status: str, *, matching: bool = False, at: datetime) -> None:
    listing.status = status
    listing.updated_at = at
    listing.matching_due = listing.matching_due or matching


def _finish(
    session: Session, actor: Actor, listing: Listing, verb: str, *, at: datetime, **detail: object
) -> None:
    _flush(session, listing)
    audit.record(session, actor, f"listing.{verb}", "listing", listing.id, **detail, at=at)


def _flush(session: Session, listing: Listing) -> None:
    """Write now: if another transaction was quicker, the version is no longer ours."""
    listing_id = listing.id
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("listing", listing_id) from error


def _may_post(session: Session, organisation: Organisation, kind: str) -> None:
    """The organisation may post the kind or may not, no matter who acts for it."""
    if not organisations.may_post_now(organisation, kind, current_sides(session)):
        raise Refused(Refusal.KIND_NOT_OPEN)


def may_submit(
    session: Session, kind: str, organisation: Organisation, content: Content, *, at: datetime
) -> None:
    _may_post(session, organisation, kind)
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


def _tell_authors(
    session: Session, listing: Listing, kind: str, *, at: datetime, **params: str
) -> None:
    users = writers(session, listing.organisation_id)
    notify(session, users, kind, f"/listings/{listing.id}", title=listing.title, **params, at=at)


def _review(
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


def user_id(actor: Actor) -> int:
    """The number of a signed-in person, who alone can write or review a listing."""
    if actor.user_id is None:
        raise ValueError("only a signed-in person can write or review a listing")
    return actor.user_id


def _empty() -> dict[str, list[object] | None]:
    """The relations of a new listing, so that nothing is loaded to write them."""
    plural = ("tasks", "modes", "sectors", "licences", "requirements", "annex_files")
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
    lines = [(True, text) for text in content.must_haves] + [
        (False, text) for text in content.nice_to_haves
    ]
    if lines != [(line.must, line.text) for line in listing.requirements]:
        listing.requirements = [
            Requirement(position=position, must=must, text=text)
            for position, (must, text) in enumerate(lines)
        ]
