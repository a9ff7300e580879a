"""Queries of a curator's desk, narrowed to the curator's provinces before anything is counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload, selectinload

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation.models import Interest, Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation.models import Judgement
from matchmaker.curation.rules import NUDGE_EVERY
from matchmaker.curation.states import PairQueue
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing, ListingTask
from matchmaker.listings.pairs import asking, both_shown, capability, join_sides, need, offering
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.claims import queries as claims
from matchmaker.organisations.models import Organisation
from matchmaker.outcomes import queries as outcomes
from matchmaker.outcomes.models import Outcome, Satisfaction
from matchmaker.outcomes.rules import FEWEST_ANSWERS
from matchmaker.outcomes.states import OutcomeStatus
from matchmaker.permissions import Actor
from matchmaker.plan.models import KeyTask
from matchmaker.recommendation import queries as recommendation
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.states import Band, Origin, SuggestionStatus
from matchmaker.search import browsing
from matchmaker.search.live import Searching

MOST_COMPARED = 50  # listings of one owner that wait for review
MANY = 1000  # what waits is counted no further: nobody needs to know

# What came of a match stands.
DONE = (MatchStatus.COMPLETED, MatchStatus.VERIFIED)


ALL_RESULTS = "all"


@dataclass(frozen=True, slots=True)
class ResultFilters:
    """Filters of the list of results; "" leaves one open."""

    state: str = OutcomeStatus.CONFIRMED  # of OutcomeStatus, or ALL_RESULTS
    measure: str = ""
    task_id: int | None = None
    west: str = ""
    east: str = ""


@dataclass(frozen=True, slots=True)
class Satisfied:
    """What sides think on average, from 1 to 5, and their words in no order that tells who."""

    answers: int
    again: float
    useful: float
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Filters of a queue of pairs; "" leaves one open."""

    task_id: int | None = None
    west: str = ""  # province of the need's organisation
    east: str = ""  # province of the capability's
    band: str = ""
    status: PairQueue = PairQueue.NEW


def touches(actor: Actor, *provinces: Any) -> ColumnElement[bool]:
    """Mirrors `permissions.curator_of_either_side` over province columns."""
    if "national_curator" in actor.roles:
        return true()
    if "provincial_curator" not in actor.roles or not actor.provinces:
        return false()
    return or_(*(province.in_(actor.provinces) for province in provinces))


def comparable(session: Session, listing: Listing, likely: Collection[int]) -> Sequence[Listing]:
    """Return whole listings to compare one with: likely ones, and what its owner has sent too.

    An owner is an organisation, or several with one contact. The earliest come first.
    """
    owner = listing.organisation
    is_own = or_(
        Organisation.id == owner.id,
        func.lower(Organisation.contact_email) == owner.contact_email.lower(),
    )
    waits = and_(is_own, Listing.status == ListingStatus.IN_REVIEW)
    base = select(Listing).join(Listing.organisation).options(*listings.whole())
    found = session.scalars(
        base.where(Listing.id != listing.id, waits).order_by(Listing.id).limit(MOST_COMPARED)
    ).all()
    shown = session.scalars(base.where(Listing.is_shown, Listing.id.in_(likely))).all()
    return sorted({*found, *shown}, key=lambda one: one.id)


def visible_suggestions(actor: Actor) -> Select[tuple[Suggestion]]:
    """Those the actor may curate: "suggestion.curate" of the permission table."""
    return _with_sides(Suggestion).where(
        touches(actor, asking.province, offering.province), *of_others(actor)
    )


def visible_matches(actor: Actor) -> Select[tuple[Match]]:
    """Those the actor may follow as a curator: "match.nudge" of the permission table."""
    return _with_sides(Match).where(
        touches(actor, asking.province, offering.province), *of_others(actor)
    )


def _with_sides(model: Any) -> Select[Any]:
    return join_sides(select(model), model).options(
        *_for_lists(model.need, need, asking),
        *_for_lists(model.capability, capability, offering),
    )


def _for_lists(side: Any, listing: Any, organisation: Any) -> tuple[Any, ...]:
    """Of each side, what a list shows; the texts are not read."""
    columns = [getattr(listing, column.key) for column in listings.PUBLIC_COLUMNS]
    owners = [getattr(organisation, column.key) for column in listings.OWNER_COLUMNS]
    loaded = contains_eager(side.of_type(listing))
    return (
        loaded.load_only(*columns, raiseload=True),
        loaded.contains_eager(listing.organisation.of_type(organisation)).load_only(
            *owners, raiseload=True
        ),
        loaded.selectinload(listing.tasks).load_only(KeyTask.code, KeyTask.title),
    )


def of_others(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Nobody decides about their own organisation."""
    own = actor.organisation_id
    return () if own is None else (asking.id != own, offering.id != own)


def _in_queue(queue: PairQueue) -> ColumnElement[bool]:
    """Keep the pairs of a queue: by their match, if there is one, else by the decision."""
    if queue == PairQueue.MATCHED:
        return _has_match(Match.is_alive)
    if queue == PairQueue.ENDED:
        return and_(
            _has_match(~Match.is_alive),
            Suggestion.status != SuggestionStatus.HELD_BACK,
        )
    if queue == PairQueue.HELD_BACK:
        return and_(
            Suggestion.status == SuggestionStatus.HELD_BACK,
            ~_has_match(Match.is_alive),
        )
    if queue == PairQueue.SHORTLISTED:
        return and_(Suggestion.status == SuggestionStatus.SHORTLISTED, ~_has_match())
    return and_(Suggestion.status == SuggestionStatus.NEW, Suggestion.is_current, ~_has_match())


def _has_match(*conditions: ColumnExpressionArgument[bool]) -> ColumnElement[bool]:
    of_pair = (Match.need_id == Suggestion.need_id, Match.capability_id == Suggestion.capability_id)
    return exists().where(*of_pair, *conditions)


def suggestion_queue(actor: Actor, filters: QueueFilters) -> Select[tuple[Suggestion]]:
    """Select the pairs to decide on, those added by hand first, then the best.

    Pairs that were added by hand carry no score.
    """
    query = visible_suggestions(actor).where(
        *both_shown(), _in_queue(filters.status), *corridor(filters)
    )
    query = query.where(*_band(filters.band)).where(*under_task(need.id, filters.task_id))
    query = query.options(selectinload(Suggestion.marks))
    return query.order_by(Suggestion.origin, Suggestion.score.desc(), Suggestion.id)


def corridor(filters: QueueFilters | ResultFilters) -> list[ColumnElement[bool]]:
    wanted = ((asking.province, filters.west), (offering.province, filters.east))
    return [column == province for column, province in wanted if province]


def _band(band: str) -> list[ColumnElement[bool]]:
    """Leave out weak pairs unless they are asked for.

    A pair added by hand has no band until the engine has scored it.
    """
    if band == "all":
        return []
    if band:
        return [Suggestion.engine_version != "", Suggestion.band == band]
    return [or_(Suggestion.origin == Origin.CURATOR, Suggestion.band.in_(Band.CONFIDENT))]


def under_task(
    listing_id: InstrumentedAttribute[int], task_id: int | None
) -> list[ColumnElement[bool]]:
    if task_id is None:
        return []
    return [exists().where(ListingTask.listing_id == listing_id, ListingTask.task_id == task_id)]


def organisation_queue(actor: Actor, province: str) -> Select[tuple[Organisation]]:
    """Organisations to verify, the one that has waited longest first."""
    query = organisations.select_awaiting(actor)
    return query.where(organisations.of_provinces([province])) if province else query


def listing_queue(
    actor: Actor, province: str, kind: str, task_id: int | None
) -> Select[tuple[Listing]]:
    """Listings to review, the one that has waited longest first."""
    query = listings.select_awaiting_review(actor)
    if kind:
        query = query.where(Listing.kind == kind)
    return _of(query, province, task_id)


def _of(
    query: Select[tuple[Listing]], province: str, task_id: int | None
) -> Select[tuple[Listing]]:
    """Keep listings of a province and under a task, where these are given."""
    if province:
        query = query.where(Organisation.province == province)
    return query.where(*under_task(Listing.id, task_id))


def unserved_needs(actor: Actor, province: str, task_id: int | None) -> Select[tuple[Listing]]:
    """Published needs that nobody fits and that have no match, the oldest first.

    Those that the engine has yet to look at are left out.
    """
    served = exists().where(
        Suggestion.need_id == Listing.id,
        capability.id == Suggestion.capability_id,
        capability.is_shown,
        *recommendation.is_confident(),
    )
    matched = exists().where(Match.need_id == Listing.id, Match.is_alive)
    query = (
        select(Listing)
        .join(Listing.organisation)
        .where(Listing.kind == "need", Listing.is_shown, ~Listing.matching_due)
        .where(listings.in_scope(actor), ~served, ~matched)
        .options(
            *listings.for_titles(),
            selectinload(Listing.tasks).load_only(KeyTask.code, KeyTask.title),
        )
        .order_by(Listing.published_at, Listing.id)
    )
    if actor.organisation_id is not None:
        query = query.where(Listing.organisation_id != actor.organisation_id)
    return _of(query, province, task_id)


def counts(session: Session, actor: Actor, today: date) -> dict[str, int]:
    """How much waits in each queue, without filters, up to MANY; in one query."""
    queues: dict[str, Select[Any]] = {
        "organisations": organisation_queue(actor, ""),
        "claims": claims.to_decide(actor),
        "listings": listing_queue(actor, "", "", None),
        "suggestions": suggestion_queue(actor, QueueFilters()),
        "matches": match_queue(actor, QueueFilters(), today),
        "unanswered": unanswered_queue(actor, QueueFilters(), today),
        "results": results(actor, ResultFilters()),
        "unserved": unserved_needs(actor, "", None),
    }
    numbers = [_number(query).label(name) for name, query in queues.items()]
    return dict(session.execute(select(*numbers)).one()._mapping)


def _number(query: Select[Any]) -> Any:
    some = (
        query.options()
        .order_by(None)
        .with_only_columns(literal(1).label("one"))
        .limit(MANY)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


def suggestion_provinces(session: Session, actor: Actor) -> tuple[list[str], list[str]]:
    """Return (of needs, of capabilities): where the actor's pairs can come from.

    Found without looking at the suggestions, of which there are many more than listings.
    """
    query = (
        select(Listing.kind, Organisation.province)
        .join(Listing.organisation)
        .where(Listing.is_shown)
        .distinct()
    )
    found: dict[str, set[str]] = {"need": set(), "capability": set()}
    for kind, province in session.execute(query):
        found[kind].add(province)
    own = {
        kind: {province for province in provinces if actor.curates(province)}
        for kind, provinces in found.items()
    }
    return (
        sorted(found["need"] if own["capability"] else own["need"]),
        sorted(found["capability"] if own["need"] else own["capability"]),
    )


def match_provinces(session: Session, queue: Select[tuple[Match]]) -> tuple[list[str], list[str]]:
    """(of needs, of capabilities): where the matches of a queue come from."""
    query = queue.options().order_by(None)
    pairs = session.execute(
        query.with_only_columns(asking.province, offering.province).distinct()
    ).all()
    return sorted({west for west, _ in pairs}), sorted({east for _, east in pairs})


def suggestion(session: Session, suggestion_id: int) -> Suggestion | None:
    """One suggestion with all that its page at the desk shows."""
    loaded = [
        joinedload(side).options(*listings.whole())
        for side in (Suggestion.need, Suggestion.capability)
    ]
    return session.scalar(
        select(Suggestion)
        .where(Suggestion.id == suggestion_id)
        .options(*loaded, selectinload(Suggestion.marks))
    )


def judgement(session: Session, need_id: int, capability_id: int) -> Judgement | None:
    """Return the curators' judgement of a pair, with its author."""
    query = select(Judgement).where(
        Judgement.need_id == need_id, Judgement.capability_id == capability_id
    )
    return session.scalar(
        query.options(joinedload(Judgement.user)).execution_options(populate_existing=True)
    )


def lock_suggestion(session: Session, suggestion_id: int) -> tuple[int, str] | None:
    """Return (version, status) as they are now, held until the caller's commit."""
    query = (
        select(Suggestion.version, Suggestion.status)
        .where(Suggestion.id == suggestion_id)
        .with_for_update()
    )
    found = session.execute(query).one_or_none()
    return (found.version, found.status) if found is not None else None


def locked_of_page(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, Suggestion]:
    """Return the suggestions that the actor may curate among these ids, held until the commit.

    They are taken by ascending id, so that two who decide at once cannot wait for each other.
    """
    query = (
        visible_suggestions(actor)
        .where(Suggestion.id.in_(ids))
        .order_by(Suggestion.id)
        .with_for_update(of=Suggestion)
        .execution_options(populate_existing=True)
    )
    return {found.id: found for found in session.scalars(query)}


def open_listing(session: Session, listing_id: int | None, kind: str) -> Listing | None:
    """A published listing of one kind, with its organisation."""
    return session.scalar(
        select(Listing)
        .join(Listing.organisation)
        .where(Listing.id == listing_id, Listing.kind == kind, Listing.is_shown)
        .options(contains_eager(Listing.organisation))
    )


def find_listings(
    session: Session, actor: Actor, kind: str, text: str, searching: Searching
) -> Sequence[Listing]:
    """Published listings of one kind by their number, or else by words, as everybody searches."""
    by_number = (
        open_listing(session, int(text), kind)
        if text.isascii() and text.isdigit() and len(text) < 10
        else None
    )
    if by_number is not None:
        return [by_number]
    return browsing.browse(
        session, actor, browsing.Filters({"kind": (kind,)}, text, "relevance"), 1, searching
    ).items


def matched_pairs(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Return the suggestions whose pair is a match now; one that ended does not count."""
    query = (
        select(Suggestion.id)
        .join(
            Match,
            and_(
                Match.need_id == Suggestion.need_id, Match.capability_id == Suggestion.capability_id
            ),
        )
        .where(Suggestion.id.in_(ids), Match.is_alive)
    )
    return frozenset(session.scalars(query))


def match_queue(actor: Actor, filters: QueueFilters, today: date) -> Select[tuple[Match]]:
    """Matches that wait for an answer, those with the fewest days left first."""
    return (
        visible_matches(actor)
        .where(Match.status.in_(MatchStatus.OPEN), Match.expires_on >= today, *corridor(filters))
        .where(*under_task(need.id, filters.task_id))
        .options(selectinload(Match.interests))
        .order_by(Match.expires_on, Match.id)
    )


def results(actor: Actor, filters: ResultFilters) -> Select[tuple[Outcome]]:
    """Results that the actor may verify, those that have waited longest first."""
    query = outcomes.select_with_sides().where(
        touches(actor, asking.province, offering.province),
        *of_others(actor),
        *corridor(filters),
        *under_task(need.id, filters.task_id),
    )
    if filters.measure:
        query = query.where(Outcome.measure == filters.measure)
    if filters.state == OutcomeStatus.VERIFIED:  # also while a correction of it waits
        query = query.where(Outcome.counted_number.is_not(None))
    elif filters.state != ALL_RESULTS:
        query = query.where(Outcome.status == filters.state)
    return query.order_by(Outcome.updated_at, Outcome.id)


def result_provinces(session: Session, actor: Actor) -> tuple[list[str], list[str]]:
    """(of needs, of capabilities): where the results that the actor may verify come from."""
    query = results(actor, ResultFilters(ALL_RESULTS)).options().order_by(None)
    pairs = session.execute(
        query.with_only_columns(asking.province, offering.province).distinct()
    ).all()
    return sorted({west for west, _ in pairs}), sorted({east for _, east in pairs})


def satisfied(session: Session, actor: Actor) -> Satisfied | None:
    """What sides think of cooperation in the actor's provinces; None until enough have said it."""
    mine = touches(actor, asking.province, offering.province)
    found = join_sides(
        select(Satisfaction).join(Match, Match.id == Satisfaction.match_id), Match
    ).where(mine, *of_others(actor))
    numbers = (func.count(), func.avg(Satisfaction.again), func.avg(Satisfaction.useful))
    answers, again, useful = session.execute(found.with_only_columns(*numbers)).one()
    if answers < FEWEST_ANSWERS:
        return None
    said = found.with_only_columns(Satisfaction.words).where(Satisfaction.words != "")
    words = session.scalars(said.order_by(Satisfaction.words)).all()
    return Satisfied(answers, float(again), float(useful), words)


def last_words(
    session: Session, subject_type: str, ids: Sequence[int]
) -> Mapping[int, AuditRecord]:
    """The newest audit record about each of several things."""
    newest = (
        select(func.max(AuditRecord.id))
        .where(AuditRecord.subject_type == subject_type, AuditRecord.subject_id.in_(ids))
        .group_by(AuditRecord.subject_id)
    )
    records = session.scalars(select(AuditRecord).where(AuditRecord.id.in_(newest)))
    return {record.subject_id: record for record in records if record.subject_id is not None}


def not_nudged_since(at: datetime) -> ColumnElement[bool]:
    return or_(Match.nudged_at.is_(None), Match.nudged_at <= at - NUDGE_EVERY)


def unanswered_queue(actor: Actor, filters: QueueFilters, today: date) -> Select[tuple[Match]]:
    """Matches that nobody answered in time, for the curators of the side that asked.

    What a curator proposed is for those of both sides. Who looked after one takes it from the list.
    """
    overdue = and_(Match.status.in_(MatchStatus.OPEN), Match.expires_on < today)
    asked_by = {side: exists().where(*_interest_of(side)) for side in ("need", "capability")}
    in_charge = or_(
        and_(touches(actor, asking.province), asked_by["need"]),
        and_(touches(actor, offering.province), asked_by["capability"]),
        and_(~asked_by["need"], ~asked_by["capability"]),
    )
    return (
        visible_matches(actor)
        .where(or_(Match.status == MatchStatus.EXPIRED, overdue), in_charge)
        .where(Match.followed_up_at.is_(None), *corridor(filters))
        .where(*under_task(need.id, filters.task_id))
        .options(selectinload(Match.interests))
        .order_by(Match.expires_on.desc(), Match.id)
    )


def _interest_of(side: str) -> tuple[ColumnElement[bool], ...]:
    return Interest.match_id == Match.id, Interest.side == side


def unfinished_matches(session: Session, organisation_id: int) -> Sequence[int]:
    """Return the ids of an organisation's matches that somebody waits for or works on."""
    of_it = select(Listing.id).where(Listing.organisation_id == organisation_id)
    return session.scalars(
        select(Match.id)
        .where(
            or_(Match.need_id.in_(of_it), Match.capability_id.in_(of_it)),
            Match.status.not_in((*MatchStatus.ENDED, *DONE)),
        )
        .order_by(Match.id)
    ).all()
