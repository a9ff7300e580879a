"""Learn how Chinese characters are read, for slips and pinyin in a search.

    python -m benchmarks.pinyin

Writes ``syllables.tsv``: a syllable without tone, the characters whose usual reading it is, and
those that are read so sometimes. The readings are those of pypinyin (MIT licence).
"""

from __future__ import annotations

from collections import defaultdict

from pypinyin import Style, pinyin

from matchmaker.engine.lexicon.glossary import read_concepts
from matchmaker.engine.search.sounds import SYLLABLES
from matchmaker.engine.text.language import is_han


def characters() -> list[str]:
    """Return the characters of GB 2312, and those of the glossary."""
    common = {
        bytes((row, cell)).decode("gb2312", errors="ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    }
    ours = {char for one in read_concepts() for label in one.labels["zh"] for char in label}
    return sorted(char for char in common | ours if char and is_han(char))


def table() -> str:
    """Return the rows of ``syllables.tsv``."""
    usual: defaultdict[str, list[str]] = defaultdict(list)
    seldom: defaultdict[str, list[str]] = defaultdict(list)
    for char in characters():
        [readings] = pinyin(char, style=Style.NORMAL, heteronym=True)
        first, *others = dict.fromkeys(one for one in readings if one.isascii())
        usual[first].append(char)
        for one in others[:1]:
            seldom[one].append(char)
    return "".join(
        f"{one}\t{''.join(usual[one])}\t{''.join(seldom[one])}\n"
        for one in sorted({*usual, *seldom})
    )


if __name__ == "__main__":
    SYLLABLES.write_text(table(), encoding="utf-8")
