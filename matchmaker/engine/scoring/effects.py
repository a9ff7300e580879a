"""Effects of everything but the text on a score, in log-odds.

They come from goal and mode, role, limits, readiness, the plan and regions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..lexicon.glossary import Glossary
from ..listing import Listing
from ..text.cues import BUYS, GENERALIST, REPORTS, ROLES, TRADES, roles
from ..vectors.features import CONCEPTS
from ..vectors.vectoriser import Counts
from ..weights import Weights
from .breadth import breadth
from .evidence import Evidence
from .modes import CODES, MARKET, groups_of, likeness
from .plan_facts import PlanFacts

Floats = NDArray[np.float64]
TALENT = "talent_exchange"
_CENTRAL = 0.3  # below, what is excluded is beside the point


class Effect(NamedTuple):
    """One cause of a score: its part, its kind, a code, and its log-odds (n,) by capability."""

    part: str
    kind: str
    code: str
    log_odds: Floats


@dataclass(frozen=True, slots=True)
class Traits:
    """Facts about capabilities beyond their text, one row each.

    Attributes
    ----------
    modes : Floats
        (n, mode codes), 0..1; how well a capability answers a wish for each mode.
    market : NDArray[np.bool_]
        (n,) bool; whether a capability names market modes only.
    goals : NDArray[np.str_]
        (n,) codes, "" when unknown.
    trl : Floats
        (n,) levels 1 to 9, nan when unknown.
    provinces : NDArray[np.str_]
        (n,) codes, "" when unknown.
    roles : Floats
        (n, ROLES), 0..1.
    declared : NDArray[np.bool_]
        (n, tasks) bool; tasks the listing names.
    evidence : Floats
        (n, tasks), 0..1; tasks its concepts point to.
    tasks : tuple[str, ...]
        Names of the columns of ``declared`` and ``evidence``.
    """

    modes: Floats
    market: NDArray[np.bool_]
    goals: NDArray[np.str_]
    trl: Floats
    provinces: NDArray[np.str_]
    roles: Floats
    declared: NDArray[np.bool_]
    evidence: Floats
    tasks: tuple[str, ...]

    def take(self, rows: NDArray[np.intp]) -> Traits:
        """Return the traits of some rows."""
        kept: dict[str, Any] = {
            name.name: getattr(self, name.name)[rows] for name in fields(self)[:-1]
        }
        return Traits(**kept, tasks=self.tasks)

    def joined(self, others: Traits) -> Traits:
        """Return these rows followed by the others, with the tasks of both."""
        tasks = tuple(sorted({*self.tasks, *others.tasks}))
        mine, theirs = self._with_tasks(tasks), others._with_tasks(tasks)
        names = [name.name for name in fields(self)[:-1]]
        both: dict[str, Any] = {
            name: np.concatenate([getattr(mine, name), getattr(theirs, name)]) for name in names
        }
        return Traits(**both, tasks=tasks)

    def _with_tasks(self, tasks: tuple[str, ...]) -> Traits:
        """Return the rows with columns for ``tasks``, a superset of its own."""
        if tasks == self.tasks:
            return self
        columns = [tasks.index(task) for task in self.tasks]
        declared = np.zeros((len(self.goals), len(tasks)), dtype=np.bool_)
        evidence = np.zeros((len(self.goals), len(tasks)))
        declared[:, columns], evidence[:, columns] = self.declared, self.evidence
        return replace(self, declared=declared, evidence=evidence, tasks=tasks)


def traits_of(listings: Sequence[Listing], counts: Sequence[Counts], glossary: Glossary) -> Traits:
    """Read the traits of capabilities from their fields and their words."""
    betrayed = [
        _roles_shown(listing, count, glossary)
        for listing, count in zip(listings, counts, strict=True)
    ]
    pointed = [task_evidence(count, glossary) for count in counts]
    stated = [frozenset(listing.tasks) for listing in listings]
    tasks = tuple(sorted(frozenset().union(*stated, *pointed)))
    shape = len(listings), len(tasks)
    return Traits(
        modes=_modes_answered(listings),
        market=np.array(
            [bool(listing.modes) and MARKET.issuperset(listing.modes) for listing in listings],
            dtype=np.bool_,
        ),
        goals=np.array([listing.goal or "" for listing in listings], dtype=np.str_),
        trl=np.array(
            [np.nan if listing.trl is None else listing.trl for listing in listings],
            dtype=np.float64,
        ),
        provinces=np.array([listing.province or "" for listing in listings], dtype=np.str_),
        roles=np.array([[own.get(role, 0.0) for role in ROLES] for own in betrayed]).reshape(
            -1, len(ROLES)
        ),
        declared=np.array(
            [[task in own for task in tasks] for own in stated], dtype=np.bool_
        ).reshape(shape),
        evidence=np.array([[own.get(task, 0.0) for task in tasks] for own in pointed]).reshape(
            shape
        ),
        tasks=tasks,
    )


def _roles_shown(listing: Listing, count: Counts, glossary: Glossary) -> dict[str, float]:
    """Return the roles that a capability states; subjects of every field make it a generalist."""
    stated = roles(listing)
    broad = breadth(count[CONCEPTS], glossary)
    return {**stated, GENERALIST: max(stated.get(GENERALIST, 0.0), broad)}


def _modes_answered(listings: Sequence[Listing]) -> Floats:
    answers = {code: np.array([likeness(wanted, code) for wanted in CODES]) for code in CODES}
    modes = np.zeros((len(listings), len(CODES)))
    for row, listing in zip(modes, listings, strict=True):
        for code in listing.modes:
            np.maximum(row, answers.get(code, 0.0), out=row)
    return modes


def task_evidence(counts: Counts, glossary: Glossary) -> dict[str, float]:
    """Return the share (0..1) of a text's concepts that point to each plan task."""
    pointed: dict[str, float] = {}
    total = 0.0
    for concept, count in counts[CONCEPTS].items():
        known = glossary.concepts.get(concept)
        tasks = known.tasks if known else ()
        total += count
        for task in tasks:
            pointed[task] = pointed.get(task, 0.0) + count / len(tasks)
    return {task: count / total for task, count in pointed.items()} if total else {}


def effects(
    need: Listing,
    traits: Traits,
    evidence: Evidence,
    weights: Weights,
    plan: PlanFacts | None = None,
) -> list[Effect]:
    """Return every effect on one need's pairs with capabilities, in the order of application."""
    excluded = weights.excluded * _central(evidence.excluded)
    refused = weights.refused * _central(evidence.refused)
    return [
        *_goal(need, traits, weights),
        *_modes(need, traits, weights),
        *_roles(traits, weights),
        Effect("mode", "disclaims", "", excluded),
        Effect("mode", "refused", "", refused),
        *_readiness(need, traits, weights),
        *_plan(need, traits, weights),
        *_region(need, traits, weights, plan),
    ]


def _central(strength: Floats) -> Floats:
    return np.maximum(strength - _CENTRAL, 0.0) / (1.0 - _CENTRAL)


def _goal(need: Listing, traits: Traits, weights: Weights) -> list[Effect]:
    """Compare the goals: people and equipment do not stand in for each other."""
    wanted = need.goal or ("talent" if groups_of(need.modes) == {TALENT} else "")
    if wanted not in ("talent", "technology_transfer"):
        return []
    lends_people = traits.modes[:, CODES.index(TALENT)] > 0
    offered = np.where(traits.goals == "", np.where(lends_people, "both", ""), traits.goals)
    fits = (offered == wanted) | (offered == "both") | ((wanted == "talent") & lends_people)
    gain = weights.goal_fits if wanted == "talent" else 0.0
    return [
        Effect(
            "mode",
            "goal",
            wanted,
            np.where(offered == "", 0.0, np.where(fits, gain, weights.goal_differs)),
        )
    ]


def _modes(need: Listing, traits: Traits, weights: Weights) -> list[Effect]:
    """Compare the modes: mostly by the average answer, a little by the best one."""
    wanted = [code for code in dict.fromkeys(need.modes) if code in CODES]
    if not wanted:
        return []
    answered = traits.modes[:, [CODES.index(code) for code in wanted]]
    share = 0.25 * answered.max(axis=1) + 0.75 * answered.mean(axis=1)
    gain = weights.mode_differs + (weights.mode_fits - weights.mode_differs) * share
    stated = traits.modes.any(axis=1)
    found = [Effect("mode", "mode", "", np.where(stated, gain, 0.0))]
    if not MARKET.issuperset(wanted):
        found.append(
            Effect("mode", "role", "market_only", np.where(traits.market, weights.market_only, 0.0))
        )
    return found


def _roles(traits: Traits, weights: Weights) -> list[Effect]:
    changes = {
        BUYS: weights.role_buys,
        REPORTS: weights.role_reports,
        TRADES: weights.role_trades,
        GENERALIST: weights.role_generalist,
    }
    return [
        Effect("mode", "role", role, changes[role] * traits.roles[:, index])
        for index, role in enumerate(ROLES)
    ]


def _readiness(need: Listing, traits: Traits, weights: Weights) -> list[Effect]:
    """Compare the levels: reaching the need's level helps, each missing level costs."""
    if need.trl is None:
        return []
    short = need.trl - traits.trl
    change = np.where(short > 0, weights.readiness_short * short, weights.readiness_meets)
    return [Effect("readiness", "readiness", "", np.where(np.isnan(short), 0.0, change))]


def _plan(need: Listing, traits: Traits, weights: Weights) -> list[Effect]:
    """Credit a shared plan task, or concepts of the capability that belong to the need's task."""
    found: list[Effect] = []
    for task in need.tasks:
        if task in traits.tasks:
            column = traits.tasks.index(task)
            evidence = np.minimum(1.0, 2.0 * traits.evidence[:, column])
            change = np.where(
                traits.declared[:, column], weights.plan_declared, weights.plan_evidence * evidence
            )
            found.append(Effect("plan", "task", task, change / len(need.tasks)))
    return found


def _region(
    need: Listing, traits: Traits, weights: Weights, plan: PlanFacts | None
) -> list[Effect]:
    """Credit a region that the plan names as a partner or puts on the partners' side."""
    if plan is None:
        return []
    named = np.isin(traits.provinces, sorted(plan.named_regions(need.tasks, need.province)))
    theirs = np.isin(traits.provinces, sorted(plan.partner_regions(need.tasks, need.province)))
    theirs &= ~named
    partners = sorted(code for code, side in plan.sides.items() if side == "partner")
    pairs = plan.sides.get(need.province or "") == "beneficiary"
    partner = np.isin(traits.provinces, partners) & ~named & ~theirs & pairs
    return [
        Effect("region", "named_partner", "", np.where(named, weights.region_named, 0.0)),
        Effect("region", "partner_region", "", np.where(theirs, weights.region_named, 0.0)),
        Effect("region", "partner_side", "", np.where(partner, weights.region_partner, 0.0)),
    ]
