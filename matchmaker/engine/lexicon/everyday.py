"""Concepts that everyday words name."""

from __future__ import annotations

from ..text.everyday import everyday_words, key_of
from .glossary import Concept


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
