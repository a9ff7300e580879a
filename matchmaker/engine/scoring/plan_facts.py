"""Facts of a cooperation plan about regions and partners, handed in by the caller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..listing import LANGUAGES


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One key task of a plan.

    Parameters
    ----------
    id : str
        The task's code.
    region : str | None
        Its region, a GB/T 2260 two-digit code.
    partner_regions : frozenset[str]
        Codes of the regions that its partners belong to.
    texts : Mapping[str, str]
        Language -> title, fields and keywords as running text, for ``propose_tasks``.
    named_regions : frozenset[str]
        The regions that it names itself. A region where only a named body is does not count.

    Examples
    --------
    >>> TaskFacts("QH-2", region="63", partner_regions=frozenset({"12", "37"})).region
    '63'
    """

    id: str
    region: str | None = None
    partner_regions: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    named_regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan's tasks and the side of each province.

    Parameters
    ----------
    tasks : Mapping[str, TaskFacts]
        Task id -> ``TaskFacts``.
    sides : Mapping[str, str]
        GB/T 2260 two-digit code -> "beneficiary", "partner" or "other".

    Examples
    --------
    >>> plan = PlanFacts.from_mapping({
    ...     "initiatives": [{"tasks": [
    ...         {"id": "QH-2", "region": "63", "partners": [{"kind": "region", "regions": ["37"]}]},
    ...     ]}],
    ...     "sides": {"beneficiary": ["63"], "partner": ["37"]},
    ... })
    >>> plan.named_regions(("QH-2",), None), plan.partner_regions(("QH-2",), None)
    (frozenset({'37'}), frozenset({'37'}))
    """

    tasks: Mapping[str, TaskFacts] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)

    def partner_regions(self, tasks: tuple[str, ...], province: str | None) -> frozenset[str]:
        """Return the regions that the partners of a need's tasks belong to.

        Parameters
        ----------
        tasks : tuple[str, ...]
            Ids of the need's tasks; unknown ones are ignored.
        province : str | None
            The need's province; its tasks stand in when ``tasks`` has none.

        Returns
        -------
        frozenset[str]
            Codes of the regions.
        """
        chosen = self._chosen(tasks, province)
        return frozenset().union(*(task.partner_regions for task in chosen))

    def named_regions(self, tasks: tuple[str, ...], province: str | None) -> frozenset[str]:
        """Return the regions that a need's tasks name as partners.

        Parameters
        ----------
        tasks : tuple[str, ...]
            Ids of the need's tasks; unknown ones are ignored.
        province : str | None
            The need's province; its tasks stand in when ``tasks`` has none.

        Returns
        -------
        frozenset[str]
            Codes of the regions.
        """
        chosen = self._chosen(tasks, province)
        return frozenset().union(*(task.named_regions for task in chosen))

    def _chosen(self, tasks: tuple[str, ...], province: str | None) -> list[TaskFacts]:
        chosen = [self.tasks[task] for task in tasks if task in self.tasks]
        if not chosen and province:
            chosen = [task for task in self.tasks.values() if task.region == province]
        return chosen

    @classmethod
    def from_mapping(cls, plan: Mapping[str, Any]) -> PlanFacts:
        """Return the facts of a plan's data file.

        Parameters
        ----------
        plan : Mapping[str, Any]
            ``initiatives``, each with ``tasks``, and ``sides`` (side -> codes).

        Raises
        ------
        KeyError
            When a task has no id.
        """
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


# Kinds of partners that stand for a body or a group of provinces: naming one names no province.
_UNNAMED = frozenset({"body", "group"})


def _task_facts(task: Mapping[str, Any], initiative: Mapping[str, Any]) -> TaskFacts:
    regions: set[str] = set()
    named: set[str] = set()
    for partner in task.get("partners") or ():
        own = set(map(str, partner.get("regions") or ()))
        if partner.get("region"):
            own.add(str(partner["region"]))
        regions |= own
        if partner.get("kind") not in _UNNAMED:
            named |= own
    region = task.get("region") or initiative.get("region")
    texts = {language: ". ".join(_texts(task, language)) for language in LANGUAGES}
    return TaskFacts(
        task["id"], str(region) if region else None, frozenset(regions), texts, frozenset(named)
    )


def _texts(task: Mapping[str, Any], language: str) -> Iterator[str]:
    for named in (task.get("title"), *(task.get("fields") or ())):
        if isinstance(named, str):
            yield named
        elif named and named.get(language):
            yield str(named[language])
            yield from map(str, (named.get("keywords") or {}).get(language) or ())
