"""What came of matches, added up for pages that everybody reads.

A result still counts when its match has ended and its listings are closed. How many matches have
results is told to everybody: it names nobody. What they amount to is told where organisations
enough have a part in it; see `rules.may_show_amounts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from matchmaker.cooperation.models import Match
from matchmaker.listings.models import ListingTask
from matchmaker.listings.pairs import asking, join_sides, offering
from matchmaker.outcomes.measures import Adding, all_measures
from matchmaker.outcomes.models import Outcome, OutcomeVersion
from matchmaker.outcomes.rules import may_show_amounts
from matchmaker.outcomes.states import OutcomeStatus


@dataclass(frozen=True, slots=True)
class Tally:
    """How many matches have verified results, and how many have only reported ones."""

    verified: int = 0
    reported: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.verified + other.verified, self.reported + other.reported)


@dataclass(slots=True)
class Figure:
    """What results of one measure amount to. None: nothing, or too few organisations to tell."""

    measure: str
    verified: int | None = None
    reported: int | None = None
    is_withheld: bool = False


def tally_by_task(session: Session) -> Mapping[int, Tally]:
    """Key-task id → how many of its matches have results. A pair counts under its need's tasks."""
    rows = _standing()
    query = (
        select(ListingTask.task_id, *_matches(rows))
        .select_from(rows)
        .join(Match, Match.id == rows.c.match_id)
        .join(ListingTask, ListingTask.listing_id == Match.need_id)
        .group_by(ListingTask.task_id)
    )
    return {task_id: Tally(*numbers) for task_id, *numbers in session.execute(query)}


def tally_by_corridor(
    session: Session, task_id: int | None = None
) -> Mapping[tuple[str, str], Tally]:
    """(province of the need, of the capability) → how many matches have results."""
    rows = _standing()
    query = _with_sides(select(asking.province, offering.province, *_matches(rows)), rows)
    if task_id is not None:
        query = query.where(_under(task_id))
    query = query.group_by(asking.province, offering.province)
    return {(west, east): Tally(*numbers) for west, east, *numbers in session.execute(query)}


def by_province(corridors: Mapping[tuple[str, str], Tally]) -> Mapping[str, Tally]:
    """Province → how many matches of either side have results."""
    found: dict[str, Tally] = {}
    for provinces, tally in corridors.items():
        for province in set(provinces):
            found[province] = found.get(province, Tally()) + tally
    return found


def of_task(session: Session, task_id: int) -> Sequence[Figure]:
    return _figures(session, _under(task_id))


def of_corridor(session: Session, west: str, east: str) -> Sequence[Figure]:
    return _figures(session, asking.province == west, offering.province == east)


def of_organisation(
    session: Session, organisation_id: int, *, exact: bool = False
) -> Sequence[Figure]:
    """What an organisation's matches amount to; `exact`: for a reader who may see each of them.

    Others are not told that there are results at all where there are too few partners.
    """
    partner = case((asking.id == organisation_id, offering.id), else_=asking.id)
    own = or_(asking.id == organisation_id, offering.id == organisation_id)
    found = _figures(session, own, sides=(partner, partner), exact=exact)
    return [one for one in found if one.verified is not None or one.reported is not None]


def _figures(
    session: Session,
    *conditions: ColumnExpressionArgument[bool],
    sides: tuple[Any, Any] = (asking.id, offering.id),
    exact: bool = False,
) -> list[Figure]:
    """Add up by measure, in the measures' order. `sides`: what is counted as organisations."""
    rows = _standing()
    numbers = (func.count(side.distinct()) for side in sides)
    query = (
        _with_sides(
            select(rows.c.measure, rows.c.verified, func.sum(rows.c.amount), *numbers), rows
        )
        .where(*conditions)
        .group_by(rows.c.measure, rows.c.verified)
    )
    found: dict[str, Figure] = {}
    for measure, verified, amount, organisations, partners in session.execute(query):
        figure = found.setdefault(measure, Figure(measure))
        if not (exact or may_show_amounts(organisations, partners)):
            figure.is_withheld = True
        elif verified:
            figure.verified = int(amount)
        else:
            figure.reported = int(amount)
    return [found[code] for code in all_measures() if code in found]


def _standing() -> Subquery:
    """Select what counts (verified) and what may come to count (reported), one row a result."""
    latest = [one.code for one in all_measures().values() if one.adds == Adding.LATEST]
    verified = Outcome.counted_number.is_not(None)
    pending = and_(
        ~verified,
        OutcomeVersion.number == Outcome.number,
        Outcome.status.in_(OutcomeStatus.PENDING),
    )
    newest = func.row_number().over(
        partition_by=(Outcome.match_id, Outcome.measure, verified),
        order_by=(OutcomeVersion.last_day.desc(), Outcome.id.desc()),
    )
    rows = (
        select(
            Outcome.match_id,
            Outcome.measure,
            OutcomeVersion.amount,
            verified.label("verified"),
            newest.label("place"),
        )
        .join(OutcomeVersion, OutcomeVersion.outcome_id == Outcome.id)
        .where(or_(OutcomeVersion.number == Outcome.counted_number, pending))
        .subquery()
    )
    counted = select(rows).where(or_(rows.c.measure.not_in(latest), rows.c.place == 1))
    return counted.subquery()


def _matches(rows: Subquery) -> tuple[Any, Any]:
    """How many matches have verified results, and how many have reported ones alone."""
    verified = func.count(case((rows.c.verified, rows.c.match_id)).distinct())
    return verified, func.count(rows.c.match_id.distinct()) - verified


def _with_sides(query: Select[Any], rows: Subquery) -> Select[Any]:
    joined = query.select_from(rows).join(Match, Match.id == rows.c.match_id)
    return join_sides(joined, Match)


def _under(task_id: int) -> ColumnExpressionArgument[bool]:
    of_task = select(ListingTask.listing_id).where(ListingTask.task_id == task_id)
    return Match.need_id.in_(of_task)
