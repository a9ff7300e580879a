"""Bilingual dictionaries as sorted rows that are searched, not parsed: opening one takes some hundredths of a second.

A row is ``word <tab> stem weight,stem weight,...``, rows in the order of their UTF-8 bytes; ``dictionary_build`` writes
them. The files are opened when the first word is looked up, so analysing a search query does not pay for them.
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
LEARNED = DATA / "learned"


class Dictionary:
    """Words of one language and the English stems each stands for.

    A word's stems are one group of synonyms: any of them answers for the whole word, the likelier the better.
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
        """As ``senses``; a dictionary may stand where a mapping is read."""
        return self.senses(word) or default


@lru_cache(maxsize=2)
def shipped(language: str) -> Dictionary:
    """Return the dictionary from "zh" or "es" into English, opened once per process."""
    return Dictionary.load(CHINESE if language == "zh" else SPANISH)


NOTHING = Dictionary()
