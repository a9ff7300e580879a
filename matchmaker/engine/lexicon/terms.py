"""The index terms of a text: what search sees of it, the same for a listing and for a query."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..text.folding import fold
from ..text.language import detect_language
from ..text.stopwords import STOPWORDS
from ..text.tokens import HAN_WORD, NAME, QUANTITY, WORD, Token, tokenise
from .glossary import Glossary, Mention, default_glossary

CONCEPT_PREFIX = "concept:"


class Read(NamedTuple):
    """A text as it was read: folded, its tokens, and every label of the glossary in it."""

    folded: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]


@lru_cache(maxsize=256)
def read(text: str, language: str, glossary: Glossary) -> Read:
    """Read a text once for all who ask for it one after the other: search, facets and matching."""
    folded = fold(text)
    tokens = tokenise(folded, language)
    return Read(folded, tuple(tokens), tuple(glossary.find_all(folded, tokens, language)))


def analyse(text: str, language: str | None = None) -> list[str]:
    """Return the index terms of a text, with repetitions: the same function for a listing and for a query.

    Chinese gives its words and its single characters and pairs; English and Spanish folded stems without stop words;
    formulas, model numbers and quantities stay whole; glossary concepts come as ``concept:<id>``, so that a query in
    one language finds a listing in another. Concepts named inside longer labels and broader ones come too: whoever asks
    for batteries finds lithium batteries.
    """
    glossary = default_glossary()
    _, tokens, mentions = read(text, detect_language(text, language), glossary)
    # A Chinese word of one or two characters is among the character grams already.
    terms = [token.term for token in tokens if _stands_alone(token)]
    terms.extend(gram for gram, _, _ in han_grams(tokens))
    for mention in mentions:
        for concept in mention.concepts:
            terms.extend(CONCEPT_PREFIX + name for name in (concept, *glossary.ancestors(concept)))
    return terms


def _stands_alone(token: Token) -> bool:
    return token.kind in (WORD, NAME, QUANTITY) or (token.kind == HAN_WORD and len(token.term) > 2)


def han_grams(tokens: Sequence[Token]) -> list[tuple[str, int, int]]:
    """Return the Han characters of some tokens, and the pairs of neighbours, each as (gram, start, end).

    A stop word between two words parts them.
    """
    grams: list[tuple[str, int, int]] = []
    last_end, last_char = -1, ""
    for token in tokens:
        if token.kind != HAN_WORD:
            continue
        for place, char in enumerate(token.term, start=token.start):
            if char not in STOPWORDS["zh"]:
                grams.append((char, place, place + 1))
            if place == last_end:
                grams.append((last_char + char, place - 1, place + 1))
            last_end, last_char = place + 1, char
    return grams
