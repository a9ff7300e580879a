"""Text fit: one sparse product per capability language, standardised to compare languages.

For a need q and a capability d in language l the fit is

    z = (sum over channels c of w_c q_c·d_c - m) / s

the weighted likeness in standard deviations above the need's usual listing in l.
The need's mean m and spread s come from the listings of a fixed background.
So z depends on the need and the capability alone, not on the catalogue.
It is linear in d: a need compiles to a sparse vector and an offset, all that an index needs.

An encoder's cosine is standardised on a sample of the catalogue and added.

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
from ..spans import spans
from ..weights import Weights
from .features import CHANNELS
from .vectoriser import Vectoriser

Floats = NDArray[np.float64]
# Least spread of a listing's likeness with the usual ones, a third of the usual spread: texts of a
# few rare words share nothing with the background, and any likeness would be far above nothing.
_LEAST_SPREAD = {"chinese": 0.015, "latin": 0.02, "cross": 0.007, "cognate": 0.007}
_OUTLIERS = 0.03
_LEAST_OWN = 1e-3
_FROM_THERE = 128  # references of a language that capabilities are measured on, at least
_AT_ONCE = 4_096  # capabilities
_SAMPLE = 512  # capabilities of a language that an encoder's likeness is measured on
_USUAL_MEANING, _IMAGINED = (0.2, 0.1), 48  # mean and spread, as of so many listings more


class Fittable(Protocol):
    """Capabilities with their languages and, if there is an encoder, vectors."""

    @property
    def languages(self) -> Sequence[str]:
        """The language of each capability."""

    @property
    def meanings(self) -> Floats | None:
        """The capabilities' vectors, of shape (capabilities, dimensions)."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Needs compiled for the capabilities of one language.

    The text fit is ``queries`` (needs, columns) times a capability's row, plus ``offsets``.
    An encoder adds ``meanings`` (needs, dimensions) times its vector, plus ``usual_meanings``.
    ``spreads`` (needs,) are those that the queries were divided by. ``richness`` (needs,) is the
    logarithm of a need's likeness with itself.
    """

    queries: sparse.csr_matrix
    offsets: Floats
    spreads: Floats
    richness: Floats
    meanings: Floats | None = None
    usual_meanings: Floats | None = None

    def take(self, places: NDArray[np.intp] | slice) -> Compiled:
        """Return some of the needs."""
        return Compiled(
            self.queries[places],
            self.offsets[places],
            self.spreads[places],
            self.richness[places],
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
            np.concatenate([part.spreads for part in parts]),
            np.concatenate([part.richness for part in parts]),
            np.concatenate(meanings) if meanings else None,
            np.concatenate(usual) if usual else None,
        )


class TextFit:
    """Compile needs for capabilities of each language.

    Parameters
    ----------
    weights : Weights
        The engine's settings; the mix of channels of each pair of languages.
    vectoriser : Vectoriser
        The fitted vectoriser, with the background that measures what is usual.

    Attributes
    ----------
    channel_
        (columns,) index of each column's channel.
    references_
        Language -> vectors of its background listings, (columns, listings).
    meanings_
        Language -> an encoder's vectors of a sample of its capabilities, (sample, dimensions).
    """

    def __init__(self, weights: Weights, vectoriser: Vectoriser) -> None:
        self.weights = weights
        self.vectoriser = vectoriser
        self.channel_ = vectoriser.channel_
        self.references_ = {code: vectoriser.references(code) for code in LANGUAGES}
        self.meanings_: dict[str, Floats] = {}

    def sample(self, side: Fittable, ids: Sequence[str]) -> TextFit:
        """Choose the sample that an encoder's likeness is measured on; return self."""
        if side.meanings is not None:
            for language in LANGUAGES:
                rows = [row for row, code in enumerate(side.languages) if code == language]
                chosen = sorted(rows, key=lambda row: _fingerprint(ids[row]))[:_SAMPLE]
                if chosen:
                    self.meanings_[language] = side.meanings[sorted(chosen)]
        return self

    def compile(
        self,
        queries: sparse.csr_matrix,
        fullness: Floats,
        languages: tuple[str, str],
        meanings: Floats | None = None,
    ) -> Compiled:
        """Return needs of one language, compiled for capabilities of another.

        ``queries`` has the shape (needs, columns), ``fullness`` (needs, channels) is the
        vectoriser's; ``languages`` are the needs' and the capabilities'. ``meanings``
        (needs, dimensions) are used if the capabilities have vectors too.
        """
        target = languages[1]
        mixed = self.mixed(queries, *languages)
        mean, spread = _usual(mixed, self.references_[target], kinship(*languages))
        richness = np.log(np.maximum(fullness @ self.factors(*languages), _LEAST_OWN))
        if meanings is None or not self.weights.meaning:
            queries = sparse.diags(1.0 / spread) @ mixed
            return Compiled(queries, -mean / spread, spread, richness)
        known = self.meanings_.get(target)
        likeness = meanings @ (meanings[:0] if known is None else known).T
        middle, width = _steady(likeness)
        total = math.hypot(1.0, self.weights.meaning)
        factor = self.weights.meaning / (width * total)
        return Compiled(
            sparse.diags(1.0 / (spread * total)) @ mixed,
            -mean / (spread * total),
            spread * total,
            richness,
            meanings * factor[:, None],
            -middle * factor,
        )

    def usual_needs(self, rows: sparse.csr_matrix, target: str) -> Floats:
        """Return mean and spread of the likeness of capabilities with usual needs.

        ``rows`` (n, columns) are capabilities in ``target``; the result has the shape
        (n, languages of needs, 2).
        """
        found = np.zeros((rows.shape[0], len(LANGUAGES), 2))
        for place, language in enumerate(LANGUAGES):
            usual = self.references_[language]
            chosen = usual[:, :: max(1, usual.shape[1] // _FROM_THERE)]
            for span in spans(rows.shape[0], _AT_ONCE):
                mixed = self.mixed(rows[span], language, target)
                related = kinship(language, target)
                found[span, place] = np.stack(_usual(mixed, chosen, related), axis=1)
        return found

    def mixed(self, rows: sparse.csr_matrix, language: str, target: str) -> sparse.csr_matrix:
        """Return rows (n, columns) with each channel weighed as between two languages."""
        mixed = rows.copy()
        mixed.data = rows.data * self.factors(language, target)[self.channel_[rows.indices]]
        mixed.eliminate_zeros()
        return mixed

    def factors(self, language: str, target: str) -> Floats:
        """Return the weight of each channel between two languages, (channels,)."""
        by_kinship = {
            "chinese": self.weights.chinese,
            "latin": self.weights.latin,
            "cross": self.weights.cross,
            "cognate": self.weights.cognate,
        }
        weights: Mapping[str, float] = by_kinship[kinship(language, target)]
        return np.array([weights[channel] for channel in CHANNELS])


def _usual(
    rows: sparse.csr_matrix, references: sparse.csr_matrix, related: str
) -> tuple[Floats, Floats]:
    """Return mean and spread (n,) of the likeness of rows with reference listings.

    The likest few count as the next below: a listing's own partners may stand among them.
    """
    likeness = (rows @ references).toarray()
    least = np.full(rows.shape[0], _LEAST_SPREAD[related])
    if not likeness.size:
        return np.zeros(rows.shape[0]), least
    last = likeness.shape[1] - 1 - int(_OUTLIERS * likeness.shape[1])
    highest = np.partition(likeness, last, axis=1)[:, last]
    likeness = np.minimum(likeness, highest[:, None])
    return likeness.mean(axis=1), np.maximum(likeness.std(axis=1), least)


def _steady(sample: Floats) -> tuple[Floats, Floats]:
    """Return mean and spread of each row, as if some usual listings more had been seen."""
    size = sample.shape[1] + _IMAGINED
    mean = (sample.sum(axis=1) + _IMAGINED * _USUAL_MEANING[0]) / size
    squares = ((sample - mean[:, None]) ** 2).sum(axis=1)
    return mean, np.sqrt((squares + _IMAGINED * _USUAL_MEANING[1] ** 2) / size)


def _fingerprint(listing_id: str) -> bytes:
    """Return a fixed shuffle's key; the sample changes little when listings come and go."""
    return hashlib.blake2b(listing_id.encode("utf-8"), digest_size=8).digest()


def kinship(language: str, target: str) -> str:
    """Return how two languages are related: "chinese", "latin", "cross" or "cognate"."""
    if language == target:
        return "chinese" if language == "zh" else "latin"
    return "cross" if "zh" in (language, target) else "cognate"
