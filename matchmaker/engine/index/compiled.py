"""The search with compiled kernels: working memory by thread, queries dealt out to threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from ..spans import spans
from . import kernels
from .facets import Where, passing
from .live import Delta, LiveSegment, Queries
from .segment import BLOCK, Segment

_AT_ONCE = 128  # queries
_local = threading.local()


def search(  # noqa: PLR0917
    segments: Sequence[LiveSegment],
    delta: Delta,
    queries: Queries,
    columns: int,
    k: int,
    where: Where,
    floors: NDArray[np.float32],
    threads: int,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return ids and scores (queries, k), best first, padded with -1 and 0.

    Scores below a query's floor are left out.
    """
    indptr, indices, data = queries
    count = len(indptr) - 1
    scores = np.zeros((count, k), np.float32)
    found = np.full((count, k), -1, np.int64)

    def run(rows: slice) -> None:
        asked = indptr[rows.start : rows.stop + 1], indices, data, floors[rows]
        _search_some(segments, delta, asked, where, columns, scores[rows], found[rows])

    work = list(spans(count, _AT_ONCE))
    if threads == 1 or len(work) == 1:
        for rows in work:
            run(rows)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, work))
    return found, scores


def _search_some(  # noqa: PLR0917
    segments: Sequence[LiveSegment],
    delta: Delta,
    asked: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]],
    where: Where,
    columns: int,
    scores: NDArray[np.float32],
    found: NDArray[np.int64],
) -> None:
    sizes = np.zeros(len(scores), np.int64)
    work = _workspace(
        columns, max((len(live.segment.block_lengths) for live in segments), default=0)
    )
    for live in segments:
        few, mask, positions = live.filter(where)
        kernels.search(
            *asked, _arrays(live.segment), few, mask, positions, work, scores, found, sizes
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
    """Return this thread's working arrays.

    They hold a dense query and sums by listing (both zero between calls), bounds, totals and
    bounds by listing.
    """
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
