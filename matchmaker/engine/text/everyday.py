"""Words that name no subject: the most common of each language, and those of every project."""

from __future__ import annotations

from functools import cache

from ..paths import DATA
from .folding import fold, fold_word
from .stopwords import STOPWORDS
from .tokens import label_terms, stem

COMMON, _EMPTY = DATA / "everyday", DATA / "empty"


@cache
def everyday_words(language: str) -> frozenset[tuple[str, ...]]:
    """Return the most common words of a language, reduced as the glossary reduces labels."""
    words = (COMMON / f"{language}.txt").read_text(encoding="utf-8").split()
    return frozenset(key for word in words if (key := key_of(word, language)))


@cache
def empty_words(language: str) -> frozenset[str]:
    """Return words that say nothing of a project's subject: months, numbers, place-holders.

    English and Spanish ones are stems.
    """
    words = (_EMPTY / f"{language}.txt").read_text(encoding="utf-8").split()
    if language == "zh":
        return frozenset(words) | STOPWORDS["zh"]
    return frozenset(stem(fold_word(fold(word)), language) for word in words)


def key_of(label: str, language: str) -> tuple[str, ...]:
    """Return the key of a one-word label: a Chinese word, or a Latin stem; empty for other labels.

    A name in capitals (IT, PLC) has none, because no everyday word has capitals.
    """
    folded = fold(label)
    if language == "zh":
        return (folded,)
    if " " in folded or any(char.isupper() for char in folded[1:]):
        return ()
    return tuple(label_terms(folded, language))
