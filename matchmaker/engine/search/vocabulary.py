"""Terms and their columns in the search index: sorted ones mapped from a snapshot, and newer ones.

A term keeps its column. When all ``size`` columns are taken, the index has to be built again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
SPARE = 20_000  # free columns, beside a quarter of those in use


class Full(Exception):
    """No column is left for a new term: build the index again."""


class Vocabulary:
    """Terms and their columns.

    Parameters
    ----------
    arrays : Mapping[str, Array] | None
        Result of an earlier ``arrays``; an empty vocabulary if None.
    size : int
        Number of columns of an empty vocabulary.
    """

    def __init__(self, arrays: Mapping[str, Array] | None = None, size: int = 0) -> None:
        self._sorted = _Sorted(arrays["text"], arrays["starts"]) if arrays else _NOTHING
        self._columns: Array = arrays["columns"] if arrays else np.zeros(0, np.int32)
        self._newer: dict[str, int] = {}
        self.size = int(arrays["size"][0]) if arrays else size

    def __len__(self) -> int:
        return len(self._sorted) + len(self._newer)

    def find(self, term: str) -> int | None:
        """Return a term's column, or None."""
        found = self._newer.get(term)
        if found is None:
            key = term.encode()
            place = bisect_left(self._sorted, key)
            if place < len(self._sorted) and self._sorted[place] == key:
                found = int(self._columns[place])
        return found

    def add(self, terms: Iterable[str]) -> list[int]:
        """Return the columns of terms, new ones for new terms; ``Full`` when too few are left."""
        found = {term: self.find(term) for term in terms}
        new = [term for term, column in found.items() if column is None]
        if len(self) + len(new) > self.size:
            raise Full
        for term in new:
            found[term] = self._newer[term] = len(self)
        return [column for column in found.values() if column is not None]

    def arrays(self) -> dict[str, Array]:
        """Return the whole vocabulary as arrays, to be written and mapped."""
        terms = [*self._sorted, *(term.encode() for term in self._newer)]
        columns = np.concatenate(
            [self._columns, np.fromiter(self._newer.values(), np.int32, len(self._newer))]
        )
        order = sorted(range(len(terms)), key=terms.__getitem__)
        lengths = np.fromiter((len(terms[at]) for at in order), np.int64, len(order))
        return {
            "text": np.frombuffer(b"".join(terms[at] for at in order), np.uint8),
            "starts": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            "columns": columns[order].astype(np.int32),
            "size": np.array([self.size], np.int64),
        }


def roomy(terms: int) -> int:
    """Return a number of columns with room for more terms."""
    return terms + terms // 4 + SPARE


class _Sorted(Sequence[bytes]):
    """Byte strings in one array."""

    def __init__(self, text: Array, starts: Array) -> None:
        self._text, self._starts = (
            np.ascontiguousarray(text).data,
            np.ascontiguousarray(starts).data,
        )

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return bytes(self._text[self._starts[place] : self._starts[place + 1]])


_NOTHING = _Sorted(np.zeros(0, np.uint8), np.zeros(1, np.int64))
