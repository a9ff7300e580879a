"""Bilingual dictionaries as sorted tables that are searched, never parsed: opening one takes some hundredths of a second.

A row is ``word <tab> stem weight,stem weight,...``, rows in the order of their UTF-8 bytes; ``dictionary_build`` writes
them. The files are opened when the first word is looked up, so analysing a search query does not pay for them.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

Senses = tuple[tuple[str, float], ...]
FOLDER = Path(__file__).parent / "data"
CHINESE = FOLDER / "cedict" / "zh_en.tsv.gz"
SPANISH = FOLDER / "es_en.tsv.gz"
LEARNED = FOLDER / "learned"


class Dictionary:
    """Words of one language and the English stems each stands for.

    A word's stems are one group of synonyms: any of them answers for the whole word, the likelier the better.
    """

    def __init__(self, table: bytes = b"") -> None:
        self._table = table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dictionary) and other._table == self._table

    def __hash__(self) -> int:
        return hash(self._table)

    @classmethod
    def load(cls, path: Path) -> Dictionary:
        """Read a packed dictionary."""
        return cls(gzip.decompress(path.read_bytes()))

    def senses(self, word: str) -> Senses:
        """Return the stems of a word with their weights, 0 to 1; nothing when it is unknown."""
        row = self._row(word.encode("utf-8"))
        if not row:
            return ()
        pairs = (entry.rsplit(" ", 1) for entry in row.decode("utf-8").split(","))
        return tuple((stem, float(weight)) for stem, weight in pairs)

    def get(self, word: str, default: Senses = ()) -> Senses:
        """As ``senses``; a dictionary may stand where a mapping is read."""
        return self.senses(word) or default

    def _row(self, word: bytes) -> bytes:
        table = self._table
        low, high = 0, len(table)
        while low < high:
            start = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = table.find(b"\n", start)
            end = len(table) if end < 0 else end
            tab = table.index(b"\t", start)
            found = table[start:tab]
            if found == word:
                return table[tab + 1 : end]
            if found < word:
                low = end + 1
            else:
                high = start
        return b""


@lru_cache(maxsize=2)
def shipped(language: str) -> Dictionary:
    """Return the dictionary from "zh" or "es" into English, opened once per process."""
    return Dictionary.load(CHINESE if language == "zh" else SPANISH)


NOTHING = Dictionary()
