"""The index terms of a text, made in the same way for a listing and a query."""

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
    """A text as read: its folded form, its tokens, and every label of the glossary in it."""

    folded: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]


@lru_cache(maxsize=256)
def read(text: str, language: str, glossary: Glossary) -> Read:
    """Fold and tokenise a text, and find the glossary's labels; the last texts stay in memory.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        "zh", "en" or "es".
    glossary : Glossary
        Concepts to find.

    Returns
    -------
    Read
        The folded text, its tokens and all mentions of concepts, in no order.

    Examples
    --------
    >>> from matchmaker.engine import Concept
    >>> glossary = Glossary([Concept("brine", {"en": ("brine",)})])
    >>> found = read("Pumps for brine", "en", glossary)
    >>> [token.term for token in found.tokens], found.mentions[0].concepts
    (['pump', 'brine'], ('brine',))
    """
    folded = fold(text)
    tokens = tokenise(folded, language)
    return Read(folded, tuple(tokens), tuple(glossary.find_all(folded, tokens, language)))


def analyse(text: str, language: str | None = None) -> list[str]:
    """Return the index terms of a listing's text or a query.

    Chinese gives words, single characters and pairs. English and Spanish give stems without stop
    words. Formulas, model numbers and quantities stay whole. Concepts come as ``concept:<id>`` with
    their broader ones, so that languages meet and a query for batteries finds lithium batteries.

    Parameters
    ----------
    text : str
        Any text.
    language : str | None
        "zh", "en" or "es"; detected if None.

    Returns
    -------
    list[str]
        Terms, with repetitions.

    Examples
    --------
    >>> analyse("Pumps for brine", "en")[:2]
    ['pump', 'brine']
    >>> "concept:brine" in analyse("卤水", "zh")
    True
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
    """Return the Han characters of tokens and pairs of neighbours, as (gram, start, end).

    A stop word separates its neighbours.
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
