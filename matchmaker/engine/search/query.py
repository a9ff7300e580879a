"""Search in terms of the engine's own analysis: what a listing is found by, and what a query asks for.

Terms are Latin stems, Chinese characters and pairs of them, names and quantities, and concepts, by which a query in
one language finds listings in the others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

CONCEPT = "concept:"
LONGEST_TERM, LONGEST_QUERY, MOST_TERMS = 80, 200, 64
MOST_FOUND = 2_000  # how many listings a search looks at, the best by what they have of the query
# A match must cover this share of the query, each word counting by how rare it is.
COVER = 0.5
SATURATION, TYPICAL_LENGTH = 1.2, 250.0
CONCEPT_WEIGHT = 0.8


Texts = Iterable[tuple[str, float]]  # (text, weight of its field)
Weights = dict[str, float]  # term → weight


def search_row(public: Texts, members: Texts, language: str) -> tuple[Weights, Weights]:
    """What everybody finds a listing by, and what members find it by beside that.

    What a public text says is weighed by the public texts alone, so that nothing else moves a visitor's results.
    """
    open_terms = _weighed(public, language)
    more_terms = _weighed(members, language)
    return open_terms, {
        term: weight for term, weight in more_terms.items() if term not in open_terms
    }


def _weighed(texts: Texts, language: str) -> Weights:
    """Each term's frequency, by field, made to saturate as in BM25."""
    counts: defaultdict[str, float] = defaultdict(float)
    length = 0
    for text, field_weight in texts:
        for term in _terms(text, language):
            counts[term] += field_weight
            length += 1
    damping = SATURATION * (0.6 + 0.4 * length / TYPICAL_LENGTH)
    return {
        term: round(count * (SATURATION + 1) / (count + damping), 4)
        for term, count in counts.items()
    }


def _terms(text: str, language: str) -> list[str]:
    """The engine's terms, without those that are too long and those that others stand for."""
    from matchmaker.engine import analyse

    return [
        term
        for term in analyse(text, language)
        if len(term) <= LONGEST_TERM and not _is_long_chinese(term)
    ]


def _is_long_chinese(term: str) -> bool:
    """A Chinese word whose pairs of characters are terms too."""
    return len(term) > 2 and not term[0].isascii() and all(_is_han(char) for char in term)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as one language reads it: its words, and under each concept the words that the concept stands for."""

    words: tuple[str, ...]
    concepts: Mapping[str, tuple[str, ...]]

    @property
    def terms(self) -> tuple[str, ...]:
        return (*self.words, *self.concepts)


def read_query(text: str) -> list[Reading]:
    """What a query asks for. Latin words are read both as English and as Spanish: a few words do not tell which."""
    from matchmaker.engine.text.folding import fold

    folded = fold(text[:LONGEST_QUERY])
    languages = ("zh",) if any(map(_is_han, folded)) else ("en", "es")
    return [_read(folded, language) for language in languages]


def warm() -> None:
    """Load what the analysis needs, about a second's work, so that no reader waits for it."""
    for text in ("warm", "预热", "預熱"):
        read_query(text)


def _read(folded: str, language: str) -> Reading:
    from matchmaker.engine import default_glossary

    concepts: dict[str, tuple[str, ...]] = {}
    for mention in default_glossary().find(folded, language):
        for concept in mention.concepts:
            concepts.setdefault(
                CONCEPT + concept, _words(folded[mention.start : mention.end], language)
            )
    return Reading(_words(folded, language), concepts)


def _words(text: str, language: str) -> tuple[str, ...]:
    """The terms of a text that are no concepts; a Chinese character only where it is in no pair."""
    words = [term for term in dict.fromkeys(_terms(text, language)) if not term.startswith(CONCEPT)]
    paired = {char for word in words if len(word) == 2 and _is_han(word[0]) for char in word}
    return tuple(word for word in words if word not in paired)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A term as the index is asked for it: its weight, and the share of each way to match that it covers."""

    term: str
    weight: float
    covers: tuple[float, ...]


def weigh(
    readings: Sequence[Reading], frequencies: Mapping[str, int], total: int
) -> list[Weighted]:
    """The terms to look for; empty when nothing that the reader may see has any of them.

    A listing matches when, in one reading, its words cover `COVER` of the query, or its concepts do. `frequencies`
    counts the listings that have a term, out of `total`. A word that occurs nowhere does not count against the others;
    it does make them count less than a concept that stands for it too.
    """
    covers: dict[str, list[float]] = {}
    weights: dict[str, float] = {}

    def worth(words: Iterable[str]) -> float:
        return sum(_rarity(frequencies.get(word, 0), total) for word in words)

    def add(term: str, way: int, cover: float, weight: float) -> None:
        covers.setdefault(term, [0.0] * 2 * len(readings))[way] = cover
        weights[term] = max(weights.get(term, 0.0), weight * worth([term]))

    for number, reading in enumerate(readings):
        known = [word for word in reading.words if frequencies.get(word)]
        for word in known:
            add(word, 2 * number, worth([word]) / worth(known), worth(known) / worth(reading.words))
        for concept, words in reading.concepts.items():
            if frequencies.get(concept) and reading.words:
                add(concept, 2 * number + 1, worth(words) / worth(reading.words), CONCEPT_WEIGHT)
    found = [Weighted(term, weights[term], tuple(shares)) for term, shares in covers.items()]
    return sorted(found, key=lambda term: (-term.weight, term.term))[:MOST_TERMS]


def _rarity(frequency: int, total: int) -> float:
    """Inverse document frequency as BM25 has it, never negative."""
    return math.log(1 + (max(total - frequency, 0) + 0.5) / (frequency + 0.5))
