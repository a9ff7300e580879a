"""Reading forward rows: exact scores, and words asked of memory before they are needed."""

from __future__ import annotations

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

from .jit import njit

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
        builder.call(function, [builder.bitcast(item, pointer), number(0), number(3), number(1)])  # read, keep, data
        return context.get_dummy_value()

    return types.none(array, types.intp), generate


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def product(terms, values, start, end, query):
    total = 0.0
    for at in range(start, end):
        total += np.float64(query[terms[at]]) * np.float64(values[at])
    return total


@njit(cache=True, nogil=True)
def exact(rows, position, query):
    starts, narrow, wide, values = rows
    start, end = np.int64(starts[position]), np.int64(starts[position + 1])
    few = np.int64(wide[start])
    names = start + 1 + (few + 1) // 2
    many = (end - names - few) // 2
    total = product(narrow[2 * (start + 1) :], values[names + many :], 0, few, query)
    if many:
        total += product(wide[names:], values[names + many + few :], 0, many, query)
    return np.float32(total)


@njit(cache=True, nogil=True)
def prefetch_row(rows, position):
    starts, _, words, _ = rows
    for word in range(starts[position], starts[position + 1], _LINE):
        prefetch(words, word)
