"""The words of a query: Latin words with their stems, Chinese words with their pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, starmap
from typing import NamedTuple

from ..text.language import is_han
from ..text.tokens import HAN_WORD, NAME, QUANTITY, WORD, Token, tokenise
from .rows import LONGEST_TERM

Terms = tuple[str, ...]


class Reading(NamedTuple):
    """The terms of a word in texts of a language: "zh", "en", "es", or "" for any."""

    terms: Terms
    language: str = ""


class Word(NamedTuple):
    """A word as typed, its place, and how each language that it may be in reads it."""

    text: str
    start: int
    end: int
    kind: str
    readings: tuple[Reading, ...]


def languages_of(folded: str) -> tuple[str, ...]:
    """Return the languages that a folded query may be in."""
    return ("zh",) if any(map(is_han, folded)) else ("en", "es")


@lru_cache(maxsize=2_000)
def words_of(folded: str) -> tuple[Word, ...]:
    """Return the words of a folded query; those that say something in each language it may be in.

    Chinese characters that stand alone beside each other are one word, that no dictionary has.
    """
    found = {
        language: [token for token in tokenise(folded, language) if _is_indexed(token)]
        for language in languages_of(folded)
    }
    places = [{(token.start, token.end) for token in tokens} for tokens in found.values()]
    kept = set.intersection(*places) or set.union(*places)
    read: dict[tuple[int, int], dict[Terms, str]] = {}
    kinds: dict[tuple[int, int], str] = {}
    for language, tokens in found.items():
        for token in _joined(folded, [one for one in tokens if (one.start, one.end) in kept]):
            place, terms = (token.start, token.end), _terms(token)
            ways = read.setdefault(place, {})
            ways[terms] = "" if terms in ways or token.kind != WORD else _latin(language)
            kinds[place] = token.kind
    first: dict[str, tuple[int, int]] = {}
    for start, end in sorted(read):
        first.setdefault(folded[start:end], (start, end))
    return tuple(
        Word(folded[start:end], start, end, kinds[start, end], _ways(read[start, end]))
        for start, end in first.values()
    )


def _ways(read: Mapping[Terms, str]) -> tuple[Reading, ...]:
    return tuple(starmap(Reading, read.items()))


def _latin(language: str) -> str:
    """Return the language that Latin words have in a text: Chinese texts quote English ones."""
    return "es" if language == "es" else "en"


def _is_indexed(token: Token) -> bool:
    return token.kind in (WORD, NAME, QUANTITY, HAN_WORD) and len(token.term) <= LONGEST_TERM


def _joined(folded: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Join Chinese characters that stand alone with their neighbours that do."""
    ends = {token.end for token in tokens if _is_alone(token)}
    runs: list[list[Token]] = []
    for token in tokens:
        if runs and _is_alone(token) and token.start in ends and runs[-1][-1].end == token.start:
            runs[-1].append(token)
        else:
            runs.append([token])
    for run in runs:
        start, end = run[0].start, run[-1].end
        yield Token(run[0].kind, folded[start:end], start, end) if len(run) > 1 else run[0]


def _is_alone(token: Token) -> bool:
    return token.kind == HAN_WORD and len(token.term) == 1


def _terms(token: Token) -> Terms:
    if token.kind == HAN_WORD:
        return han_terms(token.term)
    return (token.term,)


def han_terms(word: str) -> Terms:
    """Return the terms of a Chinese word: its pairs of characters, or its one character."""
    return tuple(dict.fromkeys(map("".join, pairwise(word)))) if len(word) > 1 else (word,)
