"""A few pairs scored at once, for somebody who waits for the page.

They are read as plain values first: no transaction need be open while they are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker import engine
from matchmaker.engine import ENGINE_VERSION, PlanFacts
from matchmaker.engine import Listing as EngineListing
from matchmaker.listings.models import Listing
from matchmaker.plan import facts
from matchmaker.plan import queries as plans
from matchmaker.recommendation.rules import PairIds
from matchmaker.recommendation.run.compute import weights_version
from matchmaker.recommendation.service import Scored, to_engine_listing


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the score of some pairs depends on."""

    pairs: Sequence[tuple[EngineListing, EngineListing]]
    plan: PlanFacts | None
    weights_version: str


def read(session: Session, pairs: Sequence[tuple[Listing, Listing]]) -> Comparison:
    """Read pairs of a need and a capability, which are whole, and the plan."""
    plan = plans.plan_with_tasks(session)
    return Comparison(
        [(to_engine_listing(need), to_engine_listing(capability)) for need, capability in pairs],
        facts.of_plan(plan),
        weights_version(plan.id if plan else 0, ""),
    )


def compare(read: Comparison, *, explain: bool = True) -> Mapping[PairIds, Scored]:
    """Return (need, capability) → the score that a run would give it.

    A score depends on the two listings and the plan alone, so no fitted recommender is needed.
    Installations with a sentence encoder leave it to the worker, which has it loaded.
    """
    if not read.pairs:
        return {}
    needs = {need.id: need for need, _ in read.pairs}
    capabilities = {capability.id: capability for _, capability in read.pairs}
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for need, capability in read.pairs:
        wanted[need.id].append(capability.id)
    recommender = engine.Recommender(plan=read.plan, explain=explain).fit(
        list(capabilities.values())
    )
    return {
        (int(pair.need_id), int(pair.capability_id)): Scored(
            pair, ENGINE_VERSION, read.weights_version
        )
        for found in recommender.between([(needs[need_id], ids) for need_id, ids in wanted.items()])
        for pair in found
    }
