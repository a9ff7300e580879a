from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.orm.strategy_options import _AbstractLoad

from matchmaker.listings.models import (
    AnnexFile,
    Listing,
    ListingConcept,
    ListingReference,
    MadeListing,
    PublishedChange,
    Reminder,
    Review,
    TakenBack,
    WorkingText,
)
from matchmaker.listings.rules import Correction, Subject, correction_of, subject_of
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.plan.models import Initiative, KeyTask, Plan

# What a list shows of a listing: the rest is not even read.
PUBLIC_COLUMNS = (
    Listing.kind,
    Listing.resource,
    Listing.organisation_id,
    Listing.status,
    Listing.close_reason,
    Listing.language,
    Listing.title,
    Listing.approved_title,
    Listing.summary,
    Listing.goal,
    Listing.province,
    Listing.deadline,
    Listing.trl,
    Listing.trl_high,
    Listing.updated_at,
    Listing.published_at,
    Listing.confirmed_at,
    Listing.version,
)
OWNER_COLUMNS = (
    Organisation.name_zh,
    Organisation.name_other,
    Organisation.other_language,
    Organisation.type,
    Organisation.province,
    Organisation.city,
    Organisation.status,
    Organisation.verified_until,
)


def subject(session: Session, listing_id: int) -> Subject | None:
    """One listing with everything a page or a move needs, as the permission table reads it."""
    listing = session.scalar(
        select(Listing)
        .where(Listing.id == listing_id)
        .options(
            joinedload(Listing.organisation),
            joinedload(Listing.author),
            *_text_and_reviews(),
            selectinload(Listing.annex_files),
            joinedload(Listing.working_text),
        )
    )
    return subject_of(listing) if listing is not None else None


def _text_and_reviews() -> tuple[_AbstractLoad, ...]:
    """Everything that a listing says, and what curators said of it."""
    return (
        selectinload(Listing.tasks).load_only(KeyTask.code, KeyTask.title, KeyTask.initiative_id),
        selectinload(Listing.modes),
        selectinload(Listing.sectors),
        selectinload(Listing.licences),
        selectinload(Listing.requirements),
        selectinload(Listing.references),
        selectinload(Listing.reviews).joinedload(Review.curator),
    )


def subjects_of_files(session: Session, file_ids: Collection[int]) -> Mapping[int, Subject]:
    """File → the listing in whose annex it is, with its organisation."""
    found = session.execute(
        select(AnnexFile.file_id, Listing)
        .join(Listing, Listing.id == AnnexFile.listing_id)
        .where(AnnexFile.file_id.in_(file_ids))
        .options(joinedload(Listing.organisation))
    )
    return {file_id: subject_of(listing) for file_id, listing in found.tuples()}


def whole() -> tuple[_AbstractLoad, ...]:
    """Load a listing's organisation and all that it says, for pages that show a pair."""
    return (
        joinedload(Listing.organisation),
        selectinload(Listing.tasks),
        selectinload(Listing.modes),
        selectinload(Listing.sectors),
        selectinload(Listing.licences),
        selectinload(Listing.requirements),
        selectinload(Listing.references),
        selectinload(Listing.annex_files),
    )


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The listings of the organisations that the actor curates."""
    if "national_curator" in actor.roles:
        return true()
    if "provincial_curator" in actor.roles:
        return Listing.organisation_id.in_(
            select(Organisation.id).where(Organisation.province.in_(sorted(actor.provinces)))
        )
    return false()


def for_lists() -> tuple[ORMOption, ...]:
    """Load the columns of a list of listings, for queries that join Listing.organisation."""
    return (*for_titles(), selectinload(Listing.sectors))


def for_titles() -> tuple[ORMOption, ...]:
    """A title and whose it is, for queries that join Listing.organisation."""
    return (
        load_only(*PUBLIC_COLUMNS, raiseload=True),
        contains_eager(Listing.organisation).load_only(*OWNER_COLUMNS, raiseload=True),
    )


def published_of(organisation_id: int) -> Select[tuple[Listing]]:
    """Select the listings that an organisation shows to everybody, newest first."""
    return (
        select(Listing)
        .join(Listing.organisation)
        .where(Listing.is_shown, Listing.organisation_id == organisation_id)
        .options(*for_lists())
        .order_by(Listing.published_at.desc(), Listing.id.desc())
    )


def newest_of(session: Session, organisation_id: int, most: int) -> Sequence[Listing]:
    """The newest published listings of an organisation."""
    return session.scalars(published_of(organisation_id).limit(most)).all()


def titles_of(session: Session, ids: Collection[int]) -> Sequence[Listing]:
    """Listings with their titles and organisations; rights are not looked at."""
    query = select(Listing).join(Listing.organisation).where(Listing.id.in_(ids))
    return session.scalars(query.options(*for_titles()).order_by(Listing.id)).all() if ids else ()


def shown_by_ids(session: Session, ids: Sequence[int]) -> Mapping[int, Listing]:
    """Return number → listing with its title and organisation, of those that everybody may see."""
    query = (
        select(Listing)
        .join(Listing.organisation)
        .where(Listing.is_shown, Listing.id.in_(ids))
        .options(*for_titles())
    )
    return {listing.id: listing for listing in session.scalars(query)} if ids else {}


def is_made_for(session: Session, listing_id: int, partner_id: int) -> bool:
    """Return whether the listing was drafted to approach the partner."""
    made = session.get(MadeListing, listing_id)
    return made is not None and made.partner_id == partner_id


def made_for(session: Session, listing_id: int) -> Listing | None:
    """Return the listing that this one was drafted to approach."""
    query = select(Listing).join(MadeListing, MadeListing.partner_id == Listing.id)
    return session.scalar(query.where(MadeListing.listing_id == listing_id))


def shown_of_kind(
    session: Session, organisation_id: int, kind: str, most: int
) -> Sequence[Listing]:
    """The newest that an organisation shows of one kind, with all that they say."""
    return session.scalars(
        select(Listing)
        .where(Listing.is_shown, Listing.kind == kind, Listing.organisation_id == organisation_id)
        .options(*whole())
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(most)
    ).all()


def naming(
    session: Session, numbers: Collection[str], *, but: int, province: str = ""
) -> Sequence[tuple[str, Listing]]:
    """Return (number, listing) of what organisations but one name and everybody sees.

    With a province, what waits for its curators too.
    """
    waits = and_(Listing.status == ListingStatus.IN_REVIEW, Organisation.province == province)
    query = (
        select(ListingReference.number, Listing)
        .join(Listing, Listing.id == ListingReference.listing_id)
        .join(Listing.organisation)
        .where(ListingReference.number.in_(numbers), Listing.organisation_id != but)
        .where(or_(Listing.is_shown, waits))
        .options(*for_titles())
        .order_by(Listing.id, ListingReference.position)
    )
    return session.execute(query).tuples().all() if numbers else ()


def of_others(session: Session, ids: Collection[int], organisation_id: int) -> Set[int]:
    """Return the numbers of listings that are shown and belong to other organisations."""
    query = select(Listing.id).where(
        Listing.is_shown, Listing.id.in_(ids), Listing.organisation_id != organisation_id
    )
    return set(session.scalars(query)) if ids else set()


def _has_change() -> ColumnElement[bool]:
    """A published listing whose author sent another text, which waits for review."""
    waits = WorkingText.status == ListingStatus.IN_REVIEW
    return and_(Listing.standing == ListingStatus.PUBLISHED, func.coalesce(waits, false()))


def select_awaiting_review(actor: Actor) -> Select[tuple[Listing]]:
    """Select the listings that wait for the actor as a curator, the longest wait first.

    Never those of the actor's own organisation.
    """
    query = (
        select(Listing)
        .join(Listing.organisation)
        .outerjoin(Listing.working_text)
        .where(or_(Listing.status == ListingStatus.IN_REVIEW, _has_change()), in_scope(actor))
        .options(*for_lists())
        .order_by(case((_has_change(), WorkingText.at), else_=Listing.updated_at), Listing.id)
    )
    return (
        query
        if actor.organisation_id is None
        else query.where(Listing.organisation_id != actor.organisation_id)
    )


def changes_of(session: Session, listing_id: int, most: int) -> Sequence[PublishedChange]:
    """Return the last changes of what readers see of a listing, the newest first."""
    return session.scalars(
        select(PublishedChange)
        .where(PublishedChange.listing_id == listing_id)
        .options(joinedload(PublishedChange.taken_back), joinedload(PublishedChange.takes_back))
        .order_by(PublishedChange.id.desc())
        .limit(most)
    ).all()


def small_corrections(actor: Actor) -> Select[tuple[PublishedChange]]:
    """Select what writers changed without a review in the actor's provinces, the newest first."""
    return (
        select(PublishedChange)
        .join(PublishedChange.listing)
        .join(Listing.organisation)
        .where(PublishedChange.is_small, in_scope(actor))
        .options(
            contains_eager(PublishedChange.listing).options(
                contains_eager(Listing.organisation).load_only(*OWNER_COLUMNS, raiseload=True),
                *_text_and_reviews(),
            ),
            joinedload(PublishedChange.user),
            _how_taken_back(),
        )
        .order_by(PublishedChange.id.desc())
    )


def correction(session: Session, change_id: int) -> Correction | None:
    """One small correction, with everything that taking it back needs."""
    change = session.scalar(
        select(PublishedChange)
        .where(PublishedChange.id == change_id, PublishedChange.is_small)
        .options(
            joinedload(PublishedChange.listing).options(
                joinedload(Listing.organisation), *_text_and_reviews()
            ),
            joinedload(PublishedChange.user),
            _how_taken_back(),
        )
    )
    return correction_of(change) if change is not None else None


def _how_taken_back() -> _AbstractLoad:
    return joinedload(PublishedChange.taken_back).options(
        joinedload(TakenBack.change).joinedload(PublishedChange.user)
    )


def was_taken_back_since(session: Session, listing_id: int, since: datetime | None) -> bool:
    """Return whether a curator has taken back a correction of the listing since then."""
    query = select(TakenBack.correction_id).join(TakenBack.change)
    query = query.where(PublishedChange.listing_id == listing_id)
    if since is not None:
        query = query.where(PublishedChange.at > since)
    return session.scalar(query.limit(1)) is not None


def named_concepts(
    session: Session, listing_ids: Collection[int]
) -> Mapping[int, Sequence[tuple[str, str]]]:
    """Return listing → (concept, tier that a reader needs), the weightiest first."""
    named: dict[int, list[tuple[str, str]]] = {listing_id: [] for listing_id in listing_ids}
    if not named:
        return named
    rows = session.execute(
        select(ListingConcept.listing_id, ListingConcept.code, ListingConcept.tier)
        .join(Listing, Listing.id == ListingConcept.listing_id)
        .where(ListingConcept.listing_id.in_(listing_ids), Listing.is_shown)
        .order_by(ListingConcept.listing_id, ListingConcept.weight.desc(), ListingConcept.code)
    )
    for listing_id, code, tier in rows:
        named[listing_id].append((code, tier))
    return named


def past_deadline(session: Session, today: date, limit: int) -> Sequence[Listing]:
    """Return published listings past their last day, locked until the caller commits."""
    return session.scalars(
        select(Listing)
        .join(Listing.organisation)
        .where(Listing.status == ListingStatus.PUBLISHED, Listing.deadline < today)
        .options(contains_eager(Listing.organisation))
        .order_by(Listing.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Listing)
    ).all()


def to_remind(session: Session, today: date, near: date, silent: datetime) -> Sequence[int]:
    """Return the listings that end by a day or that nobody has spoken of since a moment."""
    ends = and_(Listing.deadline >= today, Listing.deadline <= near)
    said = func.coalesce(Listing.confirmed_at, Listing.updated_at)
    query = select(Listing.id).where(Listing.is_shown, or_(ends, said <= silent))
    return session.scalars(query.order_by(Listing.id)).all()


def locked(session: Session, listing_id: int) -> Listing | None:
    """Return a listing with its organisation, locked until the caller commits."""
    return session.scalar(
        select(Listing)
        .join(Listing.organisation)
        .where(Listing.id == listing_id)
        .options(contains_eager(Listing.organisation))
        .with_for_update(of=Listing)
        .execution_options(populate_existing=True)
    )


def reminders_of(session: Session, listing_id: int) -> Sequence[Reminder]:
    """Return the reminders that were sent about a listing."""
    return session.scalars(
        select(Reminder).where(Reminder.listing_id == listing_id).order_by(Reminder.id)
    ).all()


def reminder(session: Session, reminder_id: int, *, lock: bool = False) -> Reminder | None:
    """Return a reminder; locked, only one of two answers at a time reads it."""
    query = select(Reminder).where(Reminder.id == reminder_id)
    return session.scalar(query.with_for_update() if lock else query)


def shown_for_index(session: Session) -> Sequence[Listing]:
    """Every published listing with what the search index is made of."""
    return session.scalars(
        select(Listing)
        .where(Listing.status == ListingStatus.PUBLISHED)
        .options(*whole())
        .order_by(Listing.id)
    ).all()


def published_by_ids(session: Session, ids: Sequence[int]) -> Sequence[Listing]:
    """Those that are published, with all that they say, as they are now."""
    return session.scalars(
        select(Listing)
        .where(Listing.status == ListingStatus.PUBLISHED, Listing.id.in_(ids))
        .options(*whole())
        .order_by(Listing.id)
        .execution_options(populate_existing=True)
    ).all()


def published_whole(session: Session, organisation_id: int) -> Sequence[Listing]:
    """What an organisation has published, with all that it says."""
    return session.scalars(
        select(Listing)
        .where(
            Listing.status == ListingStatus.PUBLISHED, Listing.organisation_id == organisation_id
        )
        .options(*whole())
        .order_by(Listing.id)
    ).all()


def closed_by_reason(
    session: Session, provinces: Collection[str] | None
) -> Mapping[tuple[str, str], int]:
    """Return (kind, reason) → how many listings that readers saw were closed for it.

    `provinces`: of their organisations; None for all.
    """
    query = (
        select(Listing.kind, Listing.close_reason, func.count())
        .join(Listing.organisation)
        .where(Listing.status == ListingStatus.CLOSED, Listing.published_at.is_not(None))
        .group_by(Listing.kind, Listing.close_reason)
    )
    if provinces is not None:
        query = query.where(Organisation.province.in_(sorted(provinces)))
    return {(kind, reason): number for kind, reason, number in session.execute(query).tuples()}


def tasks_by_ids(session: Session, plan_id: int, ids: Sequence[int]) -> Sequence[KeyTask]:
    """Return the tasks of the plan among these ids."""
    return session.scalars(
        select(KeyTask)
        .join(KeyTask.initiative)
        .where(Initiative.plan_id == plan_id, KeyTask.id.in_(ids))
    ).all()


def task_titles(session: Session) -> Mapping[str, Mapping[str, str]]:
    """Return task code → title, in the plan's order; the current plan's word wins."""
    rows = session.execute(
        select(KeyTask.code, KeyTask.title)
        .join(KeyTask.initiative)
        .join(Initiative.plan)
        .order_by(Plan.is_current.desc(), Plan.id.desc(), Initiative.position, KeyTask.position)
    )
    titles: dict[str, Mapping[str, str]] = {}
    for code, title in rows:
        titles.setdefault(code, title)
    return titles
