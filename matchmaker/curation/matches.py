"""All matches of a curator's provinces, at every stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_
from sqlalchemy.orm import Session, selectinload

from matchmaker.agreements.models import Agreement
from matchmaker.agreements.queries import is_known
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation import scope
from matchmaker.curation.queues import QueueFilters
from matchmaker.listings.pairs import asking, need, offering
from matchmaker.permissions import Actor


class MatchOrder(StrEnum):
    """What comes first in the list."""

    LONGEST = "longest"  # in the stage
    NEWEST = "newest"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class MatchFilters:
    """Filters of the list; "" leaves one open. `province`: of either side."""

    stage: str = ""
    province: str = ""
    west: str = ""  # province of the need's organisation
    east: str = ""  # province of the capability's
    task_id: int | None = None
    instrument: str = ""  # of an agreement that was sent
    order: MatchOrder = MatchOrder.LONGEST


def all_matches(actor: Actor, filters: MatchFilters, today: date) -> Select[tuple[Match]]:
    """Select the matches that the actor follows as a curator, with what a row shows of each."""
    stage = _stage(today)
    query = _narrowed(actor, filters)
    if filters.stage:
        query = query.where(stage == filters.stage)
    since = Match.updated_at
    order: Mapping[MatchOrder, tuple[ColumnElement[Any], ...]] = {
        MatchOrder.LONGEST: (since.asc(),),
        MatchOrder.NEWEST: (since.desc(),),
        MatchOrder.STAGE: (case(_PLACES, value=stage), since.asc()),
    }
    return query.options(selectinload(Match.interests)).order_by(*order[filters.order], Match.id)


_PLACES = {str(stage): place for place, stage in enumerate(MatchStatus)}


def counts_by_stage(
    session: Session, actor: Actor, filters: MatchFilters, today: date
) -> Mapping[str, int]:
    """Stage → how many, in the order of a match's life; the chosen stage narrows nothing here."""
    stage = _stage(today).label("stage")
    query = _narrowed(actor, filters).options().order_by(None)
    counted = query.with_only_columns(stage, func.count()).group_by(stage)
    found = dict(session.execute(counted).tuples().all())
    return {stage: found[stage] for stage in MatchStatus if stage in found}


def provinces(session: Session, actor: Actor) -> tuple[Sequence[str], Sequence[str]]:
    """Return (of needs, of capabilities): where the actor's matches come from."""
    query = scope.visible_matches(actor).options().order_by(None)
    pairs = session.execute(
        query.with_only_columns(asking.province, offering.province).distinct()
    ).all()
    return sorted({west for west, _ in pairs}), sorted({east for _, east in pairs})


def _narrowed(actor: Actor, filters: MatchFilters) -> Select[tuple[Match]]:
    query = scope.visible_matches(actor).where(
        *scope.corridor(QueueFilters(west=filters.west, east=filters.east)),
        *scope.under_task(need.id, filters.task_id),
    )
    if filters.instrument:
        agreed = exists().where(
            Agreement.match_id == Match.id,
            Agreement.instrument_code == filters.instrument,
            is_known(),
        )
        query = query.where(agreed)
    if filters.province:
        either = or_(asking.province == filters.province, offering.province == filters.province)
        query = query.where(either)
    return query


def _stage(today: date) -> ColumnElement[str]:
    """Mirrors `Match.standing`: what nobody answered in time has expired."""
    late = Match.status.in_(MatchStatus.OPEN) & (Match.expires_on < today)
    return case((late, MatchStatus.EXPIRED.value), else_=Match.status)
