"""Search terms of listings and queries, from the engine's own analysis of text.

Terms are Latin stems, Chinese characters and pairs of them, names, quantities and concepts. By its
concepts, a query in one language finds listings in the others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..lexicon.glossary import default_glossary
from ..lexicon.terms import CONCEPT_PREFIX, analyse
from ..text.folding import fold
from ..text.language import is_han

CONCEPT = CONCEPT_PREFIX
LONGEST_TERM, LONGEST_QUERY, MOST_TERMS = 80, 200, 64
MOST_FOUND = 2_000  # listings that a search looks at, the best by score
# A hit covers this share of the query; a rare word counts more.
COVER = 0.5
SATURATION, TYPICAL_LENGTH = 1.2, 250.0
CONCEPT_WEIGHT = 0.8


Texts = Iterable[tuple[str, float]]  # (text, weight of its field)
TermWeights = dict[str, float]  # term → weight


def search_row(public: Texts, members: Texts, language: str) -> tuple[TermWeights, TermWeights]:
    """Return the weighted terms of a listing by tier.

    Public terms are weighed by the public texts alone, so that members' texts never move a
    visitor's results.

    Parameters
    ----------
    public : Texts
        Texts that everybody may read, each with the weight of its field.
    members : Texts
        Texts that members alone may read.
    language : str
        "zh", "en" or "es".

    Returns
    -------
    tuple[TermWeights, TermWeights]
        Term weights of the public texts, and of terms that only the members' texts have.

    Examples
    --------
    >>> public, members = search_row([("Brine pumps", 3.0)], [("Sealed pumps", 1.0)], "en")
    >>> sorted(term for term in public if not term.startswith("concept:"))
    ['brine', 'pump']
    >>> [term for term in members if not term.startswith("concept:")]
    ['seal']
    """
    open_terms = _weighed(public, language)
    more_terms = _weighed(members, language)
    return open_terms, {
        term: weight for term, weight in more_terms.items() if term not in open_terms
    }


def _weighed(texts: Texts, language: str) -> TermWeights:
    """Return each term's frequency, weighted by field and saturated as in BM25."""
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
    """Return the terms of a text without overlong ones and long Chinese words."""
    return [
        term
        for term in analyse(text, language)
        if len(term) <= LONGEST_TERM and not _is_long_chinese(term)
    ]


def _is_long_chinese(term: str) -> bool:
    """Tell whether a term is a Chinese word whose pairs of characters are terms too."""
    return len(term) > 2 and all(map(is_han, term))


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as one language reads it: its words, and for each concept the words it stands for."""

    words: tuple[str, ...]
    concepts: Mapping[str, tuple[str, ...]]

    @property
    def terms(self) -> tuple[str, ...]:
        """The words and the concepts of the query."""
        return (*self.words, *self.concepts)


def read_query(text: str) -> list[Reading]:
    """Read a query.

    Latin words are read both as English and as Spanish, since a few words do not tell which.

    Parameters
    ----------
    text : str
        The query; its first 200 characters count.

    Returns
    -------
    list[Reading]
        One reading for each language that the query may be in.

    Examples
    --------
    >>> [reading.words for reading in read_query("pumps")]
    [('pump',), ('pumps',)]
    """
    folded = fold(text[:LONGEST_QUERY])
    languages = ("zh",) if any(map(is_han, folded)) else ("en", "es")
    return [_read(folded, language) for language in languages]


def warm() -> None:
    """Load the data of the analysis, about a second's work, before the first query comes.

    Examples
    --------
    >>> warm()
    """
    for text in ("warm", "预热", "預熱"):
        read_query(text)


def _read(folded: str, language: str) -> Reading:
    concepts: dict[str, tuple[str, ...]] = {}
    for mention in default_glossary().find(folded, language):
        for concept in mention.concepts:
            concepts.setdefault(
                CONCEPT + concept, _words(folded[mention.start : mention.end], language)
            )
    return Reading(_words(folded, language), concepts)


def _words(text: str, language: str) -> tuple[str, ...]:
    """Return the words of a text; a Chinese character only where it is in no pair."""
    words = [term for term in dict.fromkeys(_terms(text, language)) if not term.startswith(CONCEPT)]
    paired = {char for word in words if len(word) == 2 and is_han(word[0]) for char in word}
    return tuple(word for word in words if word not in paired)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A term of a query: its weight, and the share it covers in each way to read the query."""

    term: str
    weight: float
    covers: tuple[float, ...]


def weigh(
    readings: Sequence[Reading], frequencies: Mapping[str, int], total: int
) -> list[Weighted]:
    """Return the terms to look for, weightiest first; none when no listing has any of them.

    A listing is a hit when its words, or its concepts, cover ``COVER`` of the query in one reading.
    ``frequencies`` counts the listings with a term, out of ``total``. A word that occurs nowhere
    leaves the other words' cover as it is, but lowers their weight below a concept's.
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
    """Return the inverse document frequency of BM25, never negative."""
    return math.log(1 + (max(total - frequency, 0) + 0.5) / (frequency + 0.5))
