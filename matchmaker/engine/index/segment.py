"""An immutable part of the index: rows for exact scores, postings and block maxima for bounds.

Listings stand at *positions*, cut into blocks of 64. Present terms are numbered by descending
document frequency. Frequent terms keep their greatest value in each block; all but the most common
terms keep postings. A listing's score is at most

    sum over rare terms q_t d_t
    + min(sum over frequent terms q_t max_t(block), |q_frequent| max |d_frequent|(block)),

and the sum over frequent terms may skip terms that the listing cannot have. Quantised values are
rounded up, so bounds stay bounds.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.generic]
BLOCK = 64
HOLDERS = 256
MOST_ROWS = 1 << 18  # a search's working memory then fits the second-level cache
VALUE_BITS = 12
_NARROW = 1 << 16
_FREQUENT = 256  # a term in more than one listing of 256 has block maxima
_COMMON = 16  # a term in more than one listing of 16 has no postings
_LONG = 128  # mean terms of a listing from which queries look at every listing
_COMMON_LONG = 8  # then, a term in more than one listing of 8 has impacts at all positions
_UP = np.float32(1.0 + 1e-6)  # turns rounding to nearest into rounding up


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Segment:
    """Arrays of one segment: n listings, c columns, t present terms, f frequent terms, b blocks.

    Attributes
    ----------
    ids : NDArray[np.int64]
        (n,)
    by_id : NDArray[np.uint32]
        (n,) positions in the order of ids.
    flags : NDArray[np.uint64]
        (n,) bits of facets.
    place : NDArray[np.int32]
        (c,) the term of a column, or -1.
    terms : NDArray[np.int32]
        (t,) the column of a term.
    row_starts : NDArray[np.uint32]
        (n + 1,) places in ``words``.
    words : NDArray[np.uint32]
        Every listing's row in one piece, see ``_forward``.
    top : NDArray[np.float32]
        (t,) the greatest value of a term.
    posting_starts : NDArray[np.int64]
        (m + 1,) places in ``postings`` of the last m terms.
    postings : NDArray[np.uint32]
        Position << 12 | value in 4095ths of ``top``.
    maxima : NDArray[np.uint8]
        (f, b) in 255ths of ``top``.
    impacts : NDArray[np.uint8]
        (common terms, n) in 255ths of ``top``; no terms where rows are short.
    holders : NDArray[np.uint64]
        (b, 256) one bit for each listing of a block that has a frequent term whose number modulo
        256 is the column.
    block_lengths : NDArray[np.uint8]
        (b,) the greatest length of a block's rows over frequent terms, in ``step``.
    step : NDArray[np.float32]
        (1,) unit of ``block_lengths``.
    name : str
        Name of the segment's file.
    """

    ids: NDArray[np.int64]
    by_id: NDArray[np.uint32]
    flags: NDArray[np.uint64]
    place: NDArray[np.int32]
    terms: NDArray[np.int32]
    row_starts: NDArray[np.uint32]
    words: NDArray[np.uint32]
    top: NDArray[np.float32]
    posting_starts: NDArray[np.int64]
    postings: NDArray[np.uint32]
    maxima: NDArray[np.uint8]
    impacts: NDArray[np.uint8]
    holders: NDArray[np.uint64]
    block_lengths: NDArray[np.uint8]
    step: NDArray[np.float32]
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    def __len__(self) -> int:
        return len(self.ids)

    def arrays(self) -> dict[str, Array]:
        """Return the arrays by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "name"}

    def positions(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return indices into ``ids`` of listings that are here, and their positions."""
        low = np.zeros(len(ids), np.intp)
        high = np.full(len(ids), len(self.ids), np.intp)
        # A binary search for all at once, without sorting a copy of a mapped array.
        for _ in range(len(self.ids).bit_length()):
            open_ = low < high
            middle = (low + high) // 2
            less = open_ & (self.ids[self.by_id[np.minimum(middle, len(self.ids) - 1)]] < ids)
            low = np.where(less, middle + 1, low)
            high = np.where(open_ & ~less, middle, high)
        at = self.by_id[np.minimum(low, len(self.ids) - 1)].astype(np.intp)
        found = np.flatnonzero(self.ids[at] == ids)
        return found, at[found]

    def rows(self, positions: NDArray[np.intp]) -> sparse.csr_matrix:
        """Return listings' rows (positions, c), columns in order."""
        starts = self.row_starts[positions].astype(np.int64)
        narrow = self.words[starts].astype(np.int64)
        names = starts + 1 + (narrow + 1) // 2
        wide = (self.row_starts[positions + 1] - names - narrow) // 2
        values, width = self.words.view(np.float32), len(self.terms)
        both = _take(
            self.words.view(np.uint16), 2 * (starts + 1), values, names + wide, narrow, width
        )
        both += _take(self.words.view(np.int32), names, values, names + wide + narrow, wide, width)
        both = both.tocsr()
        rows = sparse.csr_matrix(
            (both.data, self.terms[both.indices], both.indptr),
            shape=(len(positions), len(self.place)),
        )
        rows.sort_indices()
        return rows


def _take(  # noqa: PLR0917
    terms: Array,
    first_terms: NDArray[np.int64],
    values: NDArray[np.float32],
    first_values: NDArray[np.int64],
    counts: NDArray[np.int64],
    width: int,
) -> sparse.csr_matrix:
    found = terms[_ranges(first_terms, counts)].astype(np.int32)
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return sparse.csr_matrix(
        (values[_ranges(first_values, counts)], found, indptr), shape=(len(counts), width)
    )


def _ranges(first: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the concatenated ranges from each ``first``, ``counts`` numbers long."""
    before = np.cumsum(counts) - counts
    numbers: NDArray[np.int64] = np.repeat(first - before, counts)
    numbers += np.arange(len(numbers))
    return numbers


def build(ids: NDArray[np.int64], rows: sparse.csr_matrix, flags: NDArray[np.uint64]) -> Segment:
    """Return a segment of at most ``MOST_ROWS`` listings; ``rows`` (n, c) positive float32."""
    frequency = np.bincount(rows.indices, minlength=rows.shape[1])
    order = _arrangement(rows, frequency)
    ids, rows, flags = ids[order], rows[order], flags[order]
    terms = np.argsort(-frequency, kind="stable")[: np.count_nonzero(frequency)].astype(np.int32)
    place = np.full(rows.shape[1], -1, np.int32)
    place[terms] = np.arange(len(terms), dtype=np.int32)
    renamed = sparse.csr_matrix(
        (rows.data, place[rows.indices], rows.indptr), shape=(len(ids), len(terms))
    )
    frequent = int(np.count_nonzero(frequency > len(ids) // _FREQUENT))
    is_long = rows.nnz > _LONG * len(ids)
    common = int(np.count_nonzero(frequency > len(ids) // (_COMMON_LONG if is_long else _COMMON)))
    by_term = renamed.tocsc()
    top = _greatest(by_term.data, by_term.indptr)
    return Segment(
        ids=ids,
        by_id=np.argsort(ids).astype(np.uint32),
        flags=flags,
        place=place,
        terms=terms,
        **_forward(renamed),
        top=top,
        posting_starts=by_term.indptr[common:].astype(np.int64) - by_term.indptr[common],
        postings=_postings(by_term, top, common),
        maxima=_maxima(by_term, top, frequent),
        impacts=_impacts(by_term, top, common if is_long else 0),
        **_frequent_part(renamed, frequent),
    )


def _arrangement(rows: sparse.csr_matrix, frequency: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return an order that puts listings on one subject together, so that few blocks fit a query.

    The keys are a listing's two weightiest terms among those neither rare nor everywhere.
    """
    size = rows.shape[0]
    telling = (frequency >= BLOCK) & (frequency <= max(size / BLOCK, BLOCK))
    weights = np.where(telling[rows.indices], rows.data, np.float32(0))
    row = np.repeat(np.arange(size, dtype=np.int32), np.diff(rows.indptr))
    filled = np.flatnonzero(np.diff(rows.indptr))
    keys = np.full((2, size), -1, np.int32)
    for key in keys:
        greatest = np.zeros(size, np.float32)
        if len(filled):
            greatest[filled] = np.maximum.reduceat(weights, rows.indptr[filled])
        at = np.flatnonzero((weights == greatest[row]) & (weights > 0))
        key[row[at]] = rows.indices[at]
        weights[at] = 0
    return np.lexsort((keys[1], keys[0]))


def _forward(renamed: sparse.csr_matrix) -> dict[str, Any]:
    """Return rows as 32-bit words, each row in one piece to spare cache misses.

    A row holds the number of terms below 2^16, these terms (two to a word), the other terms, and
    the values of both as float32.
    """
    narrow = renamed.indices < _NARROW
    before = np.concatenate([[0], np.cumsum(narrow, dtype=np.int64)])[renamed.indptr]
    few = np.diff(before)
    many = np.diff(renamed.indptr) - few
    names = 1 + (few + 1) // 2  # where the other terms begin
    starts = np.concatenate([[0], np.cumsum(names + few + 2 * many)])
    if starts[-1] >= 1 << 32:
        raise ValueError("too many entries for one segment")
    words = np.zeros(starts[-1], np.uint32)
    starts, names = starts.astype(np.uint32), names + starts[:-1]
    words[starts[:-1]] = few
    words.view(np.uint16)[_ranges(2 * (starts[:-1].astype(np.int64) + 1), few)] = renamed.indices[
        narrow
    ]
    words.view(np.float32)[_ranges(names + many, few)] = renamed.data[narrow]
    words[_ranges(names, many)] = renamed.indices[~narrow]
    words.view(np.float32)[_ranges(names + many + few, many)] = renamed.data[~narrow]
    return {"row_starts": starts, "words": words}


def _greatest(values: NDArray[np.float32], starts: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return the greatest value of each term; every term has values."""
    return np.maximum.reduceat(values, starts[:-1]) if len(values) else np.zeros(0, np.float32)


def _postings(
    by_term: sparse.csc_matrix, top: NDArray[np.float32], common: int
) -> NDArray[np.uint32]:
    cut = int(by_term.indptr[common])
    steps = (1 << VALUE_BITS) - 1
    values = _steps(
        by_term.data[cut:], np.repeat(top[common:], np.diff(by_term.indptr[common:])), steps
    )
    postings: NDArray[np.uint32] = (
        by_term.indices[cut:].astype(np.uint32) << VALUE_BITS
    ) | values.astype(np.uint32)
    return postings


def _steps(
    values: NDArray[np.float32], top: NDArray[np.float32], steps: int
) -> NDArray[np.float32]:
    """Return values in steps of their term's greatest, rounded up."""
    counted: NDArray[np.float32] = np.minimum(
        np.ceil(values / top * np.float32(steps) * _UP), np.float32(steps)
    )
    return counted


def _maxima(
    by_term: sparse.csc_matrix, top: NDArray[np.float32], frequent: int
) -> NDArray[np.uint8]:
    """Return the greatest value of each frequent term in each block."""
    blocks = -(-by_term.shape[0] // BLOCK)
    maxima = np.zeros(frequent * blocks, np.uint8)
    cut = int(by_term.indptr[frequent])
    term = np.repeat(np.arange(frequent, dtype=np.int64), np.diff(by_term.indptr[: frequent + 1]))
    place = term * blocks + by_term.indices[:cut] // BLOCK
    first = np.flatnonzero(np.diff(place, prepend=-1))
    if len(first):
        maxima[place[first]] = _steps(
            np.maximum.reduceat(by_term.data[:cut], first), top[term[first]], 255
        )
    return maxima.reshape(frequent, blocks)


def _impacts(
    by_term: sparse.csc_matrix, top: NDArray[np.float32], common: int
) -> NDArray[np.uint8]:
    """Return the values of the most common terms for every position."""
    impacts = np.zeros((common, by_term.shape[0]), np.uint8)
    cut = int(by_term.indptr[common])
    term = np.repeat(np.arange(common), np.diff(by_term.indptr[: common + 1]))
    impacts[term, by_term.indices[:cut]] = _steps(by_term.data[:cut], top[term], 255)
    return impacts


def _frequent_part(renamed: sparse.csr_matrix, frequent: int) -> dict[str, Any]:
    """Return the arrays ``holders``, ``block_lengths`` and ``step`` of a segment."""
    size = renamed.shape[0]
    blocks = -(-size // BLOCK)
    inside = np.flatnonzero(renamed.indices < frequent)
    row = np.repeat(np.arange(size, dtype=np.int32), np.diff(renamed.indptr))[inside]
    bits = np.zeros((blocks * BLOCK, HOLDERS), np.bool_)
    bits[row, renamed.indices[inside] % HOLDERS] = True
    packed = np.packbits(bits.reshape(blocks, BLOCK, HOLDERS), axis=1, bitorder="little")
    squares: Any = np.bincount(row, renamed.data[inside].astype(np.float64) ** 2, size)
    longest = (
        np.sqrt(np.maximum.reduceat(squares, np.arange(0, size, BLOCK))) if size else np.zeros(0)
    )
    step = np.float32(max(longest.max(initial=0.0) / 255 * float(_UP), 1e-30))
    return {
        "holders": np.ascontiguousarray(packed.transpose(0, 2, 1)).view(np.uint64)[:, :, 0],
        "block_lengths": np.minimum(np.ceil(longest / step), 255).astype(np.uint8),
        "step": np.array([step], np.float32),
    }
