"""Live parts of the index: segments with their current listings, and the newest listings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .facets import Where, passing
from .segment import Segment

Queries = tuple[
    NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]
]  # starts, columns, values
_FEW = 128  # a filter that passes fewer than one listing in 128 keeps their positions
_KEPT_FILTERS = 32


class Filter(NamedTuple):
    """Listings that may be found: ``positions`` when ``few``, else ``mask`` (n,), empty for all."""

    few: bool
    mask: NDArray[np.uint8]
    positions: NDArray[np.intp]


_NO_MASK = np.zeros(0, np.uint8)
_NO_POSITIONS = np.zeros(0, np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class LiveSegment:
    """A segment and a mask of its current listings, ``alive`` (n,) bytes of 0 and 1."""

    segment: Segment
    alive: NDArray[np.uint8]
    count: int
    filters: dict[Where, Filter] = field(default_factory=dict)

    @classmethod
    def of(cls, segment: Segment, alive: NDArray[np.uint8] | None = None) -> LiveSegment:
        """Return a segment with a mask; all listings are current by default."""
        alive = np.ones(len(segment), np.uint8) if alive is None else alive
        return cls(segment, alive, int(np.count_nonzero(alive)))

    def without(self, positions: NDArray[np.intp]) -> LiveSegment:
        """Return the segment without some listings."""
        return LiveSegment.of(self.segment, _cleared(self.alive, positions))

    def current(self) -> NDArray[np.intp]:
        """Return the positions of the current listings."""
        return np.flatnonzero(self.alive)

    def filter(self, where: Where) -> Filter:
        """Return the listings that pass a filter; kept, because that reads the whole segment."""
        found = self.filters.get(where)
        if found is None:
            if len(self.filters) >= _KEPT_FILTERS:
                self.filters.clear()
            found = self.filters[where] = self._filter(where)
        return found

    def _filter(self, where: Where) -> Filter:
        if not where and self.count == len(self.alive):
            return Filter(False, _NO_MASK, _NO_POSITIONS)
        mask = self.alive & passing(self.segment.flags, where)
        if np.count_nonzero(mask) * _FEW < len(mask):
            return Filter(True, _NO_MASK, np.flatnonzero(mask))
        return Filter(False, mask, _NO_POSITIONS)


def _cleared(alive: NDArray[np.uint8], positions: NDArray[np.intp]) -> NDArray[np.uint8]:
    alive = alive.copy()
    alive[positions] = 0
    return alive


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Delta:
    """The newest listings, searched one by one.

    Arrays are ids, flags and alive (n,), starts (n + 1,), columns and values.
    """

    ids: NDArray[np.int64]
    flags: NDArray[np.uint64]
    alive: NDArray[np.uint8]
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def empty(cls) -> Delta:
        """Return a delta of no listings."""
        ids, flags, alive = np.zeros(0, np.int64), np.zeros(0, np.uint64), np.zeros(0, np.uint8)
        return cls(
            ids, flags, alive, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)
        )

    def __len__(self) -> int:
        return len(self.ids)

    def plus(
        self, ids: NDArray[np.int64], rows: sparse.csr_matrix, flags: NDArray[np.uint64]
    ) -> Delta:
        """Return the delta with more listings."""
        return Delta(
            np.concatenate([self.ids, ids]),
            np.concatenate([self.flags, flags]),
            np.concatenate([self.alive, np.ones(len(ids), np.uint8)]),
            np.concatenate([self.starts, self.starts[-1] + rows.indptr[1:].astype(np.int64)]),
            np.concatenate([self.columns, rows.indices.astype(np.int32)]),
            np.concatenate([self.values, rows.data]),
        )

    def without(self, positions: NDArray[np.intp]) -> Delta:
        """Return the delta without some listings."""
        return Delta(
            self.ids,
            self.flags,
            _cleared(self.alive, positions),
            self.starts,
            self.columns,
            self.values,
        )

    def positions(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return indices into ``ids`` of listings that are current here, and their positions."""
        current = np.flatnonzero(self.alive)
        order = current[np.argsort(self.ids[current])]
        at = np.minimum(np.searchsorted(self.ids[order], ids), max(len(order) - 1, 0))
        if not len(order):
            return at[:0], at[:0]
        found = np.flatnonzero(self.ids[order[at]] == ids)
        return found, order[at[found]]

    def rows(self, columns: int) -> sparse.csr_matrix:
        """Return all rows (n, columns)."""
        end = self.starts[-1]
        return sparse.csr_matrix(
            (self.values[:end], self.columns[:end], self.starts), shape=(len(self), columns)
        )
