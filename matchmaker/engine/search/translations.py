"""Words of the other languages that a word of a query may stand for, by the dictionaries.

English is the common space: Chinese and Spanish words meet over the English stems of their senses.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..lexicon.dictionary import inverse, shipped
from ..text.tokens import HAN_WORD, WORD
from .words import Reading, Word, han_terms

Meant = tuple[Reading, float]  # how a text says it, and the weight of that sense, 0 to 1
LEAST = 0.5  # weight of a sense that still says the word


def translations(word: Word) -> tuple[Meant, ...]:
    """Return terms of the other languages for a word, with weights 0 to 1, the best first."""
    if word.kind == HAN_WORD:
        return _from_chinese(word.text)
    if word.kind == WORD:
        stems = [reading.terms[0] for reading in word.readings]
        return _from_latin(stems[0], stems[-1])
    return ()


@lru_cache(maxsize=10_000)
def _from_chinese(word: str) -> tuple[Meant, ...]:
    english = {stem: weight for stem, weight in shipped("zh").senses(word) if weight >= LEAST}
    return _best([*_as_terms(english), *_spanish(english)])


@lru_cache(maxsize=10_000)
def _from_latin(english: str, spanish: str) -> tuple[Meant, ...]:
    senses = {stem: weight for stem, weight in shipped("es").senses(spanish) if weight >= LEAST}
    through = {english: 1.0, **senses}
    return _best([*_as_terms(senses), *_chinese(through), *_spanish({english: 1.0})])


def _as_terms(stems: dict[str, float]) -> Iterator[Meant]:
    return ((Reading((stem,), "en"), weight) for stem, weight in stems.items())


def _chinese(english: dict[str, float]) -> Iterator[Meant]:
    for stem, weight in english.items():
        for word, share in inverse("zh").senses(stem):
            yield Reading(han_terms(word)), weight * share


def _spanish(english: dict[str, float]) -> Iterator[Meant]:
    for stem, weight in english.items():
        for word, share in inverse("es").senses(stem):
            yield Reading((word,), "es"), weight * share


def _best(found: list[Meant]) -> tuple[Meant, ...]:
    weights: dict[Reading, float] = {}
    for reading, weight in found:
        weights[reading] = max(weights.get(reading, 0.0), weight)
    return tuple(
        sorted(
            ((reading, weight) for reading, weight in weights.items() if weight >= LEAST),
            key=lambda one: (-one[1], one[0]),
        )
    )
