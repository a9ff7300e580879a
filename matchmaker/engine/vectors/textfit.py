"""Text fit: one sparse product per capability language, standardised to compare languages.

For a need q and a capability d in language l the fit is

    z = (sum over channels c of w_c q_c·d_c - m) / s

the weighted likeness in standard deviations above the need's usual capability in l.
The need's mean m and spread s come from a fixed *reference sample* of the fitted capabilities.
So z depends on the need, the capability and the fitted state alone, not on the list.
It is linear in d: a need compiles to a sparse vector and an offset, all that an index needs.

An encoder's cosine is standardised in the same way and added; the sum gets unit spread again.

Channels are mixed before standardising. A channel in which a need says little has a small
spread, and dividing by it would make noise as loud as words.
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
# Mean and spread of the likeness of unrelated listings by channel, for collections too small to
# measure; taken from fictional listings of 20 tasks.
_USUAL: dict[str, tuple[tuple[float, float], ...]] = {
    "chinese": ((0.014, 0.019), (0.040, 0.023), (0.004, 0.009), (0.082, 0.035)),
    "latin": ((0.033, 0.028), (0.001, 0.003), (0.005, 0.008), (0.036, 0.027)),
    "cross": ((0.001, 0.002), (0.000, 0.001), (0.003, 0.006), (0.036, 0.019)),
    "cognate": ((0.001, 0.001), (0.000, 0.001), (0.004, 0.007), (0.026, 0.020)),
}  # a mix takes their weighted sum: the channels of a pair rise and fall together
_USUAL_MEANING = 0.2, 0.1


class Fittable(Protocol):
    """Capabilities as matrix rows, with their languages and, if there is an encoder, vectors."""

    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def matrix(self) -> sparse.csr_matrix: ...
    @property
    def meanings(self) -> Floats | None: ...


@dataclass(frozen=True, slots=True)
class Compiled:
    """Needs compiled for the capabilities of one language.

    The text fit is ``queries`` (needs, columns) times a capability's row, plus ``offsets``.
    An encoder adds ``meanings`` (needs, dimensions) times its vector, plus ``usual_meanings``.
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
        """Return the needs of all parts in order; either all parts have meanings, or none."""
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
    """The sample of one language's capabilities that standardises needs, (columns, sample)."""

    transposed: sparse.csr_matrix
    meanings: Floats | None


class TextFit:
    """Compile needs against a fitted collection of capabilities.

    Attributes
    ----------
    channel_
        (columns,) index of each column's channel.
    references_
        Language -> ``Reference``.
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def fit(self, side: Fittable, ids: Sequence[str], channel: NDArray[np.int8]) -> TextFit:
        """Choose the reference samples from capabilities with these ids; return self."""
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
        """Return needs in ``language``, compiled for capabilities in ``target``.

        ``queries`` has the shape (needs, columns). ``meanings`` (needs, dimensions) are used if the
        capabilities have vectors too.
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
        """Return each row's mean and spread, drawn towards the usual by ``prior_listings``."""
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
    """Return a fixed sort key, so that the sample changes little when listings come and go."""
    return hashlib.blake2b(listing_id.encode("utf-8"), digest_size=8).digest()


def _kinship(language: str, target: str) -> str:
    if language == target:
        return "chinese" if language == "zh" else "latin"
    return "cross" if "zh" in (language, target) else "cognate"
