"""The index: exact best listings by sparse dot product, with changes at any time and snapshots."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from ..spans import spans
from . import serving, snapshot
from .facets import Where
from .live import Delta, LiveSegment, Queries
from .segment import MOST_ROWS, build

_SEAL = 1024  # listings in the delta; searching it takes 0.06 ms then
_MERGE = 4  # size ratio up to which segments are merged

_NO_FLOOR = np.zeros(1, np.float32)

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class State:
    """Contents at one moment; a change makes a new state, a running search keeps its own."""

    segments: tuple[LiveSegment, ...]
    delta: Delta


class Index:
    """Listings by id, each a sparse row of positive values.

    A score is the exact dot product of a row and a query. Several threads may search while
    another changes the index. Listings with a score of zero are not found; equal scores are
    ordered by id.

    Parameters
    ----------
    columns : int
        Number of columns.

    Examples
    --------
    >>> index = Index(columns=3)
    >>> index.put([7, 8], sparse.csr_matrix([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]]))
    >>> ids, scores = index.top(np.array([1, 2]), np.array([1.0, 1.0]), k=2)
    >>> ids.tolist(), scores.tolist()
    ([8, 7], [3.0, 2.0])
    >>> index.withdraw([8])
    >>> len(index)
    1
    """

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._state = State((), Delta.empty())
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, version: str, *, verify: bool = True) -> Index:
        """Open a snapshot; its arrays are mapped, and later changes stay in memory.

        Parameters
        ----------
        folder : Path
            The folder that ``save`` wrote to.
        version : str
            The version that ``save`` was given.
        verify : bool
            Whether to check every byte; without it, damage may crash the process.

        Returns
        -------
        Index
            The index; processes share its memory.

        Raises
        ------
        NoSnapshot
            When the folder holds no snapshot of this version.
        Damaged
            When a file differs from the one that was written.
        """
        columns, segments = snapshot.read(folder, version, verify=verify)
        index = cls(columns)
        index._state = State(tuple(segments), Delta.empty())
        return index

    def save(self, folder: Path, version: str) -> None:
        """Write a snapshot; segments that are already in the folder stay.

        Parameters
        ----------
        folder : Path
            The folder to write to; made if missing.
        version : str
            A name of the code and settings that made the rows.

        Raises
        ------
        Busy
            When another process is writing to the folder.
        """
        self.seal()
        snapshot.write(folder, version, self.columns, self._state.segments)

    def copy(self) -> Index:
        """Return a copy, which shares memory until either index changes."""
        index = Index(self.columns)
        index._state = self._state
        return index

    def __len__(self) -> int:
        state = self._state
        return sum(live.count for live in state.segments) + int(state.delta.alive.sum())

    @property
    def nbytes(self) -> int:
        """Size of all segments in bytes."""
        return sum(
            array.nbytes
            for live in self._state.segments
            for array in live.segment.arrays().values()
        )

    def put(self, ids: ArrayLike, rows: sparse.csr_matrix, flags: ArrayLike | None = None) -> None:
        """Add listings, and replace those with the same id.

        Parameters
        ----------
        ids : ArrayLike
            (n,) integers, each once.
        rows : sparse.csr_matrix
            (n, columns) finite values, not negative; zeros are dropped.
        flags : ArrayLike | None
            (n,) from ``Facets.flags``; none by default.

        Raises
        ------
        ValueError
            For wrong values, an id given twice, or lengths that differ.
        """
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
                self._state = replace(state, segments=_by_size([*state.segments, *made]))
            else:
                self._state = replace(state, delta=state.delta.plus(numbers, rows, marks))
                if len(self._state.delta) >= _SEAL:
                    self._state = self._sealed()

    def withdraw(self, ids: ArrayLike) -> None:
        """Take listings out.

        Parameters
        ----------
        ids : ArrayLike
            (n,) integers; unknown ones are ignored.
        """
        with self._lock:
            self._state = _without(self._state, np.asarray(ids, np.int64))

    def seal(self) -> None:
        """Turn the newest listings into a segment."""
        with self._lock:
            self._state = self._sealed()

    def compact(self) -> None:
        """Merge small and thinned-out segments, to make searches faster."""
        with self._lock:
            state = self._sealed()
            merged = _to_merge(state.segments)
            kept = [live for live in state.segments if live not in merged]
            if merged:
                ids, rows, flags = _contents(merged, self.columns)
                kept += _segments(ids, rows, flags)
            self._state = State(_by_size(kept), state.delta)

    def top(
        self, columns: NDArray[np.int32], values: NDArray[np.float32], k: int, where: Where = ()
    ) -> tuple[Ids, Scores]:
        """Search with one query.

        Parameters
        ----------
        columns : NDArray[np.int32]
            (m,) columns of the query, each once.
        values : NDArray[np.float32]
            (m,) its values, not negative.
        k : int
            The most listings to return.
        where : Where
            A filter from ``Facets.where``; all listings pass by default.

        Returns
        -------
        tuple[Ids, Scores]
            Ids and scores, at most ``k`` each, best first.

        Raises
        ------
        ValueError
            For a column outside the index or a negative value.
        """
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
        """Search with many queries.

        Parameters
        ----------
        queries : sparse.csr_matrix
            (queries, columns) values, not negative.
        k : int
            The most listings for each query.
        where : Where
            A filter from ``Facets.where``; all listings pass by default.
        floor : Scores | None
            (queries,) guesses of the k-th scores, such as the last run's; a near guess saves time,
            a high one costs a second search, and the result is the same.
        threads : int
            Number of threads that the compiled search may use.

        Returns
        -------
        tuple[Ids, Scores]
            Ids and scores (queries, k), best first, padded with -1 and 0.

        Raises
        ------
        ValueError
            For a wrong number of columns, or values that are negative or not finite.
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
        """Search as ``top_many`` does, for scores of at least ``floor`` (queries,)."""
        queries = self._checked(queries)
        return self._search(
            (queries.indptr, queries.indices, queries.data), floor, k, where, threads
        )

    def _search(
        self, queries: Queries, floor: Scores, k: int, where: Where, threads: int
    ) -> tuple[Ids, Scores]:
        state = self._state
        width = max(min(k, sum(len(live.alive) for live in state.segments) + len(state.delta)), 0)
        if not width:
            shape = len(floor), width
            return np.full(shape, -1, np.int64), np.zeros(shape, np.float32)
        return serving.search(
            state.segments, state.delta, queries, self.columns, width, where, floor, threads
        )

    def prepare(self, *, wait: bool = False) -> None:
        """Make the first search as fast as the next.

        Parameters
        ----------
        wait : bool
            Whether to load compiled kernels now, if they are ready.
        """
        state = self._state
        serving.prepare(state.segments, state.delta, self.columns, wait=wait)

    def rows(self, ids: ArrayLike) -> sparse.csr_matrix:
        """Return the rows of listings.

        Parameters
        ----------
        ids : ArrayLike
            (n,) integers.

        Returns
        -------
        sparse.csr_matrix
            Float32 matrix (n, columns) in the order of ``ids``.

        Raises
        ------
        KeyError
            For an unknown id.
        """
        numbers = np.asarray(ids, np.int64)
        state = self._state
        order: list[NDArray[np.intp]] = []
        parts = [sparse.csr_matrix((0, self.columns), dtype=np.float32)]
        for found, positions, live in _found(state.segments, numbers):
            order.append(found)
            parts.append(live.segment.rows(positions))
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
        return State(_by_size([*state.segments, *made]), Delta.empty())

    def _checked(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return rows as float32 without zeros, each column once; ValueError for wrong rows."""
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
    segments: Sequence[LiveSegment], ids: Ids
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], LiveSegment]]:
    """Yield indices into ``ids``, their positions, and the segment that has them current."""
    for live in segments:
        found, positions = live.segment.positions(ids)
        current = live.alive[positions] > 0
        if current.any():
            yield found[current], positions[current], live


def _without(state: State, ids: Ids) -> State:
    changed = {
        id(live): live.without(positions) for _, positions, live in _found(state.segments, ids)
    }
    segments = tuple(changed.get(id(live), live) for live in state.segments)
    _, positions = state.delta.positions(ids)
    delta = state.delta.without(positions) if len(positions) else state.delta
    return State(tuple(live for live in segments if live.count), delta)


def _segments(ids: Ids, rows: sparse.csr_matrix, flags: NDArray[np.uint64]) -> list[LiveSegment]:
    return [
        LiveSegment.of(build(ids[span].copy(), rows[span], flags[span].copy()))
        for span in spans(len(ids), MOST_ROWS)
    ]


def _by_size(segments: Iterable[LiveSegment]) -> tuple[LiveSegment, ...]:
    """Sort the largest first, because it sets the threshold for the others."""
    return tuple(sorted(segments, key=lambda live: -len(live.alive)))


def _to_merge(segments: Sequence[LiveSegment]) -> list[LiveSegment]:
    """Return the segments to merge: thinned-out ones, and small ones up to a jump in size."""
    chosen = [live for live in segments if live.count * 4 < len(live.alive) * 3]
    total = sum(live.count for live in chosen)
    small = []
    for live in sorted(
        (live for live in segments if live not in chosen), key=lambda live: live.count
    ):
        if live.count > _MERGE * total + _MERGE * _SEAL or total + live.count > MOST_ROWS:
            break
        small.append(live)
        total += live.count
    return chosen + small if chosen or len(small) > 1 else []


def _contents(
    segments: Sequence[LiveSegment], columns: int
) -> tuple[Ids, sparse.csr_matrix, NDArray[np.uint64]]:
    places = [(live.segment, live.current()) for live in segments]
    ids = np.concatenate([segment.ids[positions] for segment, positions in places])
    rows = sparse.vstack([segment.rows(positions) for segment, positions in places], format="csr")
    flags = np.concatenate([segment.flags[positions] for segment, positions in places])
    order = np.argsort(ids)
    return ids[order], rows[order], flags[order]
