"""Features of a text that the engine compares: terms in four channels, with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from ..lexicon.families import family
from ..lexicon.glossary import Glossary, Mention, longest_first
from ..lexicon.lexicon import Lexicon, lexicon_of
from ..lexicon.terms import han_grams, read
from ..text.sounds import SHORTEST, chinese_sound, latin_sounds, writes_names
from ..text.stuffing import stuffed
from ..text.tokens import HAN_WORD, NAME, NUMBER, QUANTITY, WORD, Token

WORDS, GRAMS, CONCEPTS, SENSES = "words", "grams", "concepts", "senses"
CHANNELS = (WORDS, GRAMS, CONCEPTS, SENSES)

_INSIDE_ANOTHER = 0.4
_QUANTITY = 0.3
_FEWEST_DIGITS = 2
_MOST_JOINED, _LONGEST_JOINED = 3, 5
_LEAST_SENSE = 0.1
_SOUND, _SHORT_SOUND = 0.8, 0.3  # a name of two consonants sounds like many names


class Occurrence(NamedTuple):
    """A term at a place of a folded text; it counts ``weight`` occurrences.

    ``channel`` is one of these:

    - *words*: Chinese words, Latin stems and names. Stems carry their language, which keeps
      Spanish and English "red" apart.
    - *grams*: Han characters, pairs of them, and pairs of neighbouring Latin stems.
    - *concepts*: ids of glossary concepts; those inside a longer label count less.
    - *senses*: families of English stems that a word of any language stands for (see ``lexicon``),
      names and numbers (``#``), and sounds of names (``~``, see ``sounds``).
    """

    channel: str
    term: str
    start: int
    end: int
    weight: float = 1.0


def words_and_concepts(text: str, language: str, glossary: Glossary) -> list[Occurrence]:
    """Return the words and concepts of a text; places refer to ``folding.fold(text)``."""
    _, tokens, mentions = read(text, language, glossary)
    return [*_words(tokens, language), *_concepts(mentions)]


def occurrences(text: str, language: str, glossary: Glossary) -> list[Occurrence]:
    """Return the terms of a text in every channel, without stuffing.

    Places refer to ``folding.fold(text)``.
    """
    folded, tokens, mentions = read(text, language, glossary)
    found = [*_words(tokens, language), *_concepts(mentions)]
    found.extend(Occurrence(GRAMS, gram, start, end) for gram, start, end in han_grams(tokens))
    lexicon = lexicon_of(glossary)
    found.extend(_senses(tokens, language, lexicon))
    found.extend(_sounds(folded, tokens, lexicon))
    loud = {place for token in stuffed(tokens) for place in range(token.start, token.end)}
    return [term for term in found if term.start not in loud] if loud else found


def _words(tokens: Sequence[Token], language: str) -> Iterator[Occurrence]:
    latin = "es" if language == "es" else "en"
    previous: Token | None = None
    for token in tokens:
        if token.kind == WORD:
            yield Occurrence(WORDS, f"{latin}:{token.term}", token.start, token.end)
            if previous is not None and previous.kind in (WORD, NAME):
                yield Occurrence(
                    GRAMS, f"{latin}:{previous.term} {token.term}", previous.start, token.end
                )
        elif token.kind in (HAN_WORD, NAME):
            yield Occurrence(WORDS, token.term, token.start, token.end)
        elif token.kind == QUANTITY:
            yield Occurrence(WORDS, token.term, token.start, token.end, _QUANTITY)
        elif _is_long_number(token):
            yield Occurrence(WORDS, token.term, token.start, token.end)
        previous = token


def _concepts(mentions: Sequence[Mention]) -> Iterator[Occurrence]:
    chosen = set(longest_first(mentions))
    for mention in mentions:
        weight = (1.0 if mention in chosen else _INSIDE_ANOTHER) / len(mention.concepts)
        for concept in mention.concepts:
            yield Occurrence(CONCEPTS, concept, mention.start, mention.end, weight)


def _senses(tokens: Sequence[Token], language: str, lexicon: Lexicon) -> Iterator[Occurrence]:
    for token in _rejoined(tokens, lexicon):
        if token.kind in (HAN_WORD, WORD):
            for sense, weight in _senses_of(token.kind, token.term, language, lexicon):
                yield Occurrence(SENSES, sense, token.start, token.end, weight)
        elif token.kind == NAME or _is_long_number(token):
            yield Occurrence(SENSES, f"#{token.term}", token.start, token.end)


@lru_cache(maxsize=100_000)
def _senses_of(
    kind: str, word: str, language: str, lexicon: Lexicon
) -> tuple[tuple[str, float], ...]:
    """Return the families of the English stems that a word stands for, with weights."""
    senses: Iterable[tuple[str, float]]
    if kind == HAN_WORD:
        senses = chain.from_iterable(lexicon.chinese(word))
    else:
        # A Spanish word that no dictionary has is a name or a cognate.
        senses = (lexicon.spanish(word) if language == "es" else ()) or ((word, 1.0),)
    return tuple((family(stem), weight) for stem, weight in senses if weight >= _LEAST_SENSE)


def _sounds(folded: str, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Occurrence]:
    """Yield the sounds of names: capitalised Latin words, and Chinese words no dictionary has."""
    for token in tokens:
        if token.kind in (WORD, NAME) and folded[token.start].isupper():
            for sound in latin_sounds(folded[token.start : token.end]):
                yield _sound(sound, token.start, token.end)
    for start, end in _unknown_names(tokens, lexicon):
        sound = chinese_sound(folded[start:end])
        if sound:
            yield _sound(sound, start, end)


def _sound(sound: str, start: int, end: int) -> Occurrence:
    return Occurrence(
        SENSES, f"~{sound}", start, end, _SOUND if len(sound) > SHORTEST else _SHORT_SOUND
    )


def _unknown_names(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield the places of Chinese names: neighbouring tokens that no dictionary has.

    All their characters are among those that write foreign names.
    """
    start = end = -1
    for token in tokens:
        may_be = token.kind == HAN_WORD and writes_names(token.term)
        may_be = may_be and (len(token.term) == 1 or not lexicon.has_chinese(token.term))
        if may_be and token.start == end:
            end = token.end
            continue
        if end - start > 1:
            yield start, end
        start, end = (token.start, token.end) if may_be else (-1, -1)
    if end - start > 1:
        yield start, end


def _rejoined(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Token]:
    """Join neighbouring Chinese words that a dictionary has as one, mostly names."""
    place = 0
    while place < len(tokens):
        best, joined = place, tokens[place].term
        for index in range(place + 1, min(len(tokens), place + _MOST_JOINED)):
            before, after = tokens[index - 1], tokens[index]
            if before.kind != HAN_WORD or after.kind != HAN_WORD or before.end != after.start:
                break
            joined += after.term
            if len(joined) > _LONGEST_JOINED:
                break
            if len(joined) > 2 and lexicon.has_chinese(joined):
                best = index
        if best == place:
            yield tokens[place]
        else:
            term = "".join(token.term for token in tokens[place : best + 1])
            yield tokens[place]._replace(term=term, end=tokens[best].end)
        place = best + 1


def _is_long_number(token: Token) -> bool:
    """Tell whether a number is long enough for a year or a model, not a mere count."""
    return token.kind == NUMBER and len(token.term) >= _FEWEST_DIGITS
