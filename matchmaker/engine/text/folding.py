"""One written form for each character: half width, no compatibility forms, simplified Chinese.

Chinese whose characters stand apart, as text copied out of a PDF has them, is joined.
Case and accents stay. They are folded word by word, after a token's shape has told its kind.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Protocol

from .language import HAN

_HAN = re.compile(f"[{HAN}]")
# Chinese with a blank behind each character: what stands alone between blanks …
_MARKS = "、。,;:!?()《》〈〉【】“”~%"
_ALONE = rf"(?:[{_MARKS}]*[{HAN}0-9][{_MARKS}]*|[{_MARKS}]+)(?!\S)"
# … and a row of it. A line break ends a row, since headings and lists have lines of their own.
_APART = re.compile(rf"(?<!\S){_ALONE}(?:[ \t]{{1,3}}{_ALONE})+")
_MAYBE_APART = re.compile(rf"[{HAN}][ \t]+[{HAN}]")
_BLANKS = re.compile(r"[ \t]+")
_MANY = 4  # characters in a row that show that a text is written so; a name apart may have three
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\uff07"), "'")
_GONE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), "")


class _Compatible(dict[int, str]):
    """A cache of Unicode's compatibility composition (NFKC), character by character."""

    def __missing__(self, code: int) -> str:
        # NFKC turns an ellipsis into full stops and a fraction into digits; both are harmless here.
        folded = unicodedata.normalize("NFKC", chr(code))
        self[code] = folded
        return folded


_COMPATIBLE = _Compatible({**_HYPHENS, **_QUOTES, **_GONE})


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=1)
def _to_simplified() -> _Converter:
    import opencc  # noqa: PLC0415  # texts without Chinese do without its dictionaries

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def fold(text: str) -> str:
    """Return a text in its one written form; folding twice changes nothing more.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The folded text, mostly of the same length.

    Examples
    --------
    >>> fold("ＬｉＤＡＲ 電池")
    'LiDAR 电池'
    """
    if text.isascii():
        return text
    composed = _composed(text)
    gaps = _gaps(composed)
    return simplify(_without(composed, gaps) if gaps else composed)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_COMPATIBLE)


def _gaps(composed: str) -> list[tuple[int, int]]:
    """Return the places of blanks between Chinese characters that stand apart."""
    if not _MAYBE_APART.search(composed):
        return []
    rows = [(match.start(), match.group()) for match in _APART.finditer(composed)]
    sizes = [len(_HAN.findall(row)) for _, row in rows]
    if max(sizes, default=0) < _MANY:
        return []
    return [
        (start + blank.start(), start + blank.end())
        for (start, row), size in zip(rows, sizes, strict=True)
        if size
        for blank in _BLANKS.finditer(row)
    ]


def _without(composed: str, gaps: list[tuple[int, int]]) -> str:
    ends = [0, *(end for _, end in gaps)]
    starts = [*(start for start, _ in gaps), len(composed)]
    return "".join(composed[end:start] for end, start in zip(ends, starts, strict=True))


def simplify(text: str) -> str:
    """Return ``text`` with traditional Chinese characters in their simplified form."""
    if not _HAN.search(text):
        return text
    return _to_simplified().convert(text)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return ``fold(text)``, and for each of its characters and its end the place in ``text``.

    Where a blank was dropped, a piece of ``text`` up to the next character ends with that blank.
    """
    composed = _composed(text)
    offsets = _places(text, composed)
    gaps = _gaps(composed)
    folded = simplify(_without(composed, gaps))
    for start, end in reversed(gaps):
        del offsets[start:end]
    # When a conversion depends on neighbours, fall back on proportional places.
    if len(offsets) != len(folded):
        offsets = [index * len(text) // max(len(folded), 1) for index in range(len(folded))]
    return folded, [*offsets, len(text)]


def _places(text: str, composed: str) -> list[int]:
    """Return the place in ``text`` of each character of its composed form."""
    if len(composed) == len(text):
        return list(range(len(text)))
    offsets: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        offsets.extend([start] * len(_compose_character(text[start:end])))
        start = end
    if len(offsets) != len(composed):  # composition reached over what seemed a boundary
        return [index * len(text) // max(len(composed), 1) for index in range(len(composed))]
    return offsets


_compose_character = lru_cache(maxsize=20_000)(_composed)


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """Return a word in lower case without accents.

    Parameters
    ----------
    word : str
        A word from a folded text.

    Examples
    --------
    >>> fold_word("Batería")
    'bateria'
    """
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFD", lowered)
    return unicodedata.normalize(
        "NFC", "".join(char for char in decomposed if not unicodedata.combining(char))
    )
