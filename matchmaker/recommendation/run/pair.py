"""A few pairs scored at once, for somebody who waits for the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from matchmaker import engine
from matchmaker.engine import ENGINE_VERSION
from matchmaker.listings.models import Listing
from matchmaker.plan import facts
from matchmaker.plan import queries as plans
from matchmaker.recommendation.rules import PairIds
from matchmaker.recommendation.run.compute import weights_version
from matchmaker.recommendation.service import Scored, to_engine_listing


def score(
    session: Session, pairs: Sequence[tuple[Listing, Listing]], *, explain: bool = True
) -> Mapping[PairIds, Scored]:
    """Return (need, capability) → the score that a run would give it; listings are whole.

    A score depends on the two listings and the plan alone, so no fitted recommender is needed.
    Installations with a sentence encoder leave it to the worker, which has it loaded.
    """
    if not pairs:
        return {}
    plan = plans.plan_with_tasks(session)
    capabilities = {capability.id: capability for _, capability in pairs}
    needs = {need.id: need for need, _ in pairs}
    wanted: defaultdict[int, list[str]] = defaultdict(list)
    for need, capability in pairs:
        wanted[need.id].append(str(capability.id))
    recommender = engine.Recommender(plan=facts.of_plan(plan), explain=explain).fit(
        [to_engine_listing(one) for one in capabilities.values()]
    )
    asked = [(to_engine_listing(needs[need_id]), ids) for need_id, ids in wanted.items()]
    version = weights_version(plan.id if plan else 0, "")
    return {
        (int(pair.need_id), int(pair.capability_id)): Scored(pair, ENGINE_VERSION, version)
        for found in recommender.between(asked)
        for pair in found
    }
