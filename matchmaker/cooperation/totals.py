"""Counts, corridors and newest listings for the plan's pages, of published things only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.cooperation.models import Match, Step
from matchmaker.cooperation.rules import last_months
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import start_of
from matchmaker.listings.models import Listing, ListingTask
from matchmaker.listings.pairs import asking, both_shown, join_listings, join_sides, offering
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.states import Band, SuggestionStatus

NEWEST = 8
MONTHS = 12


@dataclass(slots=True)
class Counts:
    needs: int = 0
    capabilities: int = 0
    suggestions: int = 0
    matches: int = 0
    unserved: int = 0  # needs without any partner suggested

    @property
    def gap(self) -> int:
        """Say how many needs lack partners: 0 none, 1 some, 2 half or more."""
        if not self.unserved:
            return 0
        return 2 if 2 * self.unserved >= self.needs else 1


@dataclass(slots=True)
class Corridor:
    """From the province of a need to the province of a capability."""

    west: str
    east: str
    suggestions: int = 0
    matches: int = 0


@dataclass(frozen=True, slots=True)
class Months:
    """What was new under a key task in each of the last months, the earliest first."""

    first_days: list[date]
    needs: list[int]
    capabilities: list[int]
    matches: list[int]

    @property
    def most(self) -> int:
        return max(self.needs + self.capabilities + self.matches)


@dataclass(slots=True)
class RegionCounts:
    organisations: int = 0
    needs: int = 0
    capabilities: int = 0


def counts_by_task(session: Session) -> Mapping[int, Counts]:
    """Key-task id → counts. A pair counts under the tasks of its need."""
    counts: defaultdict[int, Counts] = defaultdict(Counts)
    for task_id, kind, number in session.execute(_listed_by_task()):
        setattr(counts[task_id], "needs" if kind == "need" else "capabilities", number)
    for task_id, pairs, served in session.execute(_pairs_by_task(suggested_pairs())):
        counts[task_id].suggestions = pairs
        counts[task_id].unserved = -served
    for task_id, pairs, _ in session.execute(_pairs_by_task(agreed_pairs())):
        counts[task_id].matches = pairs
    for count in counts.values():
        count.unserved += count.needs
    return counts


def _listed_by_task() -> Select[Any]:
    return (
        select(ListingTask.task_id, Listing.kind, func.count())
        .join(Listing, Listing.id == ListingTask.listing_id)
        .where(Listing.is_shown)
        .group_by(ListingTask.task_id, Listing.kind)
    )


def _pairs_by_task(pairs: Select[Any]) -> Select[Any]:
    """Select (task, pairs, needs that have any).

    Pairs are added up by need first, which is a small fraction of the rows.
    """
    by_need = pairs.with_only_columns(pairs.selected_columns.need_id, func.count().label("number"))
    per_need = by_need.group_by(pairs.selected_columns.need_id).subquery()
    return (
        select(ListingTask.task_id, func.sum(per_need.c.number), func.count())
        .join(per_need, per_need.c.need_id == ListingTask.listing_id)
        .group_by(ListingTask.task_id)
    )


def suggested_pairs() -> Select[Any]:
    """Select (need, capability) of suggestions: shown, current, not weak, not held back."""
    return (
        join_listings(select(Suggestion.need_id, Suggestion.capability_id), Suggestion)
        .where(*both_shown(), Suggestion.is_current.is_(True))
        .where(
            Suggestion.band.in_(Band.CONFIDENT),
            Suggestion.status.in_(SuggestionStatus.OPEN),
        )
    )


def agreed_pairs() -> Select[Any]:
    """(need, capability) of what was agreed, also when the listings are closed since."""
    return select(Match.need_id, Match.capability_id).where(Match.status.in_(MatchStatus.TOGETHER))


def corridors(session: Session, task_id: int | None = None) -> Sequence[Corridor]:
    """Corridors with suggestions or matches, the busiest first; of one key task if it is given."""
    found: dict[tuple[str, str], Corridor] = {}
    for name, pairs in (("suggestions", suggested_pairs()), ("matches", agreed_pairs())):
        for west, east, number in session.execute(_by_provinces(pairs, task_id)):
            setattr(found.setdefault((west, east), Corridor(west, east)), name, number)
    return sorted(found.values(), key=lambda c: (-c.matches, -c.suggestions, c.west, c.east))


def _by_provinces(pairs: Select[Any], task_id: int | None) -> Select[Any]:
    chosen = pairs.subquery()
    counted = select(asking.province, offering.province, func.count()).select_from(chosen)
    query = join_sides(counted, chosen.c).group_by(asking.province, offering.province)
    if task_id is None:
        return query
    of_task = select(ListingTask.listing_id).where(ListingTask.task_id == task_id)
    return query.where(chosen.c.need_id.in_(of_task))


def by_month(session: Session, task_id: int, day: date) -> Months:
    """Listings by the month of their publication, and matches by that in which both agreed.

    A listing counts whatever became of it since, a match while both sides are together.
    """
    months = last_months(day, MONTHS)
    listed = (
        select(Listing.kind, *_in_months(Listing.published_at, months))
        .join(ListingTask, ListingTask.listing_id == Listing.id)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .where(ListingTask.task_id == task_id, Organisation.is_shown)
        .group_by(Listing.kind)
    )
    found = {kind: numbers for kind, *numbers in session.execute(listed)}
    agreed = (
        select(func.min(Step.at).label("at"))
        .join(Match, Match.id == Step.match_id)
        .join(ListingTask, ListingTask.listing_id == Match.need_id)
        .where(ListingTask.task_id == task_id, Match.status.in_(MatchStatus.TOGETHER))
        .where(Step.after == MatchStatus.MUTUAL, Step.taken_back_at.is_(None))
        .group_by(Match.id)
        .subquery()
    )
    nothing = [0] * MONTHS
    return Months(
        months,
        found.get("need", nothing),
        found.get("capability", nothing),
        list(session.execute(select(*_in_months(agreed.c.at, months))).one()),
    )


def _in_months(at: Any, months: Sequence[date]) -> list[Any]:
    """Count, month by month, the rows whose time lies in it."""
    begins = [start_of(month) for month in months]
    return [
        func.count(case((and_(at >= begin, at < end) if end else at >= begin, 1)))
        for begin, end in zip(begins, [*begins[1:], None], strict=True)
    ]


def counts_by_region(session: Session) -> Mapping[str, RegionCounts]:
    """Province code → verified organisations and the listings they published."""
    counts: defaultdict[str, RegionCounts] = defaultdict(RegionCounts)
    organisations = select(Organisation.province, func.count()).where(
        Organisation.standing == OrganisationStatus.VERIFIED
    )
    for province, number in session.execute(organisations.group_by(Organisation.province)):
        counts[province].organisations = number
    listed = (
        select(Organisation.province, Listing.kind, func.count())
        .join(Listing, Listing.organisation_id == Organisation.id)
        .where(Listing.is_shown)
        .group_by(Organisation.province, Listing.kind)
    )
    for province, kind, number in session.execute(listed):
        setattr(counts[province], "needs" if kind == "need" else "capabilities", number)
    return counts


def newest_of_task(session: Session, task_id: int, kind: str) -> Sequence[Listing]:
    """The newest published listings of one kind under a key task, each with its organisation."""
    return session.scalars(
        select(Listing)
        .join(ListingTask, ListingTask.listing_id == Listing.id)
        .where(ListingTask.task_id == task_id, Listing.kind == kind, Listing.is_shown)
        .options(joinedload(Listing.organisation))
        .order_by(Listing.published_at.desc(), Listing.id)
        .limit(NEWEST)
    ).all()


def published(session: Session) -> Mapping[str, int]:
    """Kind of listing → how many are published."""
    listed = select(Listing.kind, func.count()).where(Listing.is_shown).group_by(Listing.kind)
    return {"need": 0, "capability": 0, **{row[0]: row[1] for row in session.execute(listed)}}
