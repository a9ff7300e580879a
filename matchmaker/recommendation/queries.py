"""Suggestions that somebody may see: mirrors of "suggestion.read" and "suggestion.list"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import (
    asking,
    both_shown,
    both_verified,
    capability,
    join_sides,
    need,
    offering,
)
from matchmaker.permissions import Actor
from matchmaker.recommendation.models import Question, Suggestion, SuggestionMark
from matchmaker.recommendation.rules import FEW, MOST_NAMED
from matchmaker.recommendation.states import Answer, Band, Origin, SuggestionStatus

IS_PICKED = or_(
    Suggestion.origin == Origin.CURATOR, Suggestion.status == SuggestionStatus.SHORTLISTED
)


@dataclass(frozen=True, slots=True)
class PartnerFilters:
    """Filters of somebody's own suggestions; `show` is open, kept or dismissed."""

    show: str = "open"
    band: str = ""
    listing_id: int | None = None


def of_organisation(actor: Actor) -> Select[tuple[Suggestion]]:
    """Those that the actor's organisation may see. Mirrors `Suggestion.is_shown_to`.

    They pause while the verification of either has lapsed. Left out is what curators hold back,
    and what the engine no longer names unless the organisation itself marked it: the other side's
    mark must not show.
    """
    own = actor.organisation_id
    named = or_(Suggestion.is_current, Suggestion.origin.in_(Origin.BY_HAND), _marked(own))
    pairs = _pairs_of(own)
    return (
        _pairs(own)
        .join(pairs, pairs.c.id == Suggestion.id)
        .where(
            Suggestion.status.in_(SuggestionStatus.OPEN),
            named,
            *both_shown(),
            *both_verified(),
        )
    )


def _pairs_of(organisation_id: int | None) -> Subquery:
    """Select an organisation's suggestions by either index: an OR over both would read them all."""
    of_needs, of_capabilities = (
        select(Suggestion.id)
        .join(Listing, Listing.id == side)
        .where(Listing.organisation_id == organisation_id)
        for side in (Suggestion.need_id, Suggestion.capability_id)
    )
    return union(of_needs, of_capabilities).subquery()


def _pairs(marks_of: int | None) -> Select[tuple[Suggestion]]:
    """Suggestions with all that a card shows; of the marks, those of one organisation only."""
    return join_sides(select(Suggestion), Suggestion).options(
        contains_eager(Suggestion.need.of_type(need)).options(
            contains_eager(need.organisation.of_type(asking)),
            selectinload(need.tasks),
            selectinload(need.sectors),
        ),
        contains_eager(Suggestion.capability.of_type(capability)).options(
            contains_eager(capability.organisation.of_type(offering)),
            selectinload(capability.sectors),
        ),
        selectinload(Suggestion.marks.and_(SuggestionMark.organisation_id == marks_of)),
    )


def _marked(organisation_id: int | None, *marks: str) -> ColumnElement[bool]:
    """Keep what the organisation marked, with one of the marks if any are given."""
    found = exists().where(
        SuggestionMark.suggestion_id == Suggestion.id,
        SuggestionMark.organisation_id == organisation_id,
    )
    return found.where(SuggestionMark.mark.in_(marks)) if marks else found


def worth_showing() -> ColumnElement[bool]:
    """Confident enough to be shown without asking: not weak, or picked by a curator."""
    return or_(Suggestion.band != Band.WEAK, IS_PICKED)


def is_confident() -> tuple[ColumnElement[bool], ...]:
    """Named with confidence, and for organisations to see."""
    return (
        Suggestion.status.in_(SuggestionStatus.OPEN),
        or_(Suggestion.is_current, Suggestion.origin == Origin.CURATOR),
        worth_showing(),
    )


def mine(actor: Actor, filters: PartnerFilters) -> Select[tuple[Suggestion]]:
    """Select the suggestions of the actor's organisation, newest listing and best first."""
    own_id = _own_id(actor)
    query = of_organisation(actor).where(_shown_as(actor, filters.show))
    if filters.band:
        query = query.where(Suggestion.band == filters.band)
    elif filters.show == "open":
        query = query.where(worth_showing())
    if filters.listing_id is not None:
        query = query.where(own_id == filters.listing_id)
    return query.order_by(own_id.desc(), IS_PICKED.desc(), Suggestion.score.desc(), Suggestion.id)


def _own_id(actor: Actor) -> ColumnElement[int]:
    """The listing of the actor's organisation in a pair."""
    return case((need.organisation_id == actor.organisation_id, need.id), else_=capability.id)


def _shown_as(actor: Actor, show: str) -> ColumnElement[bool]:
    own = actor.organisation_id
    if show == "kept":
        return _marked(own, *Answer.FOR)
    return _marked(own, Answer.DISMISSED) if show == "dismissed" else ~_marked(own)


def counts_of_mine(
    session: Session, actor: Actor, listing_id: int | None = None
) -> Mapping[str, int]:
    """Return open, kept, dismissed → how many; weak ones do not count as open."""
    states: Mapping[str, ColumnElement[bool]] = {
        "open": and_(_shown_as(actor, "open"), worth_showing()),
        "kept": _shown_as(actor, "kept"),
        "dismissed": _shown_as(actor, "dismissed"),
    }
    columns = [
        func.coalesce(func.sum(case((state, 1), else_=0)), 0).label(name)
        for name, state in states.items()
    ]
    query = of_organisation(actor).order_by(None)
    if listing_id is not None:
        query = query.where(_own_id(actor) == listing_id)
    query = query.with_only_columns(*columns)
    return dict(session.execute(query).mappings().one())


def new_since(actor: Actor, since: datetime) -> Select[tuple[Suggestion]]:
    """Select suggestions first named since then without a mark of the organisation, best first."""
    query = of_organisation(actor).where(
        Suggestion.created_at >= since, worth_showing(), ~_marked(actor.organisation_id)
    )
    return query.order_by(Suggestion.score.desc(), Suggestion.id)


def open_by_listing(session: Session, actor: Actor) -> Mapping[int, int]:
    """Own listing → suggestions worth showing that the organisation has not dismissed."""
    counts: defaultdict[int, int] = defaultdict(int)
    query = of_organisation(actor).where(
        worth_showing(), ~_marked(actor.organisation_id, Answer.DISMISSED)
    )
    for side, organisation_id in (
        (need.id, need.organisation_id),
        (capability.id, capability.organisation_id),
    ):
        grouped = query.where(organisation_id == actor.organisation_id).options().order_by(None)
        for listing_id, number in session.execute(
            grouped.with_only_columns(side, func.count()).group_by(side)
        ):
            counts[listing_id] += number
    return counts


@dataclass(frozen=True, slots=True)
class RankedPartners:
    """A listing's partners, best first. The unsure ones are there only when nobody better is."""

    confident: Sequence[Suggestion]
    unsure: Sequence[Suggestion]


def partners_of(session: Session, actor: Actor, listing: Listing) -> RankedPartners:
    """The partners of one listing as its own organisation, or else a curator, sees them."""
    if actor.organisation_id == listing.organisation_id:
        query = of_organisation(actor).where(~_marked(actor.organisation_id, Answer.DISMISSED))
    else:
        named = or_(
            Suggestion.is_current, IS_PICKED, Suggestion.status == SuggestionStatus.HELD_BACK
        )
        query = _pairs(None).where(named, *both_shown())
    own = Suggestion.need_id if listing.kind == "need" else Suggestion.capability_id
    query = query.where(own == listing.id).order_by(
        IS_PICKED.desc(), Suggestion.score.desc(), Suggestion.id
    )
    found = session.scalars(query.limit(MOST_NAMED)).all()
    confident = [s for s in found if s.band != Band.WEAK or s.is_picked]
    return RankedPartners(confident, [] if confident else found[:FEW])


def count_due(session: Session) -> int:
    """Return how many listings wait for partners to be found again."""
    return session.scalar(select(func.count()).where(Listing.matching_due)) or 0


def suggestion(session: Session, suggestion_id: int, marks_of: int | None) -> Suggestion | None:
    """One suggestion with both listings whole; of the marks, those of one organisation only."""
    sides = [
        joinedload(side).options(*listings.whole())
        for side in (Suggestion.need, Suggestion.capability)
    ]
    marks = selectinload(Suggestion.marks.and_(SuggestionMark.organisation_id == marks_of))
    return session.scalar(
        select(Suggestion).where(Suggestion.id == suggestion_id).options(*sides, marks)
    )


def of_pair(session: Session, need_id: int, capability_id: int) -> Suggestion | None:
    return session.scalar(
        select(Suggestion).where(
            Suggestion.need_id == need_id, Suggestion.capability_id == capability_id
        )
    )


def questions(session: Session, need_id: int, capability_id: int) -> Sequence[Question]:
    """Return what was asked and answered about a pair, as it is in the database now."""
    query = (
        select(Question)
        .join(Suggestion, Suggestion.id == Question.suggestion_id)
        .where(Suggestion.need_id == need_id, Suggestion.capability_id == capability_id)
        .order_by(Question.id)
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def questions_about(
    session: Session, suggestion_ids: Collection[int]
) -> Mapping[int, Sequence[Question]]:
    """Return suggestion → what was asked and answered about it."""
    found: defaultdict[int, list[Question]] = defaultdict(list)
    query = select(Question).where(Question.suggestion_id.in_(suggestion_ids))
    for one in session.scalars(query.order_by(Question.id)) if suggestion_ids else ():
        found[one.suggestion_id].append(one)
    return found


def answer_of(session: Session, capability_id: int, question_id: int | None) -> Question | None:
    """Return an answer that was given for a capability."""
    query = (
        select(Question)
        .join(Suggestion, Suggestion.id == Question.suggestion_id)
        .where(Question.id == question_id, Question.verdict != "")
        .where(Suggestion.capability_id == capability_id)
    )
    return session.scalar(query) if question_id is not None else None


def is_held_back(session: Session, need_id: int, capability_id: int, *, lock: bool = False) -> bool:
    """Return whether curators hold the pair back.

    `lock`: hold the suggestion until the commit. An interest and a curator's hold then take turns.
    """
    query = select(Suggestion.status).where(
        Suggestion.need_id == need_id, Suggestion.capability_id == capability_id
    )
    status = session.scalar(query.with_for_update() if lock else query)
    return status == SuggestionStatus.HELD_BACK


def mark_of(
    session: Session, suggestion_id: int, organisation_id: int | None
) -> SuggestionMark | None:
    return session.scalar(
        select(SuggestionMark).where(
            SuggestionMark.suggestion_id == suggestion_id,
            SuggestionMark.organisation_id == organisation_id,
        )
    )
