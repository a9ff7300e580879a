"""Key tasks that a text speaks of: the engine's word, for the author to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker import engine
from matchmaker.plan import facts
from matchmaker.plan.models import KeyTask


@dataclass(frozen=True, slots=True)
class Proposal:
    """A task, and the words of the text that led there."""

    task_id: int
    words: tuple[str, ...]


def propose(text: str, language: str, tasks: Sequence[KeyTask], region: str) -> list[Proposal]:
    """Return the tasks that a text speaks of most, at most three; the region's count more."""
    ids = {task.code: task.id for task in tasks}
    known = list(facts.of_tasks(tasks).tasks.values())
    found = engine.propose_tasks(text, language or None, known, region=region or None)
    return [Proposal(ids[proposal.task], proposal.terms) for proposal in found]
