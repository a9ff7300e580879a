"""Bilingual dictionaries as sorted rows that are searched without parsing, so they open fast.

A row is ``word <tab> stem weight,stem weight,...``, in the order of UTF-8 bytes;
``dictionary_build`` writes them. A file is opened when its first word is looked up.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path

from ..paths import DATA

Senses = tuple[tuple[str, float], ...]
CHINESE = DATA / "cedict" / "zh_en.tsv.gz"
SPANISH = DATA / "es_en.tsv.gz"
TO_CHINESE = DATA / "cedict" / "en_zh.tsv.gz"
TO_SPANISH = DATA / "en_es.tsv.gz"
INVERSES = {CHINESE: TO_CHINESE, SPANISH: TO_SPANISH}
LEARNED = DATA / "learned"


class Dictionary:
    """Words of one language, each with the English stems it stands for.

    A word's stems are synonyms with weights: any of them stands for the whole word.
    """

    def __init__(self, table: bytes = b"") -> None:
        self._rows = table.split(b"\n")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dictionary) and other._rows == self._rows

    def __hash__(self) -> int:
        return hash(tuple(self._rows))

    @classmethod
    def load(cls, path: Path) -> Dictionary:
        """Read a packed dictionary."""
        return cls(gzip.decompress(path.read_bytes()))

    def senses(self, word: str) -> Senses:
        """Return the stems of a word with their weights, 0 to 1; nothing when it is unknown."""
        head = word.encode("utf-8") + b"\t"
        place = bisect_left(self._rows, head)
        if place == len(self._rows) or not self._rows[place].startswith(head):
            return ()
        senses = self._rows[place][len(head) :].decode("utf-8")
        pairs = (entry.rsplit(" ", 1) for entry in senses.split(","))
        return tuple((stem, float(weight)) for stem, weight in pairs)

    def get(self, word: str, default: Senses = ()) -> Senses:
        """Return ``senses`` or a default, so that a dictionary can stand for a mapping."""
        return self.senses(word) or default


@lru_cache(maxsize=2)
def shipped(language: str) -> Dictionary:
    """Return the dictionary from "zh" or "es" into English, opened once per process."""
    return Dictionary.load(CHINESE if language == "zh" else SPANISH)


@lru_cache(maxsize=2)
def inverse(language: str) -> Dictionary:
    """Return the dictionary from English stems into "zh" or "es", opened once per process.

    Its ``senses`` of a stem are the words that have the stem as a sense.
    """
    return Dictionary.load(TO_CHINESE if language == "zh" else TO_SPANISH)


NOTHING = Dictionary()
