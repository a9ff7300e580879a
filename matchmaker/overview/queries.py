"""Counts across domains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from matchmaker.cooperation.models import Match
from matchmaker.listings.models import Listing, ListingTask
from matchmaker.recommendation.models import Suggestion


@dataclass(slots=True)
class Counts:
    """What is posted and going on under something; published listings only, no word on what is hidden."""

    needs: int = 0
    capabilities: int = 0
    suggestions: int = 0
    matches: int = 0

    @property
    def gap(self) -> int:
        """0: needs are met by capabilities or there are none; 1: few suggestions; 2: needs without a partner."""
        if not self.needs or self.suggestions >= 3 * self.needs:
            return 0
        return 1 if self.suggestions >= self.needs else 2


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
    for task_id, number in session.execute(_pairs_by_task(Suggestion)):
        counts[task_id].suggestions = number
    for task_id, number in session.execute(_pairs_by_task(Match)):
        counts[task_id].matches = number
    return counts


def _pairs_by_task(model: type[Suggestion] | type[Match]):  # type: ignore[no-untyped-def]
    need, capability = aliased(Listing), aliased(Listing)
    query = (
        select(ListingTask.task_id, func.count())
        .join(model, model.need_id == ListingTask.listing_id)
        .join(need, need.id == model.need_id)
        .join(capability, capability.id == model.capability_id)
        .where(need.status == "published", capability.status == "published")
        .group_by(ListingTask.task_id)
    )
    if model is Suggestion:
        return query.where(
            Suggestion.is_current, Suggestion.band != "weak", Suggestion.status.in_(("new", "shortlisted"))
        )
    return query.where(Match.status == "mutual")
