"""Who could meet a draft: ranked at once, for its writers alone, and never stored."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.engine import ENGINE_VERSION
from matchmaker.engine import Listing as EngineListing
from matchmaker.engine import Pair as EnginePair
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.permissions import Actor
from matchmaker.plan import facts
from matchmaker.plan import queries as plans
from matchmaker.recommendation.rules import whole
from matchmaker.recommendation.run import read
from matchmaker.recommendation.run.compute import weights_version
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.service import to_engine_listing
from matchmaker.search.browsing import tiers_of
from matchmaker.search.live import Searching

MOST_RANKED, MOST_NEEDS, MOST_SHOWN = 15, 12, 5
MOST_ASKED = 160  # characters of a capability that the search for needs reads
WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Partner:
    """A listing that could meet a draft; `points` of 100, and the band that they lie in."""

    listing: Listing
    band: str
    points: int


def partners_for(
    session: Session, actor: Actor, draft: Listing, store: RecommenderStore, searching: Searching
) -> list[Partner] | None:
    """Return the listings of others that would meet a draft, the best first.

    The worker's recommender ranks, as it was kept last. None where there is none yet, and where a
    sentence encoder is used, which only the worker has loaded.
    """
    plan = plans.plan_with_tasks(session, draft.plan_id)
    fitted = None if store.encoder else store.last(_version(draft.plan_id))
    if fitted is None:
        return None
    scorer = copy.copy(fitted.recommender)
    scorer.explain, scorer.plan = False, facts.of_plan(plan)
    if draft.kind == "need":
        pairs = scorer.rank([to_engine_listing(draft)], MOST_RANKED)[0]
        scored = {int(pair.capability_id): pair for pair in pairs}
    else:
        needs = _likely_needs(session, actor, draft, searching)
        pairs = scorer.rank_needs(to_engine_listing(draft), needs, MOST_RANKED)
        scored = {int(pair.need_id): pair for pair in pairs}
    return _shown(session, draft, {id_: one for id_, one in scored.items() if one.band != WEAK})


def warm(session: Session, store: RecommenderStore) -> None:
    """Open the recommender, so that the first draft does not wait for it."""
    plan = plans.plan_with_tasks(session)
    if plan is not None and not store.encoder:
        store.last(_version(plan.id))


def _version(plan_id: int) -> str:
    return f"{ENGINE_VERSION}/{weights_version(plan_id, '')}"


def _likely_needs(
    session: Session, actor: Actor, draft: Listing, searching: Searching
) -> Sequence[EngineListing]:
    """The needs that a search for a capability's words finds first: reading all takes too long."""
    asked = f"{draft.title} {draft.summary}"[:MOST_ASKED]
    found = searching.find_prose(session, asked, tiers_of(actor)[-1], {"kind": ("need",)}).scores
    ranked = sorted(found, key=lambda one: (-found[one], one))[:MOST_NEEDS]
    return list(read.texts(session, ranked).values())


def _shown(session: Session, draft: Listing, scored: dict[int, EnginePair]) -> list[Partner]:
    shown = listings.shown_by_ids(session, sorted(scored))
    found = [
        Partner(listing, scored[listing.id].band, whole(scored[listing.id].score))
        for listing in shown.values()
        if listing.organisation_id != draft.organisation_id
    ]
    return sorted(found, key=lambda one: (-one.points, one.listing.id))[:MOST_SHOWN]
