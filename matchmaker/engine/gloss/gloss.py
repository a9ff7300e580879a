"""Tell readers, term by term, what a text in a language that they cannot read speaks of.

The glossary is asked first and dictionaries second, the longest words first. Where a word has
several senses, the one is taken that the listing's other words support. Common words are left out,
and so is what no table knows: it is better to say nothing than nonsense.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..lexicon.glossary import Concept, Mention, default_glossary, longest_first
from ..lexicon.terms import Read, read
from ..text.everyday import empty_words, everyday_words, key_of
from ..text.folding import fold, fold_word
from ..text.tokens import HAN_WORD, NAME, NUMBER, QUANTITY, WORD, Token, label_terms
from .amounts import amount
from .denials import denials
from .words import Words, words_of

_LONGEST_WORD = 6  # characters of a Chinese word that is looked for inside a longer one
_MANY_CAPITALS = 0.6
_LATER = 0.15  # what a translation loses for each one before it
_SUPPORT = 0.1  # what it gains for each time that the context names its words, up to three
# With these a piece of a Chinese sentence begins or ends, which no dictionary's word tells.
_OPENERS = "不没还也就都很更最又才却一二两三四五六七八九十几每各这那哪"
_CLOSERS = "来去着了过们"

_WORD = re.compile(r"\w+")

Span = tuple[int, int]


class Glossed(NamedTuple):
    """A piece of a text with its gloss.

    Parameters
    ----------
    text : str
        The piece as it stands in the text.
    gloss : str
        What it says; empty for common words, punctuation, and what no table knows.

    Examples
    --------
    >>> Glossed("卤水", "brine").gloss
    'brine'
    """

    text: str
    gloss: str


@lru_cache(maxsize=4096)
def gloss(text: str, source: str, target: str, context: str = "") -> tuple[Glossed, ...]:
    """Gloss a text term by term; the last texts stay in memory.

    Parameters
    ----------
    text : str
        Any text.
    source : str
        Its language: "zh", "en" or "es".
    target : str
        The reader's language, another one of these.
    context : str
        What the text belongs to, such as a listing's title: it helps to choose between senses.

    Returns
    -------
    tuple[Glossed, ...]
        The pieces of the text in order; together they are the whole text.

    Examples
    --------
    >>> [piece.gloss for piece in gloss("青海的卤水", "zh", "en") if piece.gloss]
    ['Qinghai', 'brine']
    """
    reading = read(text, source, default_glossary())
    choice = _Choice(source, target, _support(f"{context}\n{text}", source, target))
    found = dict(_terms(reading, choice))
    found.update(denials(reading.folded, found, source, target))
    # Folding rarely changes the length; where it does, the folded text is shown.
    shown = text if len(text) == len(reading.folded) else reading.folded
    return tuple(_pieces(shown, found))


def gloss_term(term: str, source: str, target: str) -> str:
    """Return what another language calls one term; "" where no table knows all of it.

    Parameters
    ----------
    term : str
        A word or a name of a few words, as it stands in a text.
    source : str
        Its language: "zh", "en" or "es".
    target : str
        The reader's language, another one of these.

    Examples
    --------
    >>> gloss_term("卤水", "zh", "en"), gloss_term("鸊鷉", "zh", "es")
    ('brine', '')
    """
    pieces = [piece for piece in gloss(term, source, target) if piece.text.strip()]
    return pieces[0].gloss if len(pieces) == 1 else ""


def _pieces(text: str, found: Mapping[Span, str]) -> Iterator[Glossed]:
    place = 0
    for (start, end), told in sorted(found.items()):
        if start > place:
            yield Glossed(text[place:start], "")
        yield Glossed(text[start:end], told)
        place = end
    if place < len(text):
        yield Glossed(text[place:], "")


class _Choice:
    """Chooses among the translations of one direction by the words of the context."""

    def __init__(self, source: str, target: str, support: Counter[str]) -> None:
        self.source, self.target, self.support = source, target, support
        self.words: Words = words_of(source, target)
        self.is_direct = "en" in (source, target)  # other tables lead through English

    def word(self, surface: str) -> str:
        """Return the translation of a word that the context supports; "" if none is known."""
        return self._best(self.words.translations(surface))

    def label(self, concepts: Sequence[Concept], surface: str) -> str:
        """Return the label of a concept that is closest to its name in the text."""
        named = [concept for concept in concepts if concept.labels.get(self.target)]
        if not named:
            return ""
        labels = [label for concept in named for label in concept.labels[self.target]]
        if any(fold(label).casefold() == surface.casefold() for label in labels):
            return surface
        if self.source != "zh" and self.is_direct and " " not in surface:  # told by one word
            told = self.words.translations(surface)
            same = [label for label in labels if label in told]
            if told:
                return same[0] if same else self.word(surface)
        key = self._key(surface)
        for concept in named:
            own = concept.labels.get(self.source, ())
            if own and self._key(fold(own[0])) == key:
                return self._shortest(surface, concept.labels[self.target][0])
        closest, label = self._closest(labels, self.target, surface)
        whole = self.word(surface) if closest < 1.0 and self.is_direct else ""
        if whole or closest:
            return whole or label
        return named[0].labels[self.target][0] if self._is_usual(named[0], surface) else ""

    def _shortest(self, surface: str, label: str) -> str:
        """Return what the dictionary says of a name, where the label only adds to it."""
        told = self.word(surface)
        return told if told and _units(told, self.target) < _units(label, self.target) else label

    def _closest(self, labels: Sequence[str], language: str, surface: str) -> tuple[float, str]:
        """Return the label whose words the dictionary knows best from a name, with their share."""
        meant = self._meant(surface, language)
        rated = [(_share(label, language, meant), -place) for place, label in enumerate(labels)]
        share, place = max(rated)
        return share, labels[-place]

    def _is_usual(self, concept: Concept, surface: str) -> bool:
        """Tell by its English labels whether a name means what the concept is mostly called."""
        english = concept.labels.get("en", ())
        if not english or self.is_direct:
            return False
        share, label = self._closest(english, "en", surface)
        return share > 0 and label == english[0]

    def is_whole(self, concepts: Sequence[str], surface: str) -> bool:
        """Tell whether a name has as many words as a label of one of its concepts."""
        words = len(_WORD.findall(surface))
        known = default_glossary().concepts
        return self.source == "zh" or any(
            len(_WORD.findall(fold(label))) == words
            for concept in concepts
            for language in (self.source, "zh")
            for label in known[concept].labels.get(language, ())
        )

    def _best(self, translations: Sequence[str]) -> str:
        rated = [
            (_SUPPORT * min(3, self._supported(told)) - _LATER * place, -place)
            for place, told in enumerate(translations)
        ]
        return translations[-max(rated)[1]] if rated else ""

    def _supported(self, told: str) -> int:
        return min((self.support[unit] for unit in _units(told, self.target)), default=0)

    def _key(self, label: str) -> object:
        return label if self.source == "zh" else tuple(label_terms(label, self.source))

    def _meant(self, surface: str, language: str) -> set[str]:
        """Return the stems, or pairs of characters, that dictionaries know for a name's words."""
        known = words_of(self.source, language)
        words = _inside(surface, known) if self.source == "zh" else surface.split()
        return {
            unit
            for word in words
            for told in known.translations(word)
            for unit in _units(told, language)
        }


def _share(label: str, language: str, meant: set[str]) -> float:
    units = _units(label, language)
    return len(units & meant) / len(units) if units else 0.0


def _terms(reading: Read, choice: _Choice) -> Iterator[tuple[Span, str]]:
    taken: set[int] = set()
    glossary = default_glossary()
    for mention in _mentions(reading, choice):
        surface = reading.folded[mention.start : mention.end]
        told = choice.label([glossary.concepts[one] for one in mention.concepts], surface)
        if told:
            taken.update(range(mention.start, mention.end))
            yield (mention.start, mention.end), told
    for token in reading.tokens:
        if _is_proper(token, reading):
            continue
        for span, told in _of_token(token, reading.folded, choice):
            if taken.isdisjoint(range(*span)):
                yield span, told


def _is_proper(token: Token, reading: Read) -> bool:
    """Tell a proper name by its capital inside a sentence, unless all words have one."""
    words = [reading.folded[one.start] for one in reading.tokens[1:] if one.kind == WORD]
    return (
        token.kind == WORD
        and reading.folded[token.start].isupper()
        and reading.folded[: token.start].rstrip(" ¿¡\"'“(")[-1:].isalnum()
        and sum(letter.isupper() for letter in words) < _MANY_CAPITALS * len(words)
    )


def _mentions(reading: Read, choice: _Choice) -> list[Mention]:
    """Return the longest names of concepts that are names in full, and no proper names.

    None stands inside a longer word that is known, and none has words between its own: "lithium
    from salt" is no lithium salt.
    """
    proper = {(token.start, token.end) for token in reading.tokens if _is_proper(token, reading)}
    longer = [
        token
        for token in reading.tokens
        if token.kind == HAN_WORD and len(token.term) > 2 and choice.words.translations(token.term)
    ]
    return longest_first(
        mention
        for mention in reading.mentions
        if (mention.start, mention.end) not in proper
        and choice.is_whole(mention.concepts, reading.folded[mention.start : mention.end])
        and not any(
            token.start <= mention.start
            and mention.end <= token.end
            and mention.end - mention.start < token.end - token.start
            for token in longer
        )
    )


def _of_token(token: Token, folded: str, choice: _Choice) -> Iterator[tuple[Span, str]]:
    span, surface = (token.start, token.end), folded[token.start : token.end]
    if token.kind == NAME:
        yield span, surface
    elif token.kind in (NUMBER, QUANTITY):
        told, end = amount(token, folded, choice.source, choice.target)
        if told:
            yield (token.start, end), told
    elif token.kind == WORD and not _is_common(surface, choice.source):
        told = choice.word(surface)
        if told:
            yield span, told
    elif token.kind == HAN_WORD:
        yield from _of_chinese(token, choice)


def _of_chinese(token: Token, choice: _Choice) -> Iterator[tuple[Span, str]]:
    place = token.start
    for word in _inside(token.term, choice.words):
        if len(word) > 1 and not _is_common(word, "zh"):
            told = choice.word(word)
            if told:
                yield (place, place + len(word)), told
        place += len(word)


def _inside(word: str, words: Words) -> list[str]:
    """Split a Chinese word into the longest known ones; a known word stays whole."""
    found: list[str] = []
    place = 0
    while place < len(word):
        sizes = range(min(_LONGEST_WORD, len(word) - place), 0, -1)
        size = next((n for n in sizes if words.translations(word[place : place + n])), 1)
        found.append(word[place : place + size])
        place += size
    return found


def _is_common(word: str, language: str) -> bool:
    if language == "zh" and (word[0] in _OPENERS or word[-1] in _CLOSERS or word[0] == word[-1]):
        return True
    key = key_of(word.lower(), language)
    return key in everyday_words(language) or not empty_words(language).isdisjoint(key)


@lru_cache(maxsize=512)
def _support(context: str, source: str, target: str) -> Counter[str]:
    """Count the words of the reader's language that name what a text is about."""
    glossary = default_glossary()
    units: Counter[str] = Counter()
    for mention in longest_first(read(context, source, glossary).mentions):
        for concept in mention.concepts:
            for one in (concept, *glossary.ancestors(concept)[:1]):
                labels = glossary.concepts[one].labels.get(target, ())
                units.update({unit for label in labels for unit in _units(label, target)})
    return units


@lru_cache(maxsize=20_000)
def _units(text: str, language: str) -> frozenset[str]:
    """Return stems, or pairs of Chinese characters."""
    folded = fold(text)
    if language == "zh":
        return frozenset(map("".join, pairwise(folded))) or frozenset(folded)
    return frozenset(term for term in label_terms(fold_word(folded), language) if term)
