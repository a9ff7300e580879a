"""The search with compiled kernels: memory to work in for each thread, queries dealt out to threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from . import kernels
from .facets import Where, passing
from .segment import BLOCK, Segment
from .view import Delta, Rows, View

_CHUNK = 128
_local = threading.local()


def search(  # noqa: PLR0917
    views: Sequence[View],
    delta: Delta,
    queries: Rows,
    columns: int,
    k: int,
    where: Where,
    floors: NDArray[np.float32],
    threads: int,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return ids and scores (queries, k), best first, -1 and 0 where there are fewer; none is below its query's floor."""
    indptr, indices, data = queries
    count = len(indptr) - 1
    scores = np.zeros((count, k), np.float32)
    found = np.full((count, k), -1, np.int64)

    def run(start: int) -> None:
        rows = slice(start, start + _CHUNK)
        asked = indptr[start : start + _CHUNK + 1], indices, data, floors[rows]
        _search_chunk(views, delta, asked, where, columns, scores[rows], found[rows])

    starts = range(0, count, _CHUNK)
    if threads == 1 or len(starts) == 1:
        for start in starts:
            run(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, starts))
    return found, scores


def _search_chunk(  # noqa: PLR0917
    views: Sequence[View],
    delta: Delta,
    asked: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]],
    where: Where,
    columns: int,
    scores: NDArray[np.float32],
    found: NDArray[np.int64],
) -> None:
    sizes = np.zeros(len(scores), np.int64)
    work = _workspace(columns, max((len(view.segment.block_lengths) for view in views), default=0))
    for view in views:
        few, mask, positions = view.filter(where)
        kernels.search(
            *asked, _arrays(view.segment), few, mask, positions, work, scores, found, sizes
        )
    if len(delta):
        mask = delta.alive & passing(delta.flags, where)
        rows = delta.ids, delta.starts, delta.columns, delta.values
        kernels.scan(*asked, rows, mask, work[0], scores, found, sizes)
    kernels.order(scores, found, sizes)


def _arrays(segment: Segment) -> tuple[object, ...]:
    words = segment.words
    rows = segment.row_starts, words.view(np.uint16), words.view(np.int32), words.view(np.float32)
    return (
        segment.ids,
        segment.place,
        segment.top,
        segment.posting_starts,
        segment.postings,
        segment.maxima,
        segment.holders,
        segment.block_lengths,
        segment.step,
        rows,
        segment.impacts,
    )


def _workspace(columns: int, blocks: int) -> tuple[NDArray[np.generic], ...]:
    """Return this thread's arrays: a dense query, sums by listing (both zero between calls), bounds and totals."""
    work: tuple[NDArray[np.generic], ...] | None = getattr(_local, "work", None)
    if work is None or len(work[0]) < columns or len(work[2]) < blocks:
        work = (
            np.zeros(columns, np.float32),
            np.zeros((blocks, BLOCK), np.uint16),
            np.zeros(blocks, np.float32),
            np.zeros(blocks, np.float32),
            np.zeros(blocks * BLOCK, np.float32),
        )
        _local.work = work
    return work
