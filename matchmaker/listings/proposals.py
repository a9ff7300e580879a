"""Which key tasks a text speaks of: the engine's word, for the author to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.plan.models import KeyTask


@dataclass(frozen=True, slots=True)
class Proposal:
    """A task, and the words of the text that led there."""

    task_id: int
    words: tuple[str, ...]


def propose(text: str, language: str, tasks: Sequence[KeyTask], region: str) -> list[Proposal]:
    """The tasks a text speaks of most, best first, at most three; those of the region count more."""
    from matchmaker.engine import PlanFacts, propose_tasks

    ids = {task.code: task.id for task in tasks}
    entries = [
        {
            "id": task.code,
            "region": task.region,
            "title": task.title,
            "fields": task.fields,
            "partners": task.partners,
        }
        for task in tasks
    ]
    facts = PlanFacts.from_mapping({"initiatives": [{"tasks": entries}]})
    found = propose_tasks(text, language or None, list(facts.tasks.values()), region=region or None)
    return [Proposal(ids[proposal.task], proposal.terms) for proposal in found]
