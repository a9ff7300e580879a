"""Words marked in a text, and whether a text has them. Neither is trusted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from markupsafe import Markup, escape

# Inside letters or digits of the Latin script a word does not end; between Han characters it may.
_LATIN = "0-9A-Za-zÀ-ÖØ-öø-ɏ"
_LETTER = re.compile(f"[{_LATIN}]")
LONGEST_TERM = 200


def names(text: str, term: str) -> bool:
    """Return whether the text has the term as a word of its own, in any case of letters."""
    if _has_as_written(text, term.strip()):
        return True
    pattern = _pattern((term,))
    return pattern is not None and pattern.search(text) is not None


def _has_as_written(text: str, word: str) -> bool:
    """Return whether the text has the word in the same case, as mostly: no pattern is needed."""
    if not 0 < len(word) <= LONGEST_TERM:
        return False
    begins, ends = _in_latin(word[0]), _in_latin(word[-1])
    place = text.find(word)
    while place >= 0:
        inside = (begins and _in_latin(text[place - 1 : place])) or (
            ends and _in_latin(text[place + len(word) :][:1])
        )
        if not inside:
            return True
        place = text.find(word, place + 1)
    return False


def _in_latin(char: str) -> bool:
    return _LETTER.match(char) is not None


def mark(text: str, terms: Iterable[str]) -> Markup:
    """Return the text as escaped HTML with terms between <mark> and </mark>; longer ones win."""
    return _marked(text, terms, Markup("<mark>%s</mark>").__mod__)


def mark_numbered(text: str, numbers: Mapping[str, int]) -> Markup:
    """Mark terms and put each one's number behind it; the same number says the same thing."""
    by_word = {term.strip().lower(): number for term, number in numbers.items()}

    def numbered(word: str) -> Markup:
        number = by_word.get(word.lower())
        behind = Markup("<sup>%s</sup>") % number if number else ""
        return Markup("<mark>%s%s</mark>") % (word, behind)

    return _marked(text, numbers, numbered)


def _marked(text: str, terms: Iterable[str], told: Callable[[str], Markup]) -> Markup:
    pattern = _pattern(
        tuple(sorted({term for term in terms if term.strip()}, key=lambda term: (-len(term), term)))
    )
    if pattern is None:
        return escape(text)
    pieces: list[Markup] = []
    place = 0
    for found in pattern.finditer(text):
        pieces.append(escape(text[place : found.start()]))
        pieces.append(told(found.group()))
        place = found.end()
    pieces.append(escape(text[place:]))
    return Markup("").join(pieces)


@lru_cache(maxsize=512)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return one pattern for all terms, the first of two alike winning; None without any."""
    alternatives = [
        _bounded(term.strip()) for term in terms if 0 < len(term.strip()) <= LONGEST_TERM
    ]
    return re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None


def _bounded(term: str) -> str:
    before = rf"(?<![{_LATIN}])" if re.match(f"[{_LATIN}]", term) else ""
    after = rf"(?![{_LATIN}])" if re.search(f"[{_LATIN}]$", term) else ""
    return before + re.escape(term) + after
