"""The search with scipy alone: what stands in without numba, and what the compiled search is tested against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .facets import Where, passing
from .view import Delta, Rows, View


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
    """As ``compiled.search``."""
    starts, indices, data = queries
    asked = sparse.csr_matrix((data, indices, starts), shape=(len(starts) - 1, columns)).astype(np.float64)
    ids, rows = _everything(views, delta, where, columns)
    transposed = rows.astype(np.float64).T.tocsr()
    scores = np.zeros((asked.shape[0], k), np.float32)
    found = np.full(scores.shape, -1, np.int64)
    for at in range(asked.shape[0]):
        product = (asked[at] @ transposed).tocoo()
        likeness = product.data.astype(np.float32)
        keep = np.flatnonzero((likeness > 0) & (likeness >= floors[at]))
        best = keep[np.lexsort((ids[product.col[keep]], -likeness[keep]))][:k]
        scores[at, : len(best)] = likeness[best]
        found[at, : len(best)] = ids[product.col[best]]
    return found, scores


def _everything(
    views: Sequence[View], delta: Delta, where: Where, columns: int
) -> tuple[NDArray[np.int64], sparse.csr_matrix]:
    """Return the ids and rows of all current listings that the filter lets through."""
    ids, rows = [np.zeros(0, np.int64)], [sparse.csr_matrix((0, columns), dtype=np.float32)]
    for view in views:
        positions = np.flatnonzero(view.alive & passing(view.segment.flags, where))
        ids.append(view.segment.ids[positions])
        rows.append(view.segment.rows(positions))
    newest = np.flatnonzero(delta.alive & passing(delta.flags, where))
    ids.append(delta.ids[newest])
    rows.append(delta.rows(columns)[newest])
    return np.concatenate(ids), sparse.vstack(rows, format="csr")
