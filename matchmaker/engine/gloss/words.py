"""Words and what other languages call them, as sorted rows that are searched without parsing.

A row of a Chinese table is ``word <tab> gloss|gloss``. English and Spanish words are looked up by
their stem: ``stem <tab> word=gloss|gloss;word=gloss``. ``gloss_build`` writes the tables.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from ..paths import DATA
from ..text.folding import fold_word
from ..text.tokens import stem


def path_of(source: str, target: str) -> Path:
    """Return the file of a direction, such as "zh" into "es"."""
    return DATA / "glosses" / f"{source}_{target}.tsv.gz"


class Words:
    """The words of one language with their translations into another, the best first."""

    def __init__(self, table: bytes, language: str) -> None:
        self._rows = table.split(b"\n")
        self._language = language

    def translations(self, word: str) -> tuple[str, ...]:
        """Return the translations of a word as it stands in a text; nothing if it is unknown."""
        if self._language == "zh":
            return tuple(filter(None, self._row(word).split("|")))
        folded = fold_word(word)
        row = self._row(stem(folded, self._language))
        entries = [entry.partition("=") for entry in row.split(";") if entry]
        shared = [(_shared(folded, fold_word(word)), glosses) for word, _, glosses in entries]
        return tuple(filter(None, max(shared)[1].split("|"))) if shared else ()

    def _row(self, key: str) -> str:
        head = key.encode("utf-8") + b"\t"
        place = bisect_left(self._rows, head)
        found = place < len(self._rows) and self._rows[place].startswith(head)
        return self._rows[place][len(head) :].decode("utf-8") if found else ""


def _shared(word: str, other: str) -> tuple[int, int]:
    """Rate how alike two words of one stem are: by their beginning, then by their length."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False))
    return len(list(same)), -len(other)


@lru_cache(maxsize=6)
def words_of(source: str, target: str) -> Words:
    """Return the words of a direction, opened once per process."""
    return Words(gzip.decompress(path_of(source, target).read_bytes()), source)
