"""Queries of the desk's queues, narrowed to the curator's provinces before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, selectinload

from matchmaker.cooperation.models import Interest, Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation.results import ResultFilters, results
from matchmaker.curation.rules import NUDGE_EVERY
from matchmaker.curation.scope import (
    corridor,
    touches,
    under_task,
    visible_matches,
    visible_suggestions,
)
from matchmaker.curation.states import PairQueue
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import asking, both_shown, capability, need, offering
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.claims import queries as claims
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.plan.models import KeyTask
from matchmaker.recommendation import queries as recommendation
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.states import Band, Origin, SuggestionStatus

MANY = 1000  # what waits is counted no further: nobody needs to know


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Filters of a queue of pairs; "" leaves one open."""

    task_id: int | None = None
    west: str = ""  # province of the need's organisation
    east: str = ""  # province of the capability's
    band: str = ""
    status: PairQueue = PairQueue.NEW


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


def _band(band: str) -> list[ColumnElement[bool]]:
    """Leave out weak pairs unless they are asked for.

    A pair added by hand has no band until the engine has scored it.
    """
    if band == "all":
        return []
    if band:
        return [Suggestion.engine_version != "", Suggestion.band == band]
    return [or_(Suggestion.origin == Origin.CURATOR, Suggestion.band.in_(Band.CONFIDENT))]


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
        "listings": listing_queue(actor, "", "", None),
        "suggestions": suggestion_queue(actor, QueueFilters()),
        "matches": match_queue(actor, QueueFilters(), today),
        "unanswered": unanswered_queue(actor, QueueFilters(), today),
        "results": results(actor, ResultFilters()),
        "claims": claims.to_decide(actor),
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


def match_queue(actor: Actor, filters: QueueFilters, today: date) -> Select[tuple[Match]]:
    """Matches that wait for an answer, those with the fewest days left first."""
    return (
        visible_matches(actor)
        .where(Match.status.in_(MatchStatus.OPEN), Match.expires_on >= today, *corridor(filters))
        .where(*under_task(need.id, filters.task_id))
        .options(selectinload(Match.interests))
        .order_by(Match.expires_on, Match.id)
    )


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
