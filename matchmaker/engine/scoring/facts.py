"""What a cooperation plan says about regions and partners, as plain values handed in by the caller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..listing import LANGUAGES


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One key task: its region and the partner regions it names (GB/T 2260 two-digit codes).

    ``texts`` (language -> title, fields and keywords as running text) is what ``propose_tasks`` compares with.
    """

    id: str
    region: str | None = None
    partner_regions: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan's tasks by id, and the side ("beneficiary", "partner", "other") of each province."""

    tasks: Mapping[str, TaskFacts] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)

    def named_partners(self, tasks: tuple[str, ...], province: str | None) -> frozenset[str]:
        """Return the partner regions named by a need's tasks; without tasks, by all tasks of its province."""
        chosen = [self.tasks[task] for task in tasks if task in self.tasks]
        if not chosen and province:
            chosen = [task for task in self.tasks.values() if task.region == province]
        return frozenset().union(*(task.partner_regions for task in chosen))

    @classmethod
    def from_mapping(cls, plan: Mapping[str, Any]) -> PlanFacts:
        """Return the facts of a plan in the form of its data file (``initiatives`` with ``tasks``, and ``sides``)."""
        tasks = {
            task["id"]: _task_facts(task, initiative)
            for initiative in plan.get("initiatives", ())
            for task in initiative.get("tasks", ())
        }
        sides = {
            str(code): side
            for side in ("partner", "beneficiary")
            for code in (plan.get("sides") or {}).get(side, ())
        }
        return cls(tasks, sides)


def _task_facts(task: Mapping[str, Any], initiative: Mapping[str, Any]) -> TaskFacts:
    regions: set[str] = set()
    for partner in task.get("partners") or ():
        regions.update(map(str, partner.get("regions") or ()))
        if partner.get("region"):
            regions.add(str(partner["region"]))
    region = task.get("region") or initiative.get("region")
    texts = {language: ". ".join(_texts(task, language)) for language in LANGUAGES}
    return TaskFacts(task["id"], str(region) if region else None, frozenset(regions), texts)


def _texts(task: Mapping[str, Any], language: str) -> Iterator[str]:
    for named in (task.get("title"), *(task.get("fields") or ())):
        if isinstance(named, str):
            yield named
        elif named and named.get(language):
            yield str(named[language])
            yield from map(str, (named.get("keywords") or {}).get(language) or ())
