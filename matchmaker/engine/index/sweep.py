"""Look at every listing, when a query is too long or asks for too many to skip any block.

The most common terms have their impact at every position, in 255ths of their greatest. Adding
one costs a thirtieth of a posting. With the other terms' postings, each listing's bound is so near
its score that few scores are computed in vain.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .forward import exact
from .heap import push

_TILE = 4096  # positions whose bounds stay in the first-level cache
_UP = 1.0 + 1e-4


@njit(cache=True, nogil=True)
def add(weight, values, bounds):
    """Add values, in steps worth ``weight``, to bounds."""
    for at in range(len(bounds)):
        bounds[at] += weight * np.float32(values[at])


@njit(cache=True, nogil=True)
def bound_all(impacts, sums, mask, scale, chosen, weights, bounds):
    """Fill the greatest score possible for each position, -1 where it may not be found.

    ``sums`` of postings are worth ``scale`` each. ``chosen`` terms have ``impacts`` (terms, n),
    worth ``weights`` each.
    """
    for start in range(0, len(bounds), _TILE):
        end = min(start + _TILE, len(bounds))
        tile = bounds[start:end]
        for at in range(len(tile)):
            tile[at] = scale * np.float32(sums[start + at])
        for term in range(len(chosen)):
            add(weights[term], impacts[chosen[term], start:end], tile)
    for at in range(len(mask)):
        if not mask[at]:
            bounds[at] = np.float32(-1)


@njit(cache=True, nogil=True)
def score_best(bounds, ids, rows, query, floor, scores, found, size):
    """Score the listings of the greatest bounds, then others that may beat them.

    Returns the heap's size.
    """
    full, up = len(scores), np.float32(_UP)
    least = np.float32(floor)
    if len(bounds) > full:
        least = max(least, np.partition(bounds, len(bounds) - full)[len(bounds) - full] * up)
    below = np.float32(np.inf)
    for _ in range(2):
        for position in range(len(bounds)):
            most = bounds[position] * up
            if least <= most < below and most > 0:
                score = exact(rows, position, query)
                if score > 0 and score >= floor:
                    size = push(scores, found, size, score, ids[position])
        below = least
        least = max(floor, scores[0]) if size == full else np.float32(floor)
    return size
