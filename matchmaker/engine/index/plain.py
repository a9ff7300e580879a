"""The search with scipy alone: it serves where the index is small or the kernels are not ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from weakref import WeakKeyDictionary, WeakValueDictionary

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .facets import Where, passing
from .live import Delta, LiveSegment, Queries
from .rounding import rounded
from .segment import Segment

Best = tuple[NDArray[np.int64], NDArray[np.float32]]  # ids and scores (queries, k)
Search = Callable[
    [Sequence[LiveSegment], Delta, Queries, int, int, Where, NDArray[np.float32], int], Best
]
Scored = tuple[NDArray[np.int64], NDArray[np.float32]]

# Segments never change, so their rows by term are made once. A segment of the same name is the
# same one, opened again with the next snapshot.
_transposed: WeakKeyDictionary[Segment | Delta, sparse.csr_matrix] = WeakKeyDictionary()
_by_name: WeakValueDictionary[str, sparse.csr_matrix] = WeakValueDictionary()


def search(  # noqa: PLR0917
    segments: Sequence[LiveSegment],
    delta: Delta,
    queries: Queries,
    columns: int,
    k: int,
    where: Where,
    floors: NDArray[np.float32],
    threads: int,
) -> Best:
    """Search on one thread, with the result of ``compiled.search`` to the last bit."""
    starts, indices, data = queries
    parts = list(_parts(segments, delta, where, columns))
    scores = np.zeros((len(starts) - 1, k), np.float32)
    found = np.full(scores.shape, -1, np.int64)
    for at in range(len(scores)):
        asked = slice(starts[at], starts[at + 1])
        each = [_scored(*part, indices[asked], data[asked], floors[at]) for part in parts]
        ids = np.concatenate([ids for ids, _ in each])
        best = _best(ids, np.concatenate([likeness for _, likeness in each]), k)
        found[at, : len(best[0])], scores[at, : len(best[0])] = best
    return found, scores


def prepare(segments: Sequence[LiveSegment], delta: Delta, columns: int) -> None:
    """Prepare the rows by term, which the first search would otherwise do."""
    list(_parts(segments, delta, (), columns))


def forget() -> None:
    """Free the memory when the compiled search takes over."""
    _transposed.clear()


def _parts(
    segments: Sequence[LiveSegment], delta: Delta, where: Where, columns: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.bool_], sparse.csr_matrix]]:
    """Yield each part's ids (n,), a mask of those that may be found, and its rows (columns, n)."""
    for live in segments:
        mask = passing(live.segment.flags, where) & (live.alive > 0)
        yield live.segment.ids, mask, _by_term(live.segment, columns)
    mask = passing(delta.flags, where) & (delta.alive > 0)
    yield delta.ids, mask, _by_term(delta, columns)


def _by_term(part: Segment | Delta, columns: int) -> sparse.csr_matrix:
    found = _transposed.get(part)
    if found is not None:
        return found
    if isinstance(part, Delta):
        found = part.rows(columns).T.tocsr()
    else:
        found = _by_name.get(part.name)
        if found is None:
            found = part.rows(np.arange(len(part))).T.tocsr()
        _by_name[part.name] = found
    _transposed[part] = found
    return found


def _scored(  # noqa: PLR0917
    ids: NDArray[np.int64],
    mask: NDArray[np.bool_],
    by_term: sparse.csr_matrix,
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    floor: np.float32,
) -> Scored:
    """Return the ids and scores of the listings that the query finds."""
    parts = by_term[columns].astype(np.float64)
    parts.data *= np.repeat(values.astype(np.float64), np.diff(parts.indptr))
    totals: NDArray[np.float64] = np.bincount(parts.indices, parts.data, len(ids))  # type: ignore[assignment]
    likeness = rounded(totals, parts)
    keep = np.flatnonzero(mask & (likeness > 0) & (likeness >= floor))
    return ids[keep], likeness[keep]


def _best(ids: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> Scored:
    """Return the ``k`` best, best first, ties by id."""
    if len(scores) > k:
        keep = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
        ids, scores = ids[keep], scores[keep]
    order = np.lexsort((ids, -scores))[:k]
    return ids[order], scores[order]
