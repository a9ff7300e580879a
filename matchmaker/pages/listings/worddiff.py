"""What has changed in a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

_WORD = re.compile(r"[^\W_\u3400-\u9fff]+|\s+|.", re.S)  # a Chinese character is a word
MOST_WORDS = 6_000  # comparing more takes too long for somebody who waits


def word_changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of both texts in order: ("same" | "gone" | "new", text).

    >>> list(word_changes("90 % yield", "95 % yield"))
    [('gone', '90'), ('new', '95'), ('same', ' % yield')]
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        yield from (("gone", before), ("new", after))
        return
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[i:j])
            continue
        for what, piece in (("gone", old[i:j]), ("new", new[k:m])):
            if piece:
                yield what, "".join(piece)
