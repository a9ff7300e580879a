"""Copies: texts that are nearly the same, and capabilities that repeat what a need says.

Honest listings share terms, and hardly ever runs of words. On the demonstration and the judged
collections, two of one kind share at most a fifth of the pairs of words of the shorter one. No
capability repeats half of a need's title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

from ..listing import Listing
from .folding import fold
from .language import HAN, is_han

_UNIT = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
_NEARLY = 0.5  # of the pairs of units of the shorter text, as after changing every fourth word
_SKETCH = 32
# Words of a title or summary, and of a text; two Han characters are one. Who offers exactly what
# is asked for may well call it by the same few words.
_SHORTEST, _SHORT_TEXT = 8, 24
_FEWEST = 12  # pairs of a text that can be nearly another
_WHOLE, _MUCH = 0.8, 0.3  # shares of a title or summary, and of the whole text, that are copied


class Sketch:
    """A listing's text as pairs of words, compared fast with others.

    Parameters
    ----------
    listing : Listing
        A need or a capability.

    Examples
    --------
    >>> text = "An adsorbent that takes lithium from the cold brine of a salt lake in winter"
    >>> sketch = Sketch(Listing("1", "need", text))
    >>> sketch.is_near(Sketch(Listing("2", "need", text.replace("cold", "icy"))))
    True
    >>> sketch.is_near(Sketch(Listing("3", "need", "Seed potatoes without virus")))
    False
    """

    __slots__ = ("_least", "_pairs")

    def __init__(self, listing: Listing) -> None:
        self._pairs = _runs(_whole(listing), 2)
        self._least = frozenset(sorted(self._pairs)[:_SKETCH])

    def is_near(self, other: Sketch) -> bool:
        """Return whether one text is nearly the other, or holds most of it, in the same words.

        Parameters
        ----------
        other : Sketch
            The sketch of another listing.
        """
        # Texts that share little rarely share any of their least.
        if self._least.isdisjoint(other._least):
            return False
        shorter = min(len(self._pairs), len(other._pairs))
        return shorter >= _FEWEST and len(self._pairs & other._pairs) >= _NEARLY * shorter


def copies(capability: Listing, need: Listing) -> bool:
    """Return whether a capability repeats much of a need's text.

    Parameters
    ----------
    capability : Listing
        The listing that may be a copy.
    need : Listing
        The listing that may have been copied.

    Examples
    --------
    >>> asked = "An adsorbent that takes lithium from brine at minus ten degrees. It keeps nine"
    >>> asked += " tenths of its capacity over a hundred cycles, and stands three winters outside."
    >>> copies(Listing("c", "capability", "We offer", description=asked),
    ...        Listing("n", "need", "Lithium in winter", description=asked))
    True
    """
    text = _whole(need)
    runs, said = _runs(text, 3), _runs(_whole(capability), 3)
    return _words(text) >= _SHORT_TEXT and len(runs & said) >= _MUCH * len(runs)


def repeats(capability: Listing, need: Listing) -> bool:
    """Return whether a capability repeats a need: its title, its summary, or much of its text.

    Parameters
    ----------
    capability : Listing
        The listing that may be a copy.
    need : Listing
        The listing that may have been copied.

    Examples
    --------
    >>> need = Listing("n", "need", "An adsorbent that takes lithium from brine at minus ten")
    >>> repeats(Listing("c", "capability", "We offer: " + need.title), need)
    True
    >>> repeats(Listing("c", "capability", "Lithium adsorbents for cold brine"), need)
    False
    """
    said = _runs(_whole(capability), 3)
    for text in (need.title, need.summary):
        runs = _runs(text, 3)
        if _words(text) >= _SHORTEST and len(runs & said) >= _WHOLE * len(runs):
            return True
    return copies(capability, need)


def _words(text: str) -> float:
    return sum(0.5 if is_han(unit) else 1.0 for unit in _units(text))


def _whole(listing: Listing) -> str:
    texts = (listing.title, listing.summary, listing.description, *listing.must_haves)
    return "\n".join(text for text in texts if text)


@lru_cache(maxsize=1_000)
def _runs(text: str, length: int) -> frozenset[int]:
    """Return hashes of all runs of words; a text shorter than a run is one."""
    units = _units(text)
    return frozenset(
        crc32(" ".join(units[place : place + length]).encode())
        for place in range(max(len(units) - length, 0) + 1)
    )


@lru_cache(maxsize=1_000)
def _units(text: str) -> Sequence[str]:
    """Return Latin words and single Han characters, without marks."""
    return _UNIT.findall(fold(text).casefold())
