"""Reading forward rows: exact scores, and words asked of memory before they are needed."""

from __future__ import annotations

import numpy as np
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic

from .rounding import SLACK, SLACK_TERMS

_LINE = 16  # words to a line of the cache


@intrinsic
def prefetch(context, array, at):
    """Ask the processor for an item of an array that is soon to be read."""

    def generate(context, builder, signature, arguments):
        kind = signature.args[0]
        made = context.make_array(kind)(context, builder, arguments[0])
        item = cgutils.get_item_pointer(context, builder, kind, made, [arguments[1]])
        pointer, number, ir = cgutils.voidptr_t, cgutils.int32_t, cgutils.ir
        form = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        function = builder.module.declare_intrinsic("llvm.prefetch", [pointer], form)
        builder.call(
            function, [builder.bitcast(item, pointer), number(0), number(3), number(1)]
        )  # read, keep, data
        return context.get_dummy_value()

    return types.none(array, types.intp), generate


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def product(terms, values, start, end, query):
    """Return the dot product of a query and the terms from start to end."""
    total = 0.0
    for at in range(start, end):
        total += np.float64(query[terms[at]]) * np.float64(values[at])
    return total


@njit(cache=True, nogil=True)
def rounded(total, few, many, query):
    """Return a sum of products in single precision, as the exact sum rounds.

    ``few`` and ``many`` are the addends: terms (narrow, then wide) and values each.
    """
    slack = (len(few[0]) + len(many[0]) + SLACK_TERMS) * SLACK
    low, high = np.float32(total * (1.0 - slack)), np.float32(total * (1.0 + slack))
    return low if low == high else _nearer(low, high, few, many, query)


@njit(cache=True, nogil=True)
def _nearer(low, high, few, many, query):
    """Return the neighbour nearer to the exact sum, by its unrounded distance from their middle."""
    middle = (np.float64(low) + np.float64(high)) / 2.0
    parts = np.empty(len(few[0]) + len(many[0]) + 1)
    parts[0] = -middle
    count = 1
    for at in range(len(few[0])):
        count = _add_exactly(parts, count, np.float64(query[few[0][at]]) * np.float64(few[1][at]))
    for at in range(len(many[0])):
        count = _add_exactly(parts, count, np.float64(query[many[0][at]]) * np.float64(many[1][at]))
    for at in range(count - 1, -1, -1):  # the greatest that is not zero has the sign of all
        if parts[at] != 0.0:
            return high if parts[at] > 0.0 else low
    return np.float32(middle)


@njit(cache=True, nogil=True)
def _add_exactly(parts, count, number):
    """Add a number to ``count`` numbers that do not overlap; return the new count."""
    kept = 0
    for at in range(count):
        other = parts[at]
        if abs(number) < abs(other):
            number, other = other, number
        total = number + other
        rest = other - (total - number)
        if rest != 0.0:
            parts[kept] = rest
            kept += 1
        number = total
    parts[kept] = number
    return kept + 1


@njit(cache=True, nogil=True)
def exact(rows, position, query):
    """Return the exact dot product of a query and one row."""
    starts, narrow, wide, values = rows
    start, end = np.int64(starts[position]), np.int64(starts[position + 1])
    count = np.int64(wide[start])
    names = start + 1 + (count + 1) // 2
    others = (end - names - count) // 2
    few = (
        narrow[2 * (start + 1) : 2 * (start + 1) + count],
        values[names + others : names + others + count],
    )
    many = wide[names : names + others], values[names + others + count : end]
    total = product(few[0], few[1], 0, count, query)
    if others:
        total += product(many[0], many[1], 0, others, query)
    return rounded(total, few, many, query)


@njit(cache=True, nogil=True)
def prefetch_row(rows, position):
    """Ask the processor to fetch a row into its cache."""
    starts, _, words, _ = rows
    for word in range(starts[position], starts[position + 1], _LINE):
        prefetch(words, word)
