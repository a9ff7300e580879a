"""Words that have to stand in a text just as they stand in quotation marks."""

from __future__ import annotations

import re
from functools import lru_cache

from ..text.folding import fold, fold_word
from ..text.language import is_han

_BLANKS = re.compile(r"\s+")


def holds(text: str, phrase: str) -> bool:
    """Tell whether a text has a phrase, whatever its capitals, accents and blanks are.

    Parameters
    ----------
    text : str
        Any text.
    phrase : str
        The phrase; it does not begin or end inside a Latin word.

    Examples
    --------
    >>> holds("Two Glacier  lakes above a village", "glacier lakes"), holds("a glacier", "glaci")
    (True, False)
    """
    return _pattern(phrase).search(_plain(text)) is not None


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", fold_word(fold(text)))


@lru_cache(maxsize=100)
def _pattern(phrase: str) -> re.Pattern[str]:
    plain = _plain(phrase).strip()
    before = "" if is_han(plain[:1] or " ") else r"(?<![^\W_])"
    after = "" if is_han(plain[-1:] or " ") else r"(?![^\W_])"
    return re.compile(before + re.escape(plain) + after)
