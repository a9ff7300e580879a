"""Copies: texts that are nearly the same, and capabilities that repeat what a need says.

Honest listings share terms, and hardly ever runs of words. On the demonstration and the judged
collections, two of one kind share at most a tenth of their pairs of words. No capability repeats
half of a need's title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

from ..listing import Listing
from .folding import fold
from .language import HAN

_UNIT = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
_NEARLY = 0.4  # of all pairs of units, as after changing every fourth word
_SKETCH = 16
_SHORTEST = 8  # units of a title or summary; shorter ones are alike by chance
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
        """Return whether the other text is nearly the same: it shares most of its words in order.

        Parameters
        ----------
        other : Sketch
            The sketch of another listing.
        """
        # Texts that share a third or less rarely share any of their least.
        if self._least.isdisjoint(other._least) or len(self._pairs) < _FEWEST:
            return False
        shared = len(self._pairs & other._pairs)
        return shared >= _NEARLY * (len(self._pairs) + len(other._pairs) - shared)


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
        if len(_units(text)) >= _SHORTEST and _share(_runs(text, 3), said) >= _WHOLE:
            return True
    return len(_units(_whole(need))) >= _SHORTEST and _share(_runs(_whole(need), 3), said) >= _MUCH


def _share(runs: frozenset[int], of: frozenset[int]) -> float:
    return len(runs & of) / len(runs)


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
