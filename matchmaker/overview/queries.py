"""What the plan's pages show of the other domains: counts, corridors and newest listings. Published things only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from matchmaker.cooperation.models import Match
from matchmaker.listings.models import Listing, ListingTask
from matchmaker.organisations.models import Organisation
from matchmaker.recommendation.models import Suggestion

AGREED = ("mutual",)
NEWEST = 8


@dataclass(slots=True)
class Counts:
    needs: int = 0
    capabilities: int = 0
    suggestions: int = 0
    matches: int = 0
    unserved: int = 0  # needs without any partner suggested

    @property
    def gap(self) -> int:
        """0: every need has a suggested partner, or there is none; 1: some have not; 2: half or more have not."""
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


@dataclass(slots=True)
class RegionCounts:
    organisations: int = 0
    needs: int = 0
    capabilities: int = 0


def counts_by_task(session: Session) -> Mapping[int, Counts]:
    """Key-task id → counts. A pair counts under the tasks of its need."""
    counts: defaultdict[int, Counts] = defaultdict(Counts)
    listed = (
        select(ListingTask.task_id, Listing.kind, func.count())
        .join(Listing, Listing.id == ListingTask.listing_id)
        .where(Listing.status == "published")
        .group_by(ListingTask.task_id, Listing.kind)
    )
    for task_id, kind, number in session.execute(listed):
        setattr(counts[task_id], "needs" if kind == "need" else "capabilities", number)
    for name, pairs in (("suggestions", suggested_pairs()), ("matches", agreed_pairs())):
        chosen = pairs.subquery()
        by_task = (
            select(ListingTask.task_id, func.count())
            .join(chosen, chosen.c.need_id == ListingTask.listing_id)
            .group_by(ListingTask.task_id)
        )
        for task_id, number in session.execute(by_task):
            setattr(counts[task_id], name, number)
    for task_id, number in session.execute(_unserved_by_task()):
        counts[task_id].unserved = number
    return counts


def suggested_pairs() -> Select[Any]:
    """(need, capability, their provinces) of the suggestions that stand: current, not weak, not held back."""
    return _pairs(
        Suggestion,
        Suggestion.is_current,
        Suggestion.band != "weak",
        Suggestion.status.in_(("new", "shortlisted")),
    )


def agreed_pairs() -> Select[Any]:
    return _pairs(Match, Match.status.in_(AGREED))


def _pairs(model: type[Suggestion] | type[Match], *conditions: ColumnElement[bool]) -> Select[Any]:
    need, capability, asking, offering = (
        aliased(Listing),
        aliased(Listing),
        aliased(Organisation),
        aliased(Organisation),
    )
    return (
        select(model.need_id, model.capability_id, asking.province.label("west"), offering.province.label("east"))
        .join(need, need.id == model.need_id)
        .join(capability, capability.id == model.capability_id)
        .join(asking, asking.id == need.organisation_id)
        .join(offering, offering.id == capability.organisation_id)
        .where(need.status == "published", capability.status == "published", *conditions)
    )


def _unserved_by_task() -> Select[Any]:
    served = suggested_pairs().subquery()
    return (
        select(ListingTask.task_id, func.count())
        .join(Listing, Listing.id == ListingTask.listing_id)
        .where(Listing.status == "published", Listing.kind == "need", Listing.id.not_in(select(served.c.need_id)))
        .group_by(ListingTask.task_id)
    )


def corridors(session: Session, task_id: int | None = None) -> Sequence[Corridor]:
    """Corridors with suggestions or matches, the busiest first; of one key task if it is given."""
    found: dict[tuple[str, str], Corridor] = {}
    for name, pairs in (("suggestions", suggested_pairs()), ("matches", agreed_pairs())):
        chosen = pairs.subquery()
        query = select(chosen.c.west, chosen.c.east, func.count()).group_by(chosen.c.west, chosen.c.east)
        if task_id is not None:
            query = query.join(ListingTask, ListingTask.listing_id == chosen.c.need_id).where(
                ListingTask.task_id == task_id
            )
        for west, east, number in session.execute(query):
            setattr(found.setdefault((west, east), Corridor(west, east)), name, number)
    return sorted(found.values(), key=lambda c: (-c.matches, -c.suggestions, c.west, c.east))


def counts_by_region(session: Session) -> Mapping[str, RegionCounts]:
    """Province code → verified organisations and the listings they published."""
    counts: defaultdict[str, RegionCounts] = defaultdict(RegionCounts)
    organisations = select(Organisation.province, func.count()).where(Organisation.status == "verified")
    for province, number in session.execute(organisations.group_by(Organisation.province)):
        counts[province].organisations = number
    listed = (
        select(Organisation.province, Listing.kind, func.count())
        .join(Listing, Listing.organisation_id == Organisation.id)
        .where(Listing.status == "published")
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
        .where(ListingTask.task_id == task_id, Listing.kind == kind, Listing.status == "published")
        .options(joinedload(Listing.organisation))
        .order_by(Listing.published_at.desc(), Listing.id)
        .limit(NEWEST)
    ).all()


def totals(session: Session) -> Counts:
    """Counts over everything published, each listing and pair once."""
    listed = select(Listing.kind, func.count()).where(Listing.status == "published").group_by(Listing.kind)
    by_kind = {row[0]: row[1] for row in session.execute(listed)}
    suggested, agreed = (
        session.scalar(select(func.count()).select_from(pairs.subquery())) or 0
        for pairs in (suggested_pairs(), agreed_pairs())
    )
    return Counts(by_kind.get("need", 0), by_kind.get("capability", 0), suggested, agreed)
