"""Proposals of plan tasks that a text belongs to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..lexicon.glossary import Glossary, default_glossary
from ..text.folding import fold_with_offsets
from ..text.language import detect_language
from ..vectors.features import CONCEPTS, Occurrence, words_and_concepts
from .plan_facts import TaskFacts

Key = tuple[str, str]  # channel, term
Profiles = dict[str, dict[Key, float]]
Spread = Counter[Key]

_OWN_TASK, _SAME_CONCEPT, _BROADER = 1.0, 1.5, 0.5


@dataclass(frozen=True, slots=True)
class TaskProposal:
    """A task proposed for a text.

    Parameters
    ----------
    task : str
        The task's id.
    score : float
        Its share of all evidence, 0..1.
    terms : tuple[str, ...]
        The strongest terms that led there, as written in the text.

    Examples
    --------
    >>> TaskProposal("QH-2", 0.8, ("lithium",)).task
    'QH-2'
    """

    task: str
    score: float
    terms: tuple[str, ...]


def propose_tasks(
    text: str,
    language: str | None,
    tasks: Sequence[TaskFacts],
    *,
    region: str | None = None,
    glossary: Glossary | None = None,
    k: int = 3,
) -> list[TaskProposal]:
    """Propose the plan tasks that a text speaks of most.

    Terms count for the tasks of their concept and for tasks whose own texts name them.
    A term that few tasks share counts more.

    Parameters
    ----------
    text : str
        The listing's text.
    language : str | None
        "zh", "en" or "es"; detected if None.
    tasks : Sequence[TaskFacts]
        The plan's tasks.
    region : str | None
        The listing's region, a GB/T 2260 two-digit code; its tasks count double, because the same
        field is a task in several regions.
    glossary : Glossary | None
        Concepts to find; the shipped ones if None.
    k : int
        The most tasks to return.

    Returns
    -------
    list[TaskProposal]
        At most ``k`` proposals, best first; none when the text names no task's terms.

    Examples
    --------
    >>> tasks = [
    ...     TaskFacts("QH-2", "63", texts={"en": "lithium from salt lake brine"}),
    ...     TaskFacts("XZ-2", "54", texts={"en": "highland barley breeding"}),
    ... ]
    >>> [one.task for one in propose_tasks("An adsorbent for lithium brine", "en", tasks)]
    ['QH-2']
    """
    glossary = default_glossary() if glossary is None else glossary
    language = detect_language(text, language)
    _, offsets = fold_with_offsets(text)
    profiles, spread = _profiles(
        tuple((task.id, tuple(sorted(task.texts.items()))) for task in tasks), glossary
    )
    evidence: dict[str, dict[str, float]] = {task.id: {} for task in tasks}
    for occurrence in words_and_concepts(text, language, glossary):
        surface = text[offsets[occurrence.start] : offsets[occurrence.end]].rstrip()
        for task, weight in _pointed(occurrence, profiles, spread, glossary):
            known = evidence[task].get(surface, 0.0)
            evidence[task][surface] = max(known, weight * occurrence.weight)
    totals = {task.id: _boosted(task, region) * sum(evidence[task.id].values()) for task in tasks}
    everything = sum(totals.values())
    best = sorted(
        (task for task in totals if totals[task] > 0), key=lambda task: (-totals[task], task)
    )[:k]
    return [
        TaskProposal(task, totals[task] / everything, _strongest(evidence[task])) for task in best
    ]


@lru_cache(maxsize=8)
def _profiles(
    tasks: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], glossary: Glossary
) -> tuple[Profiles, Spread]:
    """Return each task's profile, and the number of profiles that hold each term."""
    profiles = {task: _profile(texts, glossary) for task, texts in tasks}
    return profiles, Counter(term for profile in profiles.values() for term in profile)


def _profile(texts: tuple[tuple[str, str], ...], glossary: Glossary) -> dict[Key, float]:
    """Return the weighted terms of a task's texts; the next broader concepts count less."""
    profile: dict[Key, float] = {}
    for language, text in texts:
        for occurrence in words_and_concepts(text, language, glossary):
            profile[occurrence.channel, occurrence.term] = 1.0
    for channel, concept in list(profile):
        if channel == CONCEPTS:
            for ancestor in glossary.ancestors(concept)[:1]:
                profile.setdefault((CONCEPTS, ancestor), _BROADER)
    return profile


def _pointed(
    occurrence: Occurrence,
    profiles: Profiles,
    spread: Spread,
    glossary: Glossary,
) -> Iterable[tuple[str, float]]:
    key = (occurrence.channel, occurrence.term)
    for task, profile in profiles.items():
        if key in profile:
            factor = _SAME_CONCEPT if occurrence.channel == CONCEPTS else _BROADER
            yield task, factor * profile[key] * math.log(1.0 + len(profiles) / spread[key])
    concept = glossary.concepts.get(occurrence.term) if occurrence.channel == CONCEPTS else None
    for task in concept.tasks if concept else ():
        if task in profiles and concept:
            yield task, _OWN_TASK * math.log(1.0 + len(profiles) / len(concept.tasks))


def _boosted(task: TaskFacts, region: str | None) -> float:
    return 2.0 if region and task.region == region else 1.0


def _strongest(evidence: dict[str, float], most: int = 5) -> tuple[str, ...]:
    return tuple(sorted(evidence, key=lambda term: (-evidence[term], term))[:most])
