"""Slices of a long sequence, to work on part by part."""

from __future__ import annotations

from collections.abc import Iterator


def spans(length: int, size: int) -> Iterator[slice]:
    """Yield the slices of a sequence's parts, ``size`` items each and fewer in the last.

    Slices serve arrays and sparse matrices too, where ``itertools.batched`` (3.12) would not.

    Examples
    --------
    >>> [range(5)[span] for span in spans(5, 2)]
    [range(0, 2), range(2, 4), range(4, 5)]
    """
    for start in range(0, length, size):
        yield slice(start, min(start + size, length))
