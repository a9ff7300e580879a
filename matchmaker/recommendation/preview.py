"""Who could meet a draft: ranked at once, for its writers alone, and never stored."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from matchmaker.engine import ENGINE_VERSION
from matchmaker.engine import Listing as EngineListing
from matchmaker.engine import Pair as EnginePair
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import Content
from matchmaker.permissions import Actor
from matchmaker.plan import facts
from matchmaker.plan import queries as plans
from matchmaker.plan.models import Plan
from matchmaker.recommendation.rules import whole
from matchmaker.recommendation.run import read
from matchmaker.recommendation.run.compute import weights_version
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.service import to_engine_listing
from matchmaker.search.browsing import tiers_of
from matchmaker.search.live import Searching

MOST_RANKED, MOST_NEEDS, MOST_SHOWN = 30, 12, 5
MOST_ASKED = 160  # characters of a capability that the search for needs reads
WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Partner:
    """A listing that could meet a draft; `points` of 100, and the band that they lie in."""

    listing: Listing
    band: str
    points: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Who could meet a draft, the best first, and how many more, had it the fields it lacks."""

    partners: Sequence[Partner]
    more: int = 0


def partners_for(
    session: Session,
    actor: Actor,
    draft: Listing,
    store: RecommenderStore,
    searching: Searching,
    *,
    improved: Content,
) -> Preview | None:
    """Return the listings of others that would meet a draft as it is, and as it might be.

    The worker's recommender ranks, as it was kept last. None where there is none yet, and where a
    sentence encoder is used, which only the worker has loaded.
    """
    plan = plans.plan_with_tasks(session, draft.plan_id)
    fitted = None if store.encoder else store.last(_version(draft.plan_id))
    if fitted is None:
        return None
    scorer = copy.copy(fitted.recommender)
    scorer.explain, scorer.plan = False, facts.of_plan(plan)
    now = to_engine_listing(draft)
    then = _improved(now, improved, plan)
    texts = [now] if then == now else [now, then]
    if draft.kind == "need":
        ranked = [
            {int(pair.capability_id): pair for pair in pairs}
            for pairs in scorer.rank(texts, MOST_RANKED)
        ]
    else:
        needs = scorer.prepare(_likely_needs(session, actor, draft, searching))
        ranked = [
            {int(pair.need_id): pair for pair in scorer.rank_needs(text, needs, MOST_RANKED)}
            for text in texts
        ]
    return _shown(session, draft, *ranked)


def _improved(now: EngineListing, content: Content, plan: Plan | None) -> EngineListing:
    """A draft as the engine reads it, with the fields of another content that decide."""
    tasks = [task for initiative in plan.initiatives for task in initiative.tasks] if plan else []
    return replace(
        now,
        must_haves=content.must_haves,
        goal=content.goal or None,
        modes=tuple(sorted(content.modes)),
        trl=content.trl,
        tasks=tuple(task.code for task in tasks if task.id in content.tasks),
    )


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


def _shown(
    session: Session,
    draft: Listing,
    now: Mapping[int, EnginePair],
    then: Mapping[int, EnginePair] | None = None,
) -> Preview:
    """Look up the partners of a draft; `then`: how they would be scored after the change."""
    qualified = {number for number, pair in now.items() if pair.band != WEAK}
    could = {number for number, pair in (then or now).items() if pair.band != WEAK}
    shown = listings.shown_by_ids(session, sorted(qualified | could))
    theirs = {n for n, one in shown.items() if one.organisation_id != draft.organisation_id}
    found = [
        Partner(shown[number], now[number].band, whole(now[number].score))
        for number in qualified & theirs
    ]
    found.sort(key=lambda one: (-one.points, one.listing.id))
    more = len(could & theirs) - len(found)
    return Preview(found[:MOST_SHOWN], max(more, 0))
