"""Abbreviations and what they stand for in three languages: LFP, iron phosphate, 磷酸铁锂."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ..lexicon.glossary import Concept, Glossary
from ..paths import DATA
from ..text.folding import fold
from ..text.tokens import label_terms, tokenise
from .words import Reading, Terms, Word, han_terms, languages_of

TABLE = DATA / "abbreviations" / "abbreviations.tsv"
LANGUAGES = ("zh", "en", "es")


def spelled_otherwise(folded: str, words: Sequence[Word]) -> list[set[Reading]]:
    """Return for each word of a query the terms of the abbreviation or of what it stands for.

    Parameters
    ----------
    folded : str
        The query, folded.
    words : Sequence[Word]
        Its words.
    """
    found: list[set[Reading]] = [set() for _ in words]
    terms = {one.terms[0]: place for place, word in enumerate(words) for one in word.readings}
    for short in terms.keys() & _written().keys():
        found[terms[short]] |= _written()[short]
    for start, end, short in _mentions(folded):
        for place, word in enumerate(words):
            if start <= word.start and word.end <= end:
                found[place] |= {Reading((short,)), *_written()[short]}
    return found


def _mentions(folded: str) -> Iterator[tuple[int, int, str]]:
    for language in languages_of(folded):
        for found in _expansions().find_all(folded, tokenise(folded, language), language):
            for short in found.concepts:
                yield found.start, found.end, short


@lru_cache(maxsize=1)
def _expansions() -> Glossary:
    """Return the expansions as a glossary; an abbreviation in lower case is a concept's id."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return Glossary(
        Concept(row["short"].lower(), {name: tuple(row[name].split("|")) for name in LANGUAGES})
        for row in rows
    )


@lru_cache(maxsize=1)
def _written() -> Mapping[str, frozenset[Reading]]:
    """Return abbreviation → the terms of each way to write it out."""
    return {
        short: frozenset(
            Reading(terms, "" if language == "zh" else language)
            for language, labels in concept.labels.items()
            for label in labels
            if (terms := _terms(fold(label), language))
        )
        for short, concept in _expansions().concepts.items()
    }


def _terms(folded: str, language: str) -> Terms:
    if language == "zh":
        return han_terms(folded)
    return tuple(dict.fromkeys(term for term in label_terms(folded, language) if term))
