"""The words of a query: Latin words with their stems, Chinese words with their pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..text.language import is_han
from ..text.tokens import HAN_WORD, NAME, QUANTITY, WORD, Token, tokenise
from .rows import LONGEST_TERM

Terms = tuple[str, ...]


class Word(NamedTuple):
    """A word as typed, its place, and its terms: one reading of a language each."""

    text: str
    start: int
    end: int
    kind: str
    readings: tuple[Terms, ...]


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
    readings: dict[tuple[int, int], dict[Terms, None]] = {}
    kinds: dict[tuple[int, int], str] = {}
    for tokens in found.values():
        for token in _joined(folded, [one for one in tokens if (one.start, one.end) in kept]):
            place = token.start, token.end
            readings.setdefault(place, {})[_terms(token)] = None
            kinds[place] = token.kind
    return tuple(
        Word(folded[start:end], start, end, kinds[start, end], tuple(terms))
        for (start, end), terms in sorted(readings.items())
    )


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
