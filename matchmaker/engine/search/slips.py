"""What a word that no listing has may have been meant to be: slips, pinyin, initials.

Corrections are labels and their words, from the glossary and the code lists. They never come from
listings, which a reader may not be allowed to read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, Hamming

from ..lexicon.dictionary import inverse, shipped
from ..lexicon.glossary import default_glossary
from ..text.folding import fold, fold_word
from ..text.language import is_han
from ..text.tokens import stem
from .sounds import blurred, readings

LEAST_LATIN, LEAST_INITIALS, MOST_INITIALS = 4, 3, 6
LONGEST_LABEL = 8  # Chinese characters
LONG_WORD = 8  # letters; from here on two slips are as likely as one
MOST_NEAR = 40


class Speller:
    """Labels by their sounds, their initials and their spelling.

    Parameters
    ----------
    labels : Iterable[str]
        Labels in any language, besides those of the glossary.

    Examples
    --------
    >>> speller = Speller()
    >>> "枸杞" in next(speller.meant("gouqi"))
    True
    >>> "lithium" in next(speller.meant("lithum"))
    True
    """

    def __init__(self, labels: Iterable[str] = ()) -> None:
        chinese: dict[str, None] = {}
        latin: dict[str, str] = {}
        for folded in fold("\n".join([*_glossary_labels(), *labels])).split("\n"):
            if all(map(is_han, folded)):
                if 1 < len(folded) <= LONGEST_LABEL:
                    chinese[folded] = None
            else:
                for word in folded.replace("-", " ").split():
                    if len(word) >= LEAST_LATIN and word.isalpha() and not is_han(word[0]):
                        latin.setdefault(fold_word(word), word)
        self._latin = latin
        self._chinese: defaultdict[int, list[str]] = defaultdict(list)
        self._pinyin: defaultdict[str, list[str]] = defaultdict(list)
        self._initials: defaultdict[str, list[str]] = defaultdict(list)
        self._blurred: defaultdict[str, list[str]] = defaultdict(list)
        for label in chinese:
            self._chinese[len(label)].append(label)
            for syllables in readings(label):
                self._pinyin["".join(syllables)].append(label)
                self._initials["".join(one[0] for one in syllables)].append(label)
                self._blurred[blurred(syllables)].append(label)

    def meant(self, typed: str, *, is_whole: bool = True) -> Iterator[Sequence[str]]:
        """Yield what may be meant, group by group, the likeliest group first.

        Parameters
        ----------
        typed : str
            A folded word of a query, or several words in Latin letters.
        is_whole : bool
            Whether no word stands directly beside it. A piece of two Chinese characters is alike
            too much.
        """
        if all(map(is_han, typed)):
            yield from self._sounding_alike(typed)
            if len(typed) > 2 or (is_whole and len(typed) > 1):
                yield self._looking_alike(typed)
        else:
            yield from self._in_latin_letters(typed)

    def _sounding_alike(self, typed: str) -> Iterator[Sequence[str]]:
        if shipped("zh").senses(typed):
            return
        for syllables in readings(typed):
            yield self._pinyin_of(len(typed), "".join(syllables))
        for syllables in readings(typed):
            yield self._blurred.get(blurred(syllables), ())

    def _looking_alike(self, typed: str) -> list[str]:
        """Return the labels that differ in one character."""
        known = () if shipped("zh").senses(typed) else self._chinese[len(typed)]
        near = process.extract(
            typed, known, scorer=Hamming.distance, score_cutoff=1, limit=MOST_NEAR
        )
        return [label for label, _, _ in near]

    def _pinyin_of(self, length: int, sound: str) -> list[str]:
        return [label for label in self._pinyin.get(sound, ()) if len(label) == length]

    def _in_latin_letters(self, typed: str) -> Iterator[Sequence[str]]:
        word = fold_word(typed.replace(" ", "").replace("'", ""))
        yield self._pinyin.get(word, ())
        if LEAST_INITIALS <= len(word) <= MOST_INITIALS and typed.islower() and len({*word}) > 1:
            yield self._initials.get(word, ())
        if len(word) < LEAST_LATIN or " " in typed or _is_known(word):
            return
        most = 2 if len(word) >= LONG_WORD else 1
        near = process.extract(
            word, self._latin.keys(), scorer=OSA.distance, score_cutoff=most, limit=MOST_NEAR
        )
        for distance in range(1, most + 1):
            yield [self._latin[found] for found, far, _ in near if far == distance]


def _glossary_labels() -> Iterator[str]:
    for concept in default_glossary().concepts.values():
        for labels in concept.labels.values():
            yield from labels


def _is_known(word: str) -> bool:
    """Tell whether a dictionary has a Latin word: then it is no slip."""
    english, spanish = stem(word, "en"), stem(word, "es")
    return bool(
        inverse("zh").senses(english)
        or inverse("es").senses(english)
        or shipped("es").senses(spanish)
    )
