"""A plan as the engine reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matchmaker.engine import PlanFacts
from matchmaker.plan.models import KeyTask, Plan


def of_plan(plan: Plan | None) -> PlanFacts | None:
    """Return what a plan with its tasks says of regions and partners."""
    if plan is None:
        return None
    initiatives = [
        {"region": initiative.region, "tasks": _entries(initiative.tasks)}
        for initiative in plan.initiatives
    ]
    return PlanFacts.from_mapping({"sides": plan.sides, "initiatives": initiatives})


def of_tasks(tasks: Iterable[KeyTask]) -> PlanFacts:
    """Return what some tasks say, without the plan around them."""
    return PlanFacts.from_mapping({"initiatives": [{"tasks": _entries(tasks)}]})


def _entries(tasks: Iterable[KeyTask]) -> list[dict[str, Any]]:
    return [
        {
            "id": task.code,
            "region": task.region,
            "title": task.title,
            "fields": task.fields,
            "partners": task.partners,
        }
        for task in tasks
    ]
