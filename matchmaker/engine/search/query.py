"""The reading of a query: its parts, and for each of them what a listing may say instead.

A part is a word. Its forms are terms of listings that stand for it: the word itself, its concepts,
labels of what listings are marked with, and words of the other languages. So a query in one
language finds listings in the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ..lexicon.glossary import Mention, default_glossary
from ..lexicon.terms import CONCEPT_PREFIX
from ..text.folding import fold
from ..text.tokens import HAN_WORD, tokenise
from .abbreviations import spelled_otherwise
from .labels import NO_LABELS, Labels
from .rows import LABEL
from .translations import translations
from .words import Terms, Word, languages_of, words_of

CONCEPT = CONCEPT_PREFIX
LONGEST_QUERY, MOST_PARTS = 200, 24
MOST_FOUND = 2_000  # listings that a search looks at, the best by score
# How much a form counts beside the word itself.
SPELLED_STRENGTH, CONCEPT_STRENGTH, LABEL_STRENGTH, TRANSLATION_STRENGTH = 0.9, 0.9, 1.0, 0.5
CHARACTER_STRENGTH = 0.7
MOST_STEPS_UP = 2  # from a concept to a broader one
LEAST_OVERLAP = 0.5  # share of a word that a concept's label has to name
_QUOTES = '"“”«»「」『』'
_QUOTED = f"[{_QUOTES}]([^{_QUOTES}]+)[{_QUOTES}]"
_PHRASE = re.compile(_QUOTED)
_LEFT_OUT = re.compile(rf"(?<!\S)-(?:{_QUOTED}|([^\W\d_]\S*))")


class Form(NamedTuple):
    """Terms that together stand for a part, and how much they count beside the word itself.

    ``language`` is "es" for Spanish texts alone, "en" for all others, "" for any.
    """

    terms: Terms
    strength: float
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a query, its place, and its terms by language it may be in.

    ``own`` are the forms that say what it says, ``meant`` words of other languages by the
    dictionaries, ``broader`` the broader concepts. ``is_needed``: no hit is without the word.
    """

    text: str
    start: int
    end: int
    readings: tuple[Form, ...]
    own: tuple[Form, ...]
    meant: tuple[Form, ...]
    broader: tuple[str, ...]
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is read.

    Parameters
    ----------
    text : str
        The query, folded.
    parts : tuple[Part, ...]
        Its words, in their order.
    without : tuple[Part, ...]
        Words that listings must not have.
    phrases : tuple[str, ...]
        What stands in quotation marks.
    labels : Labels
        The labels that it was read with.

    Examples
    --------
    >>> query = read_query('"brine pumps" -lithium')
    >>> [part.text for part in query.parts], [part.text for part in query.without]
    (['brine', 'pumps'], ['lithium'])
    >>> query.phrases
    ('brine pumps',)
    """

    text: str
    parts: tuple[Part, ...]
    without: tuple[Part, ...] = ()
    phrases: tuple[str, ...] = ()
    labels: Labels = field(default=NO_LABELS, repr=False)


NO_QUERY = Query("", ())


def read_query(text: str, labels: Labels = NO_LABELS) -> Query:
    """Read a query.

    Latin words are read both as English and as Spanish, since a few words do not tell which.
    ``-word`` leaves listings with the word out; quotation marks hold words together.

    Parameters
    ----------
    text : str
        The query; its first 200 characters count.
    labels : Labels
        Labels of what listings are marked with.

    Returns
    -------
    Query
        Its parts.

    Examples
    --------
    >>> [part.readings[0].terms for part in read_query("brine pumps").parts]
    [('brine',), ('pump',)]
    """
    folded = fold(text[:LONGEST_QUERY])
    asked = _LEFT_OUT.sub(_blank, folded)
    phrases = tuple(match[1].strip() for match in _PHRASE.finditer(asked) if match[1].strip())
    needed = [match.span(1) for match in _PHRASE.finditer(asked)]
    parts = tuple(
        replace(part, is_needed=True) if _is_within(part, needed) else part
        for part in _parts(asked, labels)
    )
    if not parts:  # nothing would be left to look for
        return Query(folded, tuple(_parts(folded, labels)), labels=labels)
    left_out = " ".join(match[1] or match[2] for match in _LEFT_OUT.finditer(folded))
    return Query(folded, parts, tuple(_parts(left_out, labels)), phrases, labels)


def unquoted(query: Query) -> Query:
    """Return a query whose phrases are ordinary words.

    Parameters
    ----------
    query : Query
        A query.

    Examples
    --------
    >>> unquoted(read_query('"brine pumps"')).phrases
    ()
    """
    parts = tuple(replace(part, is_needed=False) for part in query.parts)
    return replace(query, parts=parts, phrases=())


def warm(labels: Labels = NO_LABELS) -> None:
    """Load the data of the analysis, about a second's work, before the first query comes.

    Parameters
    ----------
    labels : Labels
        The labels that queries will be read with.

    Examples
    --------
    >>> warm()
    """
    for text in ("warm", "预热", "預熱"):
        read_query(text, labels)
    next(labels.speller.meant("warm"))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _is_within(part: Part, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= part.start and part.end <= end for start, end in spans)


def _parts(folded: str, labels: Labels) -> Iterator[Part]:
    """Yield the parts of a folded text, each with all its forms."""
    words = words_of(folded)[:MOST_PARTS]
    mentions = [
        mention
        for language in languages_of(folded)
        for mention in default_glossary().find_all(folded, tokenise(folded, language), language)
    ]
    marked, spelled = labels.of(words, mentions), spelled_otherwise(folded, words)
    for word, marks, spellings in zip(words, marked, spelled, strict=True):
        concepts = _concepts(word, mentions)
        readings = tuple(
            Form(terms, _strength(word), language) for terms, language in word.readings
        )
        own = [
            *readings,
            *(Form(terms, SPELLED_STRENGTH, language) for terms, language in sorted(spellings)),
            *(Form((CONCEPT + code,), CONCEPT_STRENGTH * share) for code, share in concepts),
            *(Form((LABEL + code,), LABEL_STRENGTH * share) for code, share in marks.items()),
        ]
        meant = (
            Form(terms, TRANSLATION_STRENGTH * weight, language)
            for (terms, language), weight in translations(word)
        )
        broader = (
            one
            for code, _ in concepts
            for one in default_glossary().ancestors(code)[:MOST_STEPS_UP]
        )
        yield Part(
            word.text, word.start, word.end, readings,
            tuple(own), tuple(meant), tuple(dict.fromkeys(broader)),
        )  # fmt: skip


def _strength(word: Word) -> float:
    """Return how much a word says; a Chinese character is a part of many others."""
    is_character = word.kind == HAN_WORD and len(word.text) == 1
    return CHARACTER_STRENGTH if is_character else 1.0


def _concepts(word: Word, mentions: Iterable[Mention]) -> list[tuple[str, float]]:
    """Return the concepts that a word names alone or with others, and the share of it that does."""
    shares: dict[str, float] = {}
    for mention in mentions:
        shared = min(word.end, mention.end) - max(word.start, mention.start)
        share = shared / (word.end - word.start)
        if share >= LEAST_OVERLAP:
            shares |= {code: max(share, shares.get(code, 0.0)) for code in mention.concepts}
    return sorted(shares.items())
