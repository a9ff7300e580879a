"""How Chinese words sound, in pinyin without tones; ``benchmarks/pinyin.py`` writes the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import product

from ..paths import DATA

SYLLABLES = DATA / "pinyin" / "syllables.tsv"
_MOST = 4  # readings of a word with characters of several readings
# Pairs that many speakers do not tell apart.
_BLURRED = re.compile("(?<=[zcs])h|(?<=[aei]n)g")


def readings(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to read a Chinese word, as syllables, the usual one first."""
    known = [_characters().get(char, ()) for char in word]
    for number, way in enumerate(product(*known)):
        if number == _MOST:
            break
        yield way


def blurred(syllables: tuple[str, ...]) -> str:
    """Return a reading with alike syllables written alike: zhong and zong are one."""
    return " ".join(map(_blurred, syllables))


@cache
def _blurred(syllable: str) -> str:
    return _BLURRED.sub("", syllable)


@lru_cache(maxsize=1)
def _characters() -> Mapping[str, tuple[str, ...]]:
    rows = [line.split("\t") for line in SYLLABLES.read_text(encoding="utf-8").splitlines()]
    found: dict[str, tuple[str, ...]] = {char: (one,) for one, usual, _ in rows for char in usual}
    for one, _, seldom in rows:
        found |= {char: (*found.get(char, ()), one) for char in seldom}
    return found
