"""Scores: exact dot products of two rows of float32, rounded to float32 once.

The products of two such values are exact in double precision. Their sum depends on the order of
adding, by a few of its last bits. That rarely reaches the 24 bits that are kept. Where it might,
the sum is compared with the middle of the two neighbours without any rounding. So the compiled
search and scipy's, which add in different orders, give the same scores to the last bit.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# A sum of n positive numbers in double precision is off by less than n * 2^-53 of itself.
SLACK = 2.0**-52
SLACK_TERMS = 4  # for the roundings of the comparison


def rounded(totals: NDArray[np.float64], parts: sparse.csr_matrix) -> NDArray[np.float32]:
    """Return sums (n,) as the exact ones round; ``parts`` (terms, n) are the numbers added up."""
    slack = (parts.shape[0] + SLACK_TERMS) * SLACK
    low: NDArray[np.float32] = (totals * (1.0 - slack)).astype(np.float32)
    high: NDArray[np.float32] = (totals * (1.0 + slack)).astype(np.float32)
    unsure = np.flatnonzero(low != high)
    if len(unsure):
        numbers = parts[:, unsure].tocsc()
        for place, at in enumerate(unsure):
            column = numbers.data[numbers.indptr[place] : numbers.indptr[place + 1]]
            low[at] = _nearer(low[at], high[at], column)
    return low


def _nearer(low: np.float32, high: np.float32, numbers: NDArray[np.float64]) -> np.float32:
    """Return the neighbour that is nearer to the exact sum."""
    middle = (float(low) + float(high)) / 2
    beyond = math.fsum([-middle, *numbers.tolist()])
    if beyond:
        return high if beyond > 0 else low
    return np.float32(middle)
