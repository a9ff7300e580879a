"""The best listings of many queries, kept from run to run: a nightly run costs what has changed.

For every query twice as many listings are kept as are wanted. When some of them change or are withdrawn, the others,
with those of the changed that score well enough, still hold the best; only a query that runs short is searched anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from .facets import Where
from .index import Index

_KEPT = 2  # times k


@dataclass(frozen=True, slots=True)
class Matches:
    """The best of every query (queries, 2k), best first, -1 and 0 where there are fewer.

    ``floor`` (queries,): every listing of a greater score is among them.
    """

    k: int
    ids: NDArray[np.int64]
    scores: NDArray[np.float32]
    floor: NDArray[np.float32]

    def best(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return ids and scores (queries, k)."""
        return self.ids[:, : self.k], self.scores[:, : self.k]


def match_all(index: Index, queries: sparse.csr_matrix, k: int, where: Where = (), threads: int = 1) -> Matches:
    """Search all queries."""
    ids, scores = _padded(*index.top_many(queries, _KEPT * k, where, threads=threads), _KEPT * k)
    return Matches(k, ids, scores, scores[:, -1].copy())


def rematch(  # noqa: PLR0917
    matches: Matches,
    index: Index,
    queries: sparse.csr_matrix,
    changed: ArrayLike,
    asked_anew: ArrayLike = (),
    where: Where = (),
    threads: int = 1,
) -> Matches:
    """Return the matches after some listings changed.

    ``index`` as it is now; ``changed`` the ids of all listings added, changed or withdrawn since; ``asked_anew`` the
    places of new or changed queries. The best k are those that ``match_all`` would find.
    """
    numbers = np.unique(np.asarray(changed, np.int64))
    gone = _among(matches.ids, numbers)
    ids, scores = np.where(gone, -1, matches.ids), np.where(gone, np.float32(0), matches.scores)
    floor = matches.floor.copy()
    found, likeness = _padded(*index.only(numbers).above(queries, floor, ids.shape[1], where, threads), ids.shape[1])
    touched = np.flatnonzero(gone.any(axis=1) | (found[:, 0] >= 0))
    ids[touched], scores[touched], floor[touched] = _merged(
        np.concatenate([ids[touched], found[touched]], axis=1),
        np.concatenate([scores[touched], likeness[touched]], axis=1),
        floor[touched],
    )
    # At the floor there may be others, which were not kept: only what is above it is known to be the best.
    short = ((scores > floor[:, None]).sum(axis=1) < matches.k) & (floor > 0)
    again = np.union1d(touched[short[touched]], np.asarray(asked_anew, np.intp)).astype(np.intp)
    anew = match_all(index, queries[again], matches.k, where, threads)
    ids[again], scores[again], floor[again] = anew.ids, anew.scores, anew.floor
    return Matches(matches.k, ids, scores, floor)


def _among(ids: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which ids are among the numbers; a table of their last bits lets most of the others through at once."""
    table = np.zeros(1 << max(6 + len(numbers).bit_length(), 10), np.bool_)
    table[numbers & (len(table) - 1)] = True
    among: NDArray[np.bool_] = table[ids & (len(table) - 1)]
    among[among] = np.isin(ids[among], numbers)
    return among


def _padded(
    ids: NDArray[np.int64], scores: NDArray[np.float32], width: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    missing = ((0, 0), (0, width - ids.shape[1]))
    return np.pad(ids, missing, constant_values=-1), np.pad(scores, missing)


def _merged(
    ids: NDArray[np.int64], scores: NDArray[np.float32], floor: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Return the better half of each row; where it is full, the floor rises to its last."""
    width = ids.shape[1] // 2
    order = np.lexsort((ids, -scores), axis=1)[:, :width]
    ids, scores = np.take_along_axis(ids, order, 1), np.take_along_axis(scores, order, 1)
    return ids, scores, np.maximum(floor, scores[:, -1])
