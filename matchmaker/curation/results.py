"""Queries of what came of matches: the results to verify, and what the sides think."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Select,
    func,
    select,
)
from sqlalchemy.orm import Session

from matchmaker.cooperation.models import Match
from matchmaker.curation.scope import corridor, of_others, touches, under_task
from matchmaker.listings.pairs import asking, join_sides, need, offering
from matchmaker.outcomes import queries as outcomes
from matchmaker.outcomes.models import Outcome, Satisfaction
from matchmaker.outcomes.rules import FEWEST_ANSWERS
from matchmaker.outcomes.states import OutcomeStatus
from matchmaker.permissions import Actor

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
