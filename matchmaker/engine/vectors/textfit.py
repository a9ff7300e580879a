"""Text fit: one sparse product per capability language, standardised so that languages can share a list.

For a need q and a capability d in language l the fit is

    z = (sum over channels c of w_c q_c·d_c - m) / s

the weighted likeness in standard deviations above the need's usual capability in l. Mean m and spread s are those of the
need against a fixed *reference sample* of the fitted capabilities. So z is a function of the need, the one capability
and the fitted state alone: it does not depend on who asks, nor on which other listings stand in the list. And it is
linear in d: a need compiles to one sparse vector and one offset, which is all that a faster index has to know.

With an encoder, its cosine is standardised in the same way and added, and the sum is brought to unit spread again.

The channels are mixed before they are standardised: a channel in which a need has little to say has a small spread, and
dividing by that would make noise as loud as words.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..listing import LANGUAGES
from ..weights import Weights
from .features import CHANNELS

Floats = NDArray[np.float64]
# Mean and spread of the likeness of unrelated listings, per channel, as measured on fictional listings of 20 tasks:
# what stands in for a collection too small to measure.
_USUAL: dict[str, tuple[tuple[float, float], ...]] = {
    "chinese": ((0.014, 0.019), (0.040, 0.023), (0.004, 0.009), (0.082, 0.035)),
    "latin": ((0.033, 0.028), (0.001, 0.003), (0.005, 0.008), (0.036, 0.027)),
    "cross": ((0.001, 0.002), (0.000, 0.001), (0.003, 0.006), (0.036, 0.019)),
    "cognate": ((0.001, 0.001), (0.000, 0.001), (0.004, 0.007), (0.026, 0.020)),
}  # their sums hold for a mix: the channels of a pair rise and fall together
_USUAL_MEANING = 0.2, 0.1


class Fittable(Protocol):
    """Capabilities as rows of a matrix, with their languages and, with an encoder, their vectors."""

    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def matrix(self) -> sparse.csr_matrix: ...
    @property
    def meanings(self) -> Floats | None: ...


@dataclass(frozen=True, slots=True)
class Compiled:
    """Needs ready to be compared with the capabilities of one language.

    ``queries`` (needs, columns) times a capability's row, plus ``offsets`` (needs,), is the text fit. With an encoder,
    ``meanings`` (needs, dimensions) times the capability's vector, plus ``usual_meanings`` (needs,), is added to it.
    """

    queries: sparse.csr_matrix
    offsets: Floats
    meanings: Floats | None = None
    usual_meanings: Floats | None = None

    def take(self, places: NDArray[np.intp] | slice) -> Compiled:
        """Return some of the needs."""
        return Compiled(
            self.queries[places],
            self.offsets[places],
            None if self.meanings is None else self.meanings[places],
            None if self.usual_meanings is None else self.usual_meanings[places],
        )

    @classmethod
    def stacked(cls, parts: Sequence[Compiled]) -> Compiled:
        """Return the needs of all parts, one after the other; all of them have meanings, or none."""
        meanings = [part.meanings for part in parts if part.meanings is not None]
        usual = [part.usual_meanings for part in parts if part.usual_meanings is not None]
        return cls(
            sparse.vstack([part.queries for part in parts], format="csr"),
            np.concatenate([part.offsets for part in parts]),
            np.concatenate(meanings) if meanings else None,
            np.concatenate(usual) if usual else None,
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """The sample of one language's capabilities that needs are measured against, columns by rows."""

    transposed: sparse.csr_matrix
    meanings: Floats | None


class TextFit:
    """Compile needs against a fitted collection of capabilities.

    Attributes: ``channel_`` (columns,), the channel of each column; ``references_`` by language.
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def fit(self, side: Fittable, ids: Sequence[str], channel: NDArray[np.int8]) -> TextFit:
        """Choose the reference samples from capabilities, whose ids are given."""
        self.channel_ = channel
        self.references_: dict[str, Reference] = {}
        for language in LANGUAGES:
            rows = [row for row, code in enumerate(side.languages) if code == language]
            rows = sorted(
                sorted(rows, key=lambda row: _fingerprint(ids[row]))[: self.weights.reference_size]
            )
            if rows:
                meanings = None if side.meanings is None else side.meanings[rows]
                self.references_[language] = Reference(side.matrix[rows].T.tocsr(), meanings)
        return self

    def compile(
        self, queries: sparse.csr_matrix, language: str, target: str, meanings: Floats | None = None
    ) -> Compiled:
        """Return needs of one language, ready for capabilities of another.

        ``queries`` (needs, columns); ``meanings`` (needs, dimensions) if the capabilities have such vectors too.
        """
        weights = self.channel_weights(language, target)
        factors = np.array([weights[channel] for channel in CHANNELS])
        mixed = queries.copy()
        mixed.data = queries.data * factors[self.channel_[queries.indices]]
        mixed.eliminate_zeros()
        reference = self.references_.get(target)
        sample = (
            (mixed @ reference.transposed).toarray()
            if reference
            else np.zeros((queries.shape[0], 0))
        )
        usual_mean, usual_spread = factors @ np.array(_USUAL[_kinship(language, target)])
        mean, spread = self._steady(sample, usual_mean, usual_spread)
        if meanings is None or not self.weights.meaning:
            return Compiled(sparse.diags(1.0 / spread) @ mixed, -mean / spread)
        likeness = (
            meanings @ reference.meanings.T
            if reference and reference.meanings is not None
            else sample
        )
        usual, width = self._steady(likeness, *_USUAL_MEANING)
        factor = self.weights.meaning / width
        both = (sample - mean[:, None]) / spread[:, None] + factor[:, None] * (
            likeness - usual[:, None]
        )
        total = self._steady(both, 0.0, math.hypot(1.0, self.weights.meaning))[1]
        return Compiled(
            sparse.diags(1.0 / (spread * total)) @ mixed,
            -mean / (spread * total),
            meanings * (factor / total)[:, None],
            -usual * factor / total,
        )

    def _steady(
        self, sample: Floats, usual_mean: float, usual_spread: float
    ) -> tuple[Floats, Floats]:
        """Mean and spread of each row, drawn towards the usual ones as if some listings more had been seen."""
        size, prior = sample.shape[1], self.weights.prior_listings
        mean = (sample.sum(axis=1) + prior * usual_mean) / (size + prior)
        variance = (((sample - mean[:, None]) ** 2).sum(axis=1) + prior * usual_spread**2) / (
            size + prior
        )
        return mean, np.sqrt(variance)

    def channel_weights(self, language: str, target: str) -> Mapping[str, float]:
        """Return the weight of each channel between two languages."""
        by_kinship = {
            "chinese": self.weights.chinese,
            "latin": self.weights.latin,
            "cross": self.weights.cross,
            "cognate": self.weights.cognate,
        }
        return by_kinship[_kinship(language, target)]


def _fingerprint(listing_id: str) -> bytes:
    """A fixed shuffle: the sample changes little when listings come and go."""
    return hashlib.blake2b(listing_id.encode("utf-8"), digest_size=8).digest()


def _kinship(language: str, target: str) -> str:
    if language == target:
        return "chinese" if language == "zh" else "latin"
    return "cross" if "zh" in (language, target) else "cognate"
