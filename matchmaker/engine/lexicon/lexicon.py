"""A bilingual lexicon learned from the glossary's labels, by which more words cross languages.

The glossary is a small parallel corpus: 锂电池 | lithium battery | batería de litio. IBM Model 1
learns which stem a word stands for (P. F. Brown et al., "The Mathematics of Statistical Machine
Translation", Computational Linguistics 19(2), 1993). By expectation maximisation, the units of a
label compete for the stems on the other side. English stems are the common space: a Chinese or
Spanish word stands for a few of them, an English word for itself.

General dictionaries (see ``dictionary``) have words that no concept has. Where both have a word,
the dictionary's stems come first and the learned ones, which fit our fields, join them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..text.folding import fold
from ..text.tokens import HAN_WORD, label_terms, tokenise
from .dictionary import LEARNED, NOTHING, Dictionary, Senses, shipped
from .glossary import Concept, Glossary

Bag = dict[str, float]

_ROUNDS = 3
_LEAST = 0.1
_MOST_SENSES = 4
_LEARNED = 0.3  # weight of a word's likeliest learned stem beside a dictionary's
_ONE_CHARACTER = 0.75  # a single character has many meanings
_LONGEST_PIECE = 4
_NOTHING = 2.5  # share of a stem that may come from no unit, in units of an even guess


class Lexicon:
    """English stems that Chinese units and Spanish stems stand for.

    ``senses`` maps "zh" and "es" to learned senses, unit -> ((stem, weight), ...). The weights of a
    unit are squared probabilities, normalised to one. ``dictionaries`` maps "zh" and "es" to
    dictionaries.
    """

    def __init__(
        self,
        concepts: Iterable[Concept],
        dictionaries: Mapping[str, Dictionary] | None = None,
        learned: Mapping[str, Mapping[str, Senses] | Dictionary] | None = None,
    ) -> None:
        self.senses = learned or learn(concepts)
        self._dictionaries = dictionaries or {}
        self._known: dict[tuple[str, str], Senses] = {}
        self._chinese: dict[str, list[Senses]] = {}

    def chinese(self, word: str) -> list[Senses]:
        """Return the senses of a Chinese word, or those of its longest known pieces."""
        if word not in self._chinese:
            self._chinese[word] = self._compose(word)
        return self._chinese[word]

    def has_chinese(self, word: str) -> bool:
        """Tell whether a Chinese word is known as a whole."""
        return bool(self._senses("zh", word))

    def _compose(self, word: str) -> list[Senses]:
        whole = self._senses("zh", word)
        if whole:
            return [whole]
        found: list[Senses] = []
        place = 0
        while place < len(word):
            pieces = (word[place : place + size] for size in range(_LONGEST_PIECE, 0, -1))
            piece = next((piece for piece in pieces if self._senses("zh", piece)), "")
            if piece:
                share = _ONE_CHARACTER if len(piece) == 1 else 1.0
                found.append(
                    tuple((stem, share * weight) for stem, weight in self._senses("zh", piece))
                )
            place += len(piece) or 1
        return found

    def spanish(self, stem: str) -> Senses:
        """Return the senses of a Spanish stem; empty for an unknown one."""
        return self._senses("es", stem)

    def _senses(self, language: str, word: str) -> Senses:
        if (language, word) not in self._known:
            learned = self.senses[language].get(word, ())
            looked_up = self._dictionaries.get(language, NOTHING).senses(word)
            share = _ONE_CHARACTER if language == "zh" and len(word) == 1 else 1.0
            both = ((stem, share * weight) for stem, weight in _joined(learned, looked_up))
            self._known[language, word] = tuple(both)
        return self._known[language, word]


def _joined(learned: Senses, looked_up: Senses) -> Senses:
    if not learned or not looked_up:
        return learned or looked_up
    joined = dict(looked_up)
    top = max(weight for _, weight in learned)
    for stem, weight in learned:
        joined[stem] = max(joined.get(stem, 0.0), _LEARNED * weight / top)
    return tuple(joined.items())


def learn(concepts: Iterable[Concept]) -> dict[str, dict[str, Senses]]:
    """Return language -> unit -> senses, learned from the labels of concepts."""
    known = tuple(concepts)
    english = [_bag(concept.labels.get("en", ()), "en") for concept in known]
    return {
        language: _learn(
            [_bag(concept.labels.get(language, ()), language) for concept in known], english
        )
        for language in ("zh", "es")
    }


def _bag(labels: tuple[str, ...], language: str) -> Bag:
    """Return the units of a concept's labels, each with the share of labels that hold it."""
    units: Counter[str] = Counter()
    for label in labels:
        units.update(_units(label, language))
    return {unit: count / len(labels) for unit, count in units.items()}


def _units(label: str, language: str) -> set[str]:
    """Return Latin stems, or Chinese words with their characters and pairs of characters."""
    folded = fold(label)
    if language != "zh":
        return {term for term in label_terms(folded, language) if term[:1].isalpha()}
    words = [token.term for token in tokenise(folded, language) if token.kind == HAN_WORD]
    return {piece for word in words for piece in (word, *word, *map("".join, pairwise(word)))}


def _learn(source: list[Bag], target: list[Bag]) -> dict[str, Senses]:
    """Return the target stems that each source unit stands for, by IBM Model 1 over bags."""
    units = {
        unit: number for number, unit in enumerate(sorted({unit for bag in source for unit in bag}))
    }
    stems = {
        stem: number for number, stem in enumerate(sorted({stem for bag in target for stem in bag}))
    }
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
    """Return each unit with each stem of its concept: concept, unit, stem, weights (pairs, 2)."""
    bags, left, right, weights = [], [], [], []
    for number, (own, other) in enumerate(zip(source, target, strict=True)):
        if own and other:
            bags.append(np.full(len(own) * len(other), number))
            left.append(np.repeat([units[unit] for unit in own], len(other)))
            right.append(np.tile([stems[stem] for stem in other], len(own)))
            both = (
                np.repeat(list(own.values()), len(other)),
                np.tile(list(other.values()), len(own)),
            )
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
    """Return the lexicon of a glossary and the shipped dictionaries, made once per process.

    The shipped glossary's senses are stored; another glossary's are learned, in half a second.
    """
    learned: Mapping[str, Dictionary] | None = None
    if glossary.is_shipped:
        learned = {
            language: Dictionary.load(LEARNED / f"{language}.tsv.gz") for language in ("zh", "es")
        }
    return Lexicon(
        glossary.concepts.values(),
        {language: shipped(language) for language in ("zh", "es")},
        learned,
    )
