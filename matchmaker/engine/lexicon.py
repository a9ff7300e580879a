"""A bilingual lexicon learned from the glossary's own labels, so that words outside any concept cross languages too.

The glossary is a small parallel corpus: 锂电池 | lithium battery | batería de litio. Which stem a word stands for is
learned with IBM Model 1 (P. F. Brown et al., "The Mathematics of Statistical Machine Translation", Computational
Linguistics 19(2), 1993): expectation maximisation lets the units of a label compete for the stems on the other side.
English stems are the common space: a Chinese or Spanish word stands for a few of them, an English word for itself.

A dictionary of words (Chinese headwords with English glosses, Spanish words with English ones) is more labels of
the same kind: it joins here, as further bags of units beside those of the concepts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .folding import fold
from .glossary import Concept, Glossary
from .tokens import HAN_WORD, label_terms, tokenise

Senses = tuple[tuple[str, float], ...]
Bag = dict[str, float]

_ROUNDS = 3
_LEAST = 0.1
_MOST_SENSES = 4
_NOTHING = 2.5  # how much of a stem may come from no unit at all, in units of an even guess


class Lexicon:
    """What Chinese units and Spanish stems stand for among English stems.

    ``senses`` maps "zh" and "es" to unit -> ((stem, weight), ...); the weights of a unit add up to one and favour the
    likely: probability squared, then normalised.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        known = tuple(concepts)
        english = [_bag(concept.labels.get("en", ()), "en") for concept in known]
        self.senses: dict[str, Mapping[str, Senses]] = {
            language: _learn([_bag(concept.labels.get(language, ()), language) for concept in known], english)
            for language in ("zh", "es")
        }
        self._chinese: dict[str, list[Senses]] = {}

    def chinese(self, word: str) -> list[Senses]:
        """Return the senses of a Chinese word, or else those of the longest known pieces it is made of."""
        if word not in self._chinese:
            self._chinese[word] = self._compose(word)
        return self._chinese[word]

    def _compose(self, word: str) -> list[Senses]:
        known = self.senses["zh"]
        if word in known:
            return [known[word]]
        found: list[Senses] = []
        place = 0
        while place < len(word):
            piece = next((word[place : place + size] for size in (2, 1) if word[place : place + size] in known), "")
            if piece:
                found.append(known[piece])
            place += len(piece) or 1
        return found

    def spanish(self, stem: str) -> Senses:
        """Return the senses of a Spanish stem; none when it is unknown."""
        return self.senses["es"].get(stem, ())


def _bag(labels: tuple[str, ...], language: str) -> Bag:
    """The units of a concept's labels, each with the share of the labels that hold it."""
    units: Counter[str] = Counter()
    for label in labels:
        units.update(_units(label, language))
    return {unit: count / len(labels) for unit, count in units.items()}


def _units(label: str, language: str) -> set[str]:
    """Latin stems; Chinese words, their characters and pairs of characters."""
    folded = fold(label)
    if language != "zh":
        return {term for term in label_terms(folded, language) if term[:1].isalpha()}
    words = [token.term for token in tokenise(folded, language) if token.kind == HAN_WORD]
    return {piece for word in words for piece in (word, *word, *map("".join, pairwise(word)))}


def _learn(source: list[Bag], target: list[Bag]) -> dict[str, Senses]:
    """Return, for each source unit, the target stems it stands for (IBM Model 1 over pairs of bags)."""
    units = {unit: number for number, unit in enumerate(sorted({unit for bag in source for unit in bag}))}
    stems = {stem: number for number, stem in enumerate(sorted({stem for bag in target for stem in bag}))}
    if not units or not stems:
        return {}
    bags, left, right, weights = _pairs(source, target, units, stems)
    pairs, pair = np.unique(left * len(stems) + right, return_inverse=True)
    slots, slot = np.unique(bags * len(stems) + right, return_inverse=True)
    unit_of = pairs // len(stems)
    chance = np.ones(len(pairs))
    chance /= np.bincount(unit_of, chance)[unit_of]
    for _ in range(_ROUNDS):
        pull = chance[pair] * weights[:, 0]
        total = np.bincount(slot, pull, minlength=len(slots)) + _NOTHING / len(stems)
        counts = np.bincount(pair, weights[:, 1] * pull / total[slot], minlength=len(pairs))
        chance = counts / np.maximum(np.bincount(unit_of, counts)[unit_of], 1e-12)
    return _best(pairs, chance, list(units), list(stems))


def _pairs(
    source: list[Bag], target: list[Bag], units: dict[str, int], stems: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Every unit beside every stem of the same concept: concept, unit, stem, and the weight of both (pairs, 2)."""
    bags, left, right, weights = [], [], [], []
    for number, (own, other) in enumerate(zip(source, target, strict=True)):
        if own and other:
            bags.append(np.full(len(own) * len(other), number))
            left.append(np.repeat([units[unit] for unit in own], len(other)))
            right.append(np.tile([stems[stem] for stem in other], len(own)))
            both = np.repeat(list(own.values()), len(other)), np.tile(list(other.values()), len(own))
            weights.append(np.column_stack(both))
    return (
        np.concatenate(bags).astype(np.int64),
        np.concatenate(left).astype(np.int64),
        np.concatenate(right).astype(np.int64),
        np.concatenate(weights),
    )


def _best(
    pairs: NDArray[np.int64], chance: NDArray[np.float64], units: list[str], stems: list[str]
) -> dict[str, Senses]:
    found: dict[str, list[tuple[float, str]]] = {}
    for index in np.flatnonzero(chance >= _LEAST):
        left, right = divmod(int(pairs[index]), len(stems))
        found.setdefault(units[left], []).append((-float(chance[index]), stems[right]))
    senses: dict[str, Senses] = {}
    for unit, scored in found.items():
        likely = sorted(scored)[:_MOST_SENSES]
        total = sum(negative**2 for negative, _ in likely)
        senses[unit] = tuple((stem, negative**2 / total) for negative, stem in likely)
    return senses


@lru_cache(maxsize=4)
def lexicon_of(glossary: Glossary) -> Lexicon:
    """Return the lexicon of a glossary, learned once per process."""
    return Lexicon(glossary.concepts.values())
