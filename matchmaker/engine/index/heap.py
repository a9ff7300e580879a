"""A bounded heap of the best listings, the worst at its root; the order is score, then id."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True, inline="always")
def _worse(score, listing, other_score, other_listing):
    """Return whether a listing stands behind another: lower score, or the same and a greater id."""
    return score < other_score or (score == other_score and listing > other_listing)


@njit(cache=True, nogil=True)
def push(scores, ids, size, score, listing):
    """Offer a listing to the heap; return the heap's size."""
    if size < len(scores):
        at = size
        size += 1
        while at:
            parent = (at - 1) >> 1
            if not _worse(score, listing, scores[parent], ids[parent]):
                break
            scores[at] = scores[parent]
            ids[at] = ids[parent]
            at = parent
        scores[at] = score
        ids[at] = listing
        return size
    if not _worse(scores[0], ids[0], score, listing):
        return size
    sink(scores, ids, size, score, listing)
    return size


@njit(cache=True, nogil=True)
def sink(scores, ids, size, score, listing):
    """Put a listing in the place of the heap's root."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and _worse(
            scores[child + 1], ids[child + 1], scores[child], ids[child]
        ):
            child += 1
        if not _worse(scores[child], ids[child], score, listing):
            break
        scores[at] = scores[child]
        ids[at] = ids[child]
        at = child
    scores[at] = score
    ids[at] = listing


@njit(cache=True, nogil=True)
def in_order(scores, ids, size):
    """Turn a heap into a list, best first."""
    while size > 1:
        size -= 1
        score, listing = scores[size], ids[size]
        scores[size], ids[size] = scores[0], ids[0]
        sink(scores, ids, size, score, listing)
