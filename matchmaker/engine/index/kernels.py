"""The compiled search: bounds for blocks, then for listings, then exact scores for the few left.

All functions release the interpreter's lock and run on one thread; shared data is only read.
A score is the exact dot product rounded to float32 once, see ``rounding``. Bounds are rounded up.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .forward import exact, prefetch, prefetch_row, product, rounded
from .heap import in_order, push, sink
from .sweep import add, bound_all, score_best

# numba compiles again when this file changes, so it holds the checksum of the files it calls.
CALLED = "ed188a5c"
BLOCK = 64
HOLDERS = 256
_VALUE_BITS = 12
_VALUE_MASK = (1 << _VALUE_BITS) - 1
_LEVELS = 65_000  # limit of a sum of postings in 16 bits, before each is rounded up
_UP = 1.0 + 1e-4  # against the roundings of sums of some thousand terms
_SEEDS = 16  # blocks looked into first
_LINE = 16  # postings to a line of the cache
_AHEAD = 4  # rows prefetched where they are read one after another
_BLOCK_COST = 1000  # least cost of looking into a block, in postings
_TERM_COST = 32  # its cost for each term of the query
_IMPACTS = 32  # impacts that are added in the time of one posting


@njit(cache=True, nogil=True)
def _compile(columns, values, place, top, query):
    """Spread a query over the terms present; return the terms and the greatest score possible."""
    for column in columns:
        prefetch(place, column)
    terms = np.empty(len(columns), np.int32)
    count = 0
    most = 0.0
    for at in range(len(columns)):
        term = place[columns[at]]
        if term >= 0 and values[at] > 0:
            terms[count] = term
            count += 1
            query[term] = values[at]
            most += np.float64(values[at]) * top[term]
    return terms[:count], most


@njit(cache=True, nogil=True)
def _prefetch_postings(terms, first, top, posting_starts, postings):
    common = len(top) - (len(posting_starts) - 1)
    for term in terms:
        if term >= first:
            for at in range(
                posting_starts[term - common], posting_starts[term - common + 1], _LINE
            ):
                prefetch(postings, at)


@njit(cache=True, nogil=True)
def _scatter(terms, first, end, query, top, posting_starts, postings, unit, sums):
    """Add the greatest contributions of terms ``first`` to ``end`` - 1, in units rounded up."""
    common = len(top) - (len(posting_starts) - 1)
    for term in terms:
        if term < first or term >= end:
            continue
        # 14 fractional bits: the product with a 12-bit value stays in 32 bits.
        weight = np.uint32(
            np.ceil(query[term] * np.float64(top[term]) / (unit * _VALUE_MASK) * 16384.0 * _UP)
        )
        for at in range(posting_starts[term - common], posting_starts[term - common + 1]):
            posting = postings[at]
            share = (weight * (posting & np.uint32(_VALUE_MASK)) + np.uint32(16383)) >> np.uint32(
                14
            )
            sums[posting >> np.uint32(_VALUE_BITS)] += np.uint16(share)


@njit(cache=True, nogil=True)
def _postings_of(terms, first, end, top, posting_starts):
    """Return the number of postings of the terms ``first`` to ``end`` - 1."""
    common = len(top) - (len(posting_starts) - 1)
    total = 0
    for term in terms:
        if first <= term < end:
            total += posting_starts[term - common + 1] - posting_starts[term - common]
    return total


@njit(cache=True, nogil=True)
def _add_four(maxima, chosen, weights, bounds):
    """Add four terms' greatest contributions to each block in one pass over the bounds."""
    first, second, third, fourth = (
        maxima[chosen[0]],
        maxima[chosen[1]],
        maxima[chosen[2]],
        maxima[chosen[3]],
    )
    one, two, three, four = weights[0], weights[1], weights[2], weights[3]
    for block in range(len(bounds)):
        bounds[block] += (one * np.float32(first[block]) + two * np.float32(second[block])) + (
            three * np.float32(third[block]) + four * np.float32(fourth[block])
        )


@njit(cache=True, nogil=True)
def _bound_frequent(chosen, weights, query, maxima, block_lengths, step, bounds):
    """Fill the greatest score that frequent terms can give in each block."""
    bounds[:] = np.float32(0)
    fours = len(chosen) // 4 * 4
    for at in range(0, fours, 4):
        _add_four(maxima, chosen[at : at + 4], weights[at : at + 4], bounds)
    for at in range(fours, len(chosen)):
        add(weights[at], maxima[chosen[at]], bounds)
    squares = 0.0
    for term in chosen:
        squares += np.float64(query[term]) * query[term]
    most = np.float32(np.sqrt(squares) * step * _UP)
    for block in range(len(bounds)):
        bounds[block] = min(bounds[block], most * np.float32(block_lengths[block]))


@njit(cache=True, nogil=True)
def _block_bounds(sums, unit, bounds, totals):
    """Fill the greatest score possible in each block; ``sums`` (blocks, 64)."""
    scale = np.float32(unit * _UP)
    for block in range(len(bounds)):
        greatest = np.uint16(0)
        for at in range(sums.shape[1]):  # a constant here is unrolled, and then not vectorised
            greatest = max(greatest, sums[block, at])
        totals[block] = (bounds[block] + scale * np.float32(greatest)) * np.float32(_UP)


@njit(cache=True, nogil=True)
def _best_blocks(totals, heights, best):
    """Fill the places of the blocks with the greatest bounds, best first; return their number."""
    size = 0
    for block in range(len(totals)):
        if size < len(best):
            if totals[block] > 0:
                size = push(heights, best, size, totals[block], np.int64(block))
        elif totals[block] > heights[0]:
            sink(heights, best, size, totals[block], np.int64(block))
    in_order(heights, best, size)
    return size


@njit(cache=True, nogil=True)
def _first_threshold(seeds, k, rows, mask, sums, query):
    """Return a score that k listings surely reach: the k-th best of the likeliest listings."""
    scores, found = np.zeros(k, np.float32), np.zeros(k, np.int64)
    likeliest = np.empty(len(seeds), np.int64)
    count = size = 0
    for block in seeds:
        best, greatest = -1, 0
        for at in range(BLOCK):
            if sums[block, at] > greatest and (not len(mask) or mask[block * BLOCK + at]):
                best, greatest = block * BLOCK + at, sums[block, at]
        if best >= 0:
            likeliest[count] = best
            count += 1
            prefetch(rows[0], best)
    for position in likeliest[:count]:
        prefetch_row(rows, position)
    for position in likeliest[:count]:
        size = push(scores, found, size, exact(rows, position, query), position)
    return scores[0] if size == k else np.float32(0)


@njit(cache=True, nogil=True)
def _frequent_terms(terms, query, top, frequent):
    """Return a query's frequent terms, and the worth of a step of their block maxima."""
    chosen = terms[terms < frequent]
    weights = np.empty(len(chosen), np.float32)
    for at in range(len(chosen)):
        weights[at] = np.float32(query[chosen[at]] * np.float64(top[chosen[at]]) / 255.0 * _UP)
    return chosen, weights


@njit(cache=True, nogil=True)
def _listing_bounds(block, holders, maxima, sums, scale, chosen, weights, bounds):
    """Fill the greatest score possible for each listing of a block.

    Frequent terms count for listings that may have them.
    """
    words, rare = holders[block], sums[block]
    for at in range(BLOCK):
        bounds[at] = scale * np.float32(rare[at])
    for term in range(len(chosen)):
        share = weights[term] * np.float32(maxima[chosen[term], block])
        word = words[chosen[term] % HOLDERS]
        for at in range(BLOCK):
            bounds[at] += share if (word >> np.uint64(at)) & np.uint64(1) else np.float32(0)


@njit(cache=True, nogil=True)
def _prefetch_block(block, holders, maxima, chosen):
    words = holders[block]
    for word in range(0, HOLDERS, _LINE // 2):
        prefetch(words, word)
    for term in chosen:
        prefetch(maxima[term], block)


@njit(cache=True, nogil=True)
def _visit(blocks, segment, mask, sums, totals, asked, floor, scores, found, size):
    """Score the listings of blocks that may be among the best; return the heap's size."""
    ids, rows, holders, maxima = segment
    query, chosen, weights, unit = asked
    bounds, candidates = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.int64)
    full, scale, up = len(scores), np.float32(unit * _UP), np.float32(_UP)
    threshold = max(floor, scores[0]) if size == full else floor
    for turn in range(len(blocks)):
        block = blocks[turn]
        if turn + 1 < len(blocks):
            _prefetch_block(blocks[turn + 1], holders, maxima, chosen)
        if not totals[block] > 0 or totals[block] < threshold:
            continue
        _listing_bounds(block, holders, maxima, sums, scale, chosen, weights, bounds)
        count = 0
        for at in range(min(BLOCK, len(ids) - block * BLOCK)):
            position = block * BLOCK + at
            if bounds[at] * up >= threshold and (not len(mask) or mask[position]):
                candidates[count] = position
                count += 1
                prefetch_row(rows, position)
        for position in candidates[:count]:
            if bounds[position % BLOCK] * up >= threshold:
                score = exact(rows, position, query)
                if score > 0 and score >= floor:
                    size = push(scores, found, size, score, ids[position])
                    threshold = max(floor, scores[0]) if size == full else floor
    return size


@njit(cache=True, nogil=True)
def _passing(totals, threshold):
    """Return the blocks whose bounds reach a threshold."""
    blocks = np.empty(len(totals), np.int64)
    count = 0
    for block in range(len(totals)):
        blocks[count] = block
        count += totals[block] >= threshold
    return blocks[:count]


@njit(cache=True, nogil=True)
def _search_all(terms, arrays, mask, asked, sums, swept, seen, floor, scores, found, size):
    """Offer the listings outside the blocks ``seen``; ``sums`` has all postings of the terms."""
    ids, rows, impacts, common = arrays
    query, top, unit = asked
    chosen, weights = _frequent_terms(terms, query, top, common)
    bound_all(impacts, sums, mask, np.float32(unit * _UP), chosen, weights, swept)
    for block in seen:
        swept[block * BLOCK : (block + 1) * BLOCK] = np.float32(-1)
    return score_best(swept, ids, rows, query, floor, scores, found, size)


@njit(cache=True, nogil=True)
def _search(columns, values, floor, arrays, mask, work, scores, found, size):
    """Offer a segment's listings to the heap (scores, found) of ``size``; return its new size.

    ``mask`` (n,) has the listings that may be found, or is empty for all. Scores below ``floor``
    are left out. ``work`` has the arrays of ``compiled._workspace``.
    """
    (
        ids,
        place,
        top,
        posting_starts,
        postings,
        maxima,
        holders,
        block_lengths,
        step,
        rows,
        impacts,
    ) = arrays
    query, all_sums, all_bounds, all_totals, all_swept = work
    terms, most = _compile(columns, values, place, top, query)
    if most > 0:
        count = len(block_lengths)
        sums, bounds, totals = all_sums[:count], all_bounds[:count], all_totals[:count]
        by_listing, swept = sums.reshape(-1), all_swept[: len(ids)]
        unit = most / max(_LEVELS - 2 * len(terms), 1) * _UP + 1e-30
        k = len(scores)
        frequent, common = len(maxima), len(top) - (len(posting_starts) - 1)
        segment, whole = (ids, rows, holders, maxima), (ids, rows, impacts, common)
        may_sweep = len(impacts) == common
        block_cost = max(_BLOCK_COST, len(terms) * _TERM_COST) if may_sweep else _BLOCK_COST
        _prefetch_postings(terms, frequent, top, posting_starts, postings)
        _scatter(terms, frequent, len(top), query, top, posting_starts, postings, unit, by_listing)
        seeds = np.empty(min(count, _SEEDS + k // 4) if size < k and floor == 0 else 0, np.int64)
        passing = np.arange(0)
        middle = _postings_of(terms, common, frequent, top, posting_starts)
        all_effort = middle + np.sum(terms < common) * len(ids) // _IMPACTS
        if may_sweep and len(seeds) * len(terms) * _TERM_COST > all_effort:
            _scatter(
                terms, common, frequent, query, top, posting_starts, postings, unit, by_listing
            )
            size = _search_all(
                terms,
                whole,
                mask,
                (query, top, unit),
                by_listing,
                swept,
                passing,
                floor,
                scores,
                found,
                size,
            )
        else:
            chosen, weights = _frequent_terms(terms, query, top, frequent)
            _bound_frequent(chosen, weights, query, maxima, block_lengths, step[0], bounds)
            _block_bounds(sums, unit, bounds, totals)
            asked = query, chosen, weights, unit
            if len(seeds):
                seeds = seeds[: _best_blocks(totals, np.empty(len(seeds), np.float32), seeds)]
                floor = _first_threshold(seeds, k, rows, mask, sums, query)
                size = _visit(seeds, segment, mask, sums, totals, asked, floor, scores, found, size)
                totals[seeds] = -1
            threshold = max(floor, scores[0]) if size == k else floor
            passing = _passing(totals, threshold)
            if len(passing) * block_cost > middle + count:
                _scatter(
                    terms, common, frequent, query, top, posting_starts, postings, unit, by_listing
                )
                chosen, weights = _frequent_terms(terms, query, top, common)
                _bound_frequent(chosen, weights, query, maxima, block_lengths, step[0], bounds)
                _block_bounds(sums, unit, bounds, totals)
                totals[seeds] = -1
                asked = query, chosen, weights, unit
                passing = _passing(totals, threshold)
                if (
                    may_sweep
                    and len(passing) * len(terms) * _TERM_COST > len(chosen) * len(ids) // _IMPACTS
                ):
                    size = _search_all(
                        terms,
                        whole,
                        mask,
                        (query, top, unit),
                        by_listing,
                        swept,
                        seeds,
                        floor,
                        scores,
                        found,
                        size,
                    )
                    passing = passing[:0]
            size = _visit(passing, segment, mask, sums, totals, asked, floor, scores, found, size)
        sums[:] = 0
    for term in terms:
        query[term] = 0
    return size


@njit(cache=True, nogil=True)
def _search_few(columns, values, floor, arrays, positions, query, scores, found, size):
    """Offer the few listings at ``positions`` to the heap, each with its exact score."""
    ids, place, top, rows = arrays[0], arrays[1], arrays[2], arrays[9]
    terms, most = _compile(columns, values, place, top, query)
    if most > 0:
        for turn in range(len(positions)):
            prefetch(rows[0], positions[min(turn + 2 * _AHEAD, len(positions) - 1)])
            prefetch_row(rows, positions[min(turn + _AHEAD, len(positions) - 1)])
            position = positions[turn]
            score = exact(rows, position, query)
            if score > 0 and score >= floor:
                size = push(scores, found, size, score, ids[position])
    for term in terms:
        query[term] = 0
    return size


@njit(cache=True, nogil=True)
def search(
    indptr, columns, values, floors, arrays, few, mask, positions, work, scores, found, sizes
):
    """Offer a segment's listings to the heaps of queries.

    Heaps are ``scores`` and ``found`` (queries, k) and ``sizes`` (queries,). With ``few``, only the
    listings at ``positions`` count, else those in ``mask``, or all when it is empty.
    """
    for row in range(len(sizes)):
        start, end = indptr[row], indptr[row + 1]
        asked, weights = columns[start:end], values[start:end]
        if few:
            sizes[row] = _search_few(
                asked,
                weights,
                floors[row],
                arrays,
                positions,
                work[0],
                scores[row],
                found[row],
                sizes[row],
            )
        else:
            sizes[row] = _search(
                asked, weights, floors[row], arrays, mask, work, scores[row], found[row], sizes[row]
            )


@njit(cache=True, nogil=True)
def scan(indptr, columns, values, floors, delta, mask, query, scores, found, sizes):
    """Offer the newest listings to the heaps, as ``search`` does for a segment."""
    ids, starts, row_columns, row_values = delta
    for row in range(len(sizes)):
        for at in range(indptr[row], indptr[row + 1]):
            query[columns[at]] = values[at]
        for position in range(len(ids)):
            if mask[position]:
                start, end = starts[position], starts[position + 1]
                total = product(row_columns, row_values, start, end, query)
                few = row_columns[start:end], row_values[start:end]
                score = rounded(total, few, (row_columns[:0], row_values[:0]), query)
                if score > 0 and score >= floors[row]:
                    sizes[row] = push(scores[row], found[row], sizes[row], score, ids[position])
        for at in range(indptr[row], indptr[row + 1]):
            query[columns[at]] = 0


@njit(cache=True, nogil=True)
def order(scores, found, sizes):
    """Turn heaps into lists, best first."""
    for row in range(len(sizes)):
        in_order(scores[row], found[row], sizes[row])
