"""Words of the other languages that a word of a query may stand for, by the dictionaries.

English is the common space: Chinese and Spanish words meet over the English stems of their senses.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..lexicon.dictionary import inverse, shipped
from ..text.tokens import HAN_WORD, WORD
from .words import Terms, Word, han_terms

LEAST = 0.5  # weight of a sense that still says the word


def translations(word: Word) -> tuple[tuple[Terms, float], ...]:
    """Return terms of the other languages for a word, with weights 0 to 1, the best first."""
    if word.kind == HAN_WORD:
        return _from_chinese(word.text)
    if word.kind == WORD:
        stems = [terms[0] for terms in word.readings]
        return _from_latin(stems[0], stems[-1])
    return ()


@lru_cache(maxsize=10_000)
def _from_chinese(word: str) -> tuple[tuple[Terms, float], ...]:
    english = {stem: weight for stem, weight in shipped("zh").senses(word) if weight >= LEAST}
    return _best([*_as_terms(english), *_spanish(english)])


@lru_cache(maxsize=10_000)
def _from_latin(english: str, spanish: str) -> tuple[tuple[Terms, float], ...]:
    senses = {stem: weight for stem, weight in shipped("es").senses(spanish) if weight >= LEAST}
    through = {english: 1.0, **senses}
    return _best([*_as_terms(senses), *_chinese(through), *_spanish({english: 1.0})])


def _as_terms(stems: dict[str, float]) -> Iterator[tuple[Terms, float]]:
    return (((stem,), weight) for stem, weight in stems.items())


def _chinese(english: dict[str, float]) -> Iterator[tuple[Terms, float]]:
    for stem, weight in english.items():
        for word, share in inverse("zh").senses(stem):
            yield han_terms(word), weight * share


def _spanish(english: dict[str, float]) -> Iterator[tuple[Terms, float]]:
    for stem, weight in english.items():
        for word, share in inverse("es").senses(stem):
            yield (word,), weight * share


def _best(found: list[tuple[Terms, float]]) -> tuple[tuple[Terms, float], ...]:
    weights: dict[Terms, float] = {}
    for terms, weight in found:
        weights[terms] = max(weights.get(terms, 0.0), weight)
    return tuple(
        sorted(
            ((terms, weight) for terms, weight in weights.items() if weight >= LEAST),
            key=lambda one: (-one[1], one[0]),
        )
    )
