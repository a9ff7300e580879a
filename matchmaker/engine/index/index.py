"""The index: exact best listings by sparse dot product, changed at any time, saved to and opened from a folder."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from . import serving, snapshot
from .facets import Where
from .segment import MOST_ROWS, build
from .view import Delta, Rows, View

_SEAL = 1024  # listings in the delta; searching it takes 0.06 ms then
_MERGE = 4  # a segment is merged with those up to so many times as large

_NO_FLOOR = np.zeros(1, np.float32)

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class State:
    """All that one search sees. A change makes a new state; a search that has begun goes on with its own."""

    views: tuple[View, ...]
    delta: Delta


class Index:
    """Listings by id, each a sparse row of positive values; a score is the dot product of a query and a row.

    Parameters: columns, how many there are. Searches may run in several threads while another changes the index.
    Listings whose score is zero are not found. Equal scores are ordered by id.
    """

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._state = State((), Delta.empty())
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, version: str, *, verify: bool = True) -> Index:
        """Open a snapshot; its arrays are mapped, so processes share them. Changes stay in memory until ``save``.

        Raises ``NoSnapshot`` where there is none of this version, ``Damaged`` where files are not what was written.
        ``verify`` reads and checks every byte; without it, only the heads are (and damage may crash the process).
        """
        columns, views = snapshot.read(folder, version, verify=verify)
        index = cls(columns)
        index._state = State(tuple(views), Delta.empty())
        return index

    def save(self, folder: Path, version: str) -> None:
        """Write what the index holds; segments already in the folder stay. ``version`` says what the rows were made with.

        Raises ``Busy`` when another process is saving there.
        """
        self.seal()
        snapshot.write(folder, version, self.columns, self._state.views)

    def copy(self) -> Index:
        """Return an index of the same listings, which it shares until either changes."""
        index = Index(self.columns)
        index._state = self._state
        return index

    def __len__(self) -> int:
        state = self._state
        return sum(view.count for view in state.views) + int(state.delta.alive.sum())

    @property
    def nbytes(self) -> int:
        """The bytes of all segments."""
        return sum(
            array.nbytes for view in self._state.views for array in view.segment.arrays().values()
        )

    def put(self, ids: ArrayLike, rows: sparse.csr_matrix, flags: ArrayLike | None = None) -> None:
        """Add listings, or change those of the same id. ``rows`` (n, columns); ``flags`` (n,) as made by ``Facets``."""
        numbers = np.asarray(ids, np.int64)
        marks = np.zeros(len(numbers), np.uint64) if flags is None else np.asarray(flags, np.uint64)
        rows = self._checked(rows)
        if len(np.unique(numbers)) < len(numbers):
            raise ValueError("two listings have the same id")
        if rows.shape[0] != len(numbers) or len(marks) != len(numbers):
            raise ValueError("ids, rows and flags differ in length")
        with self._lock:
            state = _without(self._state, numbers)
            if len(numbers) >= _SEAL:
                made = _segments(numbers, rows, marks)
                self._state = replace(state, views=_by_size([*state.views, *made]))
            else:
                self._state = replace(state, delta=state.delta.plus(numbers, rows, marks))
                if len(self._state.delta) >= _SEAL:
                    self._state = self._sealed()

    def withdraw(self, ids: ArrayLike) -> None:
        """Take listings out; unknown ids are passed over."""
        with self._lock:
            self._state = _without(self._state, np.asarray(ids, np.int64))

    def seal(self) -> None:
        """Turn the newest listings into a segment."""
        with self._lock:
            self._state = self._sealed()

    def compact(self) -> None:
        """Merge small segments, and those that have lost a quarter of their listings; work for the background."""
        with self._lock:
            state = self._sealed()
            merged = _to_merge(state.views)
            kept = [view for view in state.views if view not in merged]
            if merged:
                ids, rows, flags = _contents(merged, self.columns)
                kept += _segments(ids, rows, flags)
            self._state = State(_by_size(kept), state.delta)

    def top(
        self, columns: NDArray[np.int32], values: NDArray[np.float32], k: int, where: Where = ()
    ) -> tuple[Ids, Scores]:
        """Return the ids and scores of the ``k`` best, best first; every column of the query once, values not negative."""
        columns, values = np.asarray(columns, np.int32), np.asarray(values, np.float32)
        if len(columns) and not (
            columns.min() >= 0 and columns.max() < self.columns and values.min() >= 0
        ):
            raise ValueError("columns are not the index's, or values are negative")
        query = np.array([0, len(columns)], np.int32), columns, values
        ids, scores = self._search(query, _NO_FLOOR, k, where, 1)
        size = np.count_nonzero(scores[0])
        return ids[0, :size], scores[0, :size]

    def top_many(
        self,
        queries: sparse.csr_matrix,
        k: int,
        where: Where = (),
        floor: Scores | None = None,
        threads: int = 1,
    ) -> tuple[Ids, Scores]:
        """Return ids and scores (queries, k), best first, -1 and 0 where fewer share a column with the query.

        ``floor`` (queries,) is a guess of each k-th score, such as the last run's. It saves time where it is near and
        costs a second search where it is too high; the result is the same.
        """
        count = queries.shape[0]
        floors = np.zeros(count, np.float32) if floor is None else np.asarray(floor, np.float32)
        ids, scores = self._above(queries, floors, k, where, threads)
        if scores.shape[1]:
            again = np.flatnonzero((scores[:, -1] == 0) & (floors > 0))
            if len(again):
                nothing = np.zeros(len(again), np.float32)
                ids[again], scores[again] = self._above(queries[again], nothing, k, where, threads)
        return ids, scores

    def _above(
        self, queries: sparse.csr_matrix, floor: Scores, k: int, where: Where = (), threads: int = 1
    ) -> tuple[Ids, Scores]:
        """As ``top_many``, but only listings whose score reaches ``floor`` (queries,)."""
        queries = self._checked(queries)
        return self._search(
            (queries.indptr, queries.indices, queries.data), floor, k, where, threads
        )

    def _search(
        self, queries: Rows, floor: Scores, k: int, where: Where, threads: int
    ) -> tuple[Ids, Scores]:
        state = self._state
        width = max(min(k, sum(len(view.alive) for view in state.views) + len(state.delta)), 0)
        if not width:
            shape = len(floor), width
            return np.full(shape, -1, np.int64), np.zeros(shape, np.float32)
        return serving.search(
            state.views, state.delta, queries, self.columns, width, where, floor, threads
        )

    def prepare(self, *, wait: bool = False) -> None:
        """Make the first search as fast as the next; ``wait`` for kernels that only have to be loaded."""
        state = self._state
        serving.prepare(state.views, state.delta, self.columns, wait=wait)

    def rows(self, ids: ArrayLike) -> sparse.csr_matrix:
        """Return listings' rows (ids, columns); KeyError for an id that is not here."""
        numbers = np.asarray(ids, np.int64)
        state = self._state
        order: list[NDArray[np.intp]] = []
        parts = [sparse.csr_matrix((0, self.columns), dtype=np.float32)]
        for found, positions, view in _found(state.views, numbers):
            order.append(found)
            parts.append(view.segment.rows(positions))
        found, positions = state.delta.positions(numbers)
        order.append(found)
        parts.append(state.delta.rows(self.columns)[positions])
        places = np.concatenate(order)
        if len(places) < len(numbers):
            raise KeyError(int(np.delete(numbers, places)[0]))
        return sparse.vstack(parts, format="csr")[np.argsort(places)]

    def _sealed(self) -> State:
        state = self._state
        current = np.flatnonzero(state.delta.alive)
        if not len(current):
            return replace(state, delta=Delta.empty())
        rows = state.delta.rows(self.columns)[current]
        made = _segments(state.delta.ids[current], rows, state.delta.flags[current])
        return State(_by_size([*state.views, *made]), Delta.empty())

    def _checked(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return rows as float32 without zeros, each column once; ValueError where values or columns cannot be."""
        if rows.shape[1] != self.columns:
            raise ValueError(f"rows have {rows.shape[1]} columns, the index {self.columns}")
        rows = sparse.csr_matrix(rows, dtype=np.float32)
        if not rows.has_canonical_format or (rows.nnz and not rows.data.all()):
            rows = rows.copy()
            rows.sum_duplicates()
            rows.eliminate_zeros()
        if rows.nnz and not (rows.data.min() > 0 and np.isfinite(rows.data.max())):
            raise ValueError("values must be finite and not negative")
        return rows


def _found(
    views: Sequence[View], ids: Ids
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], View]]:
    """Yield, for every view with some of ``ids`` current: indices into ``ids``, positions, view."""
    for view in views:
        found, positions = view.segment.positions(ids)
        current = view.alive[positions] > 0
        if current.any():
            yield found[current], positions[current], view


def _without(state: State, ids: Ids) -> State:
    changed = {id(view): view.without(positions) for _, positions, view in _found(state.views, ids)}
    views = tuple(changed.get(id(view), view) for view in state.views)
    _, positions = state.delta.positions(ids)
    delta = state.delta.without(positions) if len(positions) else state.delta
    return State(tuple(view for view in views if view.count), delta)


def _segments(ids: Ids, rows: sparse.csr_matrix, flags: NDArray[np.uint64]) -> list[View]:
    made = []
    for start in range(0, len(ids), MOST_ROWS):
        span = slice(start, start + MOST_ROWS)
        made.append(View.of(build(ids[span].copy(), rows[span], flags[span].copy())))
    return made


def _by_size(views: Iterable[View]) -> tuple[View, ...]:
    """The largest first: it sets the threshold for the others."""
    return tuple(sorted(views, key=lambda view: -len(view.alive)))


def _to_merge(views: Sequence[View]) -> list[View]:
    """Return the views to become one: from the smallest up, while the next is not much larger than all before it."""
    chosen = [view for view in views if view.count * 4 < len(view.alive) * 3]
    total = sum(view.count for view in chosen)
    small = []
    for view in sorted((view for view in views if view not in chosen), key=lambda view: view.count):
        if view.count > _MERGE * total + _MERGE * _SEAL or total + view.count > MOST_ROWS:
            break
        small.append(view)
        total += view.count
    return chosen + small if chosen or len(small) > 1 else []


def _contents(
    views: Sequence[View], columns: int
) -> tuple[Ids, sparse.csr_matrix, NDArray[np.uint64]]:
    places = [(view.segment, view.current()) for view in views]
    ids = np.concatenate([segment.ids[positions] for segment, positions in places])
    rows = sparse.vstack([segment.rows(positions) for segment, positions in places], format="csr")
    flags = np.concatenate([segment.flags[positions] for segment, positions in places])
    order = np.argsort(ids)
    return ids[order], rows[order], flags[order]
