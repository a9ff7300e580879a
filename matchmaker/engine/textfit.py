"""Text fit: one sparse product per capability language, standardised so that languages can share a list.

For a need q and a capability d in language l the fit is

    z = (sum over channels c of w_c (q_c·d_c - m_c) / s_c) / s

the likeness in each channel in standard deviations above the need's usual capability in l, weighted, and the sum
brought to unit spread again. Means m and spreads s are those of the need against a fixed *reference sample* of the
fitted capabilities. So z is a function of the need, the one capability and the fitted state alone: it does not depend
on who asks, nor on which other listings stand in the list. And it is linear in d: a need compiles to one sparse vector
and one offset, which is all that a faster index has to know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .features import CHANNELS
from .listing import LANGUAGES
from .weights import Weights

Floats = NDArray[np.float64]
# Mean and spread of the likeness of unrelated listings, per channel, as measured on about 300 fictional listings of
# 20 tasks: what stands in for a collection too small to measure.
_USUAL: dict[str, tuple[tuple[float, float], ...]] = {
    "chinese": ((0.018, 0.020), (0.049, 0.023), (0.030, 0.080), (0.027, 0.040), (0.093, 0.040)),
    "latin": ((0.035, 0.027), (0.001, 0.005), (0.076, 0.031), (0.029, 0.045), (0.038, 0.028)),
    "cross": ((0.001, 0.008), (0.000, 0.002), (0.010, 0.020), (0.022, 0.040), (0.040, 0.028)),
    "cognate": ((0.001, 0.005), (0.000, 0.002), (0.030, 0.016), (0.025, 0.045), (0.026, 0.025)),
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """Needs ready to be compared with the capabilities of one language.

    ``queries`` (needs, columns) times a capability's row, plus ``offsets`` (needs,), is the text fit.
    """

    queries: sparse.csr_matrix
    offsets: Floats


@dataclass(frozen=True, slots=True)
class Reference:
    """The sample of one language's capabilities that needs are measured against, columns by rows."""

    transposed: sparse.csr_matrix
    size: int


class TextFit:
    """Compile needs against a fitted collection of capabilities.

    Attributes: ``channel_`` (columns,), the channel of each column; ``references_`` by language.
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def fit(
        self, matrix: sparse.csr_matrix, languages: Sequence[str], ids: Sequence[str], channel: NDArray[np.int8]
    ) -> TextFit:
        """Choose the reference samples. ``matrix``: (capabilities, columns)."""
        self.channel_ = channel
        self.references_: dict[str, Reference] = {}
        for language in LANGUAGES:
            rows = [row for row, code in enumerate(languages) if code == language]
            rows = sorted(rows, key=lambda row: _fingerprint(ids[row]))[: self.weights.reference_size]
            if rows:
                self.references_[language] = Reference(matrix[sorted(rows)].T.tocsr(), len(rows))
        return self

    def _channel_scores(self, queries: sparse.csr_matrix, index: int, reference: Reference) -> Floats:
        part = queries.copy()
        part.data = np.where(self.channel_[part.indices] == index, part.data, 0.0)
        part.eliminate_zeros()
        scores: Floats = (part @ reference.transposed).toarray()
        return scores

    def compile(self, queries: sparse.csr_matrix, language: str, target: str) -> Compiled:
        """Return needs of one language, ``queries`` (needs, columns), ready for capabilities of another."""
        reference = self.references_.get(target)
        usual = _USUAL[_kinship(language, target)]
        weights = self.channel_weights(language, target)
        count = queries.shape[0]
        factors = np.zeros((count, len(CHANNELS)))
        offsets = np.zeros(count)
        sample = np.zeros((count, reference.size if reference else 0))
        for index, name in enumerate(CHANNELS):
            if not weights[name]:
                continue
            scores = self._channel_scores(queries, index, reference) if reference else sample
            mean, spread = self._steady(scores, usual[index])
            factor = np.divide(weights[name], spread, out=np.zeros(count), where=spread > 0)
            factors[:, index] = factor
            offsets -= factor * mean
            sample = sample + factor[:, None] * (scores - mean[:, None])
        total = self._total_spread(sample, weights)
        return Compiled(self._scaled(queries, factors / total[:, None]), offsets / total)

    def _scaled(self, queries: sparse.csr_matrix, factors: Floats) -> sparse.csr_matrix:
        rows = np.repeat(np.arange(queries.shape[0]), np.diff(queries.indptr))
        scaled = queries.copy()
        scaled.data = queries.data * factors[rows, self.channel_[queries.indices]]
        return scaled

    def _steady(self, scores: Floats, usual: tuple[float, float]) -> tuple[Floats, Floats]:
        """Mean and spread of each row, drawn towards the usual ones as if some listings more had been seen."""
        size, prior = scores.shape[1], self.weights.prior_listings
        mean = (scores.sum(axis=1) + prior * usual[0]) / (size + prior)
        variance = (((scores - mean[:, None]) ** 2).sum(axis=1) + prior * usual[1] ** 2) / (size + prior)
        return mean, np.sqrt(variance)

    def _total_spread(self, sample: Floats, weights: Mapping[str, float]) -> Floats:
        size, prior = sample.shape[1], self.weights.prior_listings
        usual = sum(weight**2 for weight in weights.values())
        spread: Floats = np.sqrt(((sample**2).sum(axis=1) + prior * usual) / (size + prior))
        return spread

    def channel_weights(self, language: str, target: str) -> Mapping[str, float]:
        """Return the weight of each channel between two languages."""
        if language == target:
            return self.weights.same
        return self.weights.cognate if _kinship(language, target) == "cognate" else self.weights.cross


def _fingerprint(listing_id: str) -> bytes:
    """A fixed shuffle: the sample changes little when listings come and go."""
    return hashlib.blake2b(listing_id.encode("utf-8"), digest_size=8).digest()


def _kinship(language: str, target: str) -> str:
    if language == target:
        return "chinese" if language == "zh" else "latin"
    return "cross" if "zh" in (language, target) else "cognate"
