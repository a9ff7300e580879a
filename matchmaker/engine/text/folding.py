"""One written form for each character: half width, no compatibility forms, simplified Chinese.

Case and accents stay. They are folded word by word, after a token's shape has told its kind.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Protocol

from .language import HAN

_HAN = re.compile(f"[{HAN}]")
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
    composed = unicodedata.normalize("NFC", text)
    folded = composed.translate(_COMPATIBLE)
    return simplify(folded)


def simplify(text: str) -> str:
    """Return ``text`` with traditional Chinese characters in their simplified form."""
    if not _HAN.search(text):
        return text
    return _to_simplified().convert(text)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return ``fold(text)``, and for each of its characters and its end the place in ``text``."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, list(range(len(text) + 1))
    offsets: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        offsets.extend([start] * len(_fold_character(text[start:end])))
        start = end
    # When a conversion depends on neighbours, fall back on proportional places.
    if len(offsets) != len(folded):
        offsets = [index * len(text) // max(len(folded), 1) for index in range(len(folded))]
    return folded, [*offsets, len(text)]


_fold_character = lru_cache(maxsize=20_000)(fold)


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
