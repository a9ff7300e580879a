"""Concepts that everyday words name."""

from __future__ import annotations

from functools import cache

from ..paths import DATA
from ..text.everyday import everyday_words, key_of
from .glossary import Concept


@cache
def general_concepts() -> frozenset[str]:
    """Return the concepts of how projects go: texts of any subject name a budget or a laboratory.

    They were chosen by reading from the two hundred that most listings of the background name.

    Examples
    --------
    >>> "laboratory" in general_concepts()
    True
    """
    return frozenset((DATA / "empty" / "concepts.txt").read_text(encoding="utf-8").split())


def is_everyday(concept: Concept) -> bool:
    """Tell whether most languages name a concept by an everyday word.

    Such a concept is no topic, because every text names it.

    Parameters
    ----------
    concept : Concept
        The concept.

    Examples
    --------
    >>> is_everyday(Concept("work", {"en": ("work",), "es": ("trabajo",), "zh": ("工作",)}))
    True
    """
    preferred = [(language, labels[0]) for language, labels in concept.labels.items() if labels]
    return 2 * sum(
        key_of(label, language) in everyday_words(language) for language, label in preferred
    ) > len(preferred)
