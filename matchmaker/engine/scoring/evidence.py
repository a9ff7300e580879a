"""Evidence: what two texts say of a pair, each quantity one that a person can be shown.

All of it depends on the two texts alone, never on the other listings of a catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..vectors.vectoriser import Vectoriser

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the texts of pairs say, one value a pair.

    Attributes
    ----------
    fit : Floats
        (n,) text fit, in standard deviations above the usual listing.
    reverse : Floats
        (n,) the same from the capability's side: above its usual need.
    breadth : Floats
        (n,) entropy of the terms that carry the fit: the logarithm of how many do.
    meaning : Floats
        (n,) an encoder's likeness, in standard deviations above the usual text; 0 without one.
    richness : Floats
        (n,) logarithm of the need's likeness with itself: how much it says that can be shared.
    kinship : NDArray[np.str_]
        (n,) how the two languages are related (see ``textfit.kinship``).
    excluded : Floats
        (n,) 0..1; how central to the need the thing is that the capability says it does not serve.
    refused : Floats
        (n,) 0..1; how central to the capability the thing is that the need says it does not want.
    """

    fit: Floats
    reverse: Floats
    breadth: Floats
    meaning: Floats
    richness: Floats
    kinship: NDArray[np.str_]
    excluded: Floats
    refused: Floats

    def take(self, places: NDArray[np.intp] | slice) -> Evidence:
        """Return some of the pairs."""
        return Evidence(
            self.fit[places],
            self.reverse[places],
            self.breadth[places],
            self.meaning[places],
            self.richness[places],
            self.kinship[places],
            self.excluded[places],
            self.refused[places],
        )


def breadth_of(rows: sparse.csr_matrix, other: Floats) -> Floats:
    """Return the entropy (n,) of the terms that carry the likeness of rows with another vector.

    ``rows`` has the shape (n, columns), ``other`` (columns,); neither has negative values.

    Examples
    --------
    >>> rows = sparse.csr_matrix([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    >>> breadth_of(rows, np.array([2.0, 2.0, 5.0])).round(2).tolist()
    [0.69, 0.0]
    """
    pulls = rows.data * other[rows.indices]
    owner = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    totals = np.bincount(owner, pulls, rows.shape[0])
    shares = pulls / np.maximum(totals, 1e-12)[owner]
    entropies = -shares * np.log(np.maximum(shares, 1e-12))
    breadth: Floats = np.zeros(rows.shape[0])
    breadth += np.bincount(owner, entropies, rows.shape[0])
    return breadth


def greatest(rows: sparse.csr_matrix, other: Floats) -> Floats:
    """Return the greatest product (n,) of a row's value with another vector's at one column."""
    found = np.zeros(rows.shape[0])
    owner = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    np.maximum.at(found, owner, rows.data * other[rows.indices])
    return found


def dense(row: sparse.csr_matrix) -> Floats:
    """Return one sparse row as a vector (columns,)."""
    vector = np.zeros(row.shape[1])
    vector[row.indices] = row.data
    return vector


def beyond(rows: sparse.csr_matrix, others: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return 1 at the columns of each row that the same row of another matrix does not have."""
    left = (rows - rows.multiply(others > 0)).tocsr()
    left.data[:] = 1.0
    return left


def cores(rows: sparse.csr_matrix, vectoriser: Vectoriser) -> sparse.csr_matrix:
    """Return how central each term of rows is, 0..1: its weight by the greatest of its channel.

    Characters are left out, since a piece of a word says nothing alone.
    """
    channels = vectoriser.channel_[rows.indices].astype(np.intp)
    owner = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)) * 4 + channels
    most = np.zeros(rows.shape[0] * 4)
    np.maximum.at(most, owner, rows.data)
    values = np.where(channels == vectoriser.grams, 0.0, rows.data / np.maximum(most, 1e-12)[owner])
    central = sparse.csr_matrix((values, rows.indices, rows.indptr), shape=rows.shape)
    central.eliminate_zeros()
    return central
