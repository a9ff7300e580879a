"""Text fit: one sparse product per capability language, standardised to compare languages.

For a need q and a capability d in language l the fit is

    z = (sum over channels c of w_c q_c·d_c - m) / s

the weighted likeness in standard deviations above the need's usual listing in l.
The need's mean m and spread s come from the listings of a fixed background.
So z depends on the need and the capability alone, not on the catalogue.
It is linear in d: a need compiles to a sparse vector and an offset, all that an index needs.

Channels are mixed before standardising. A channel in which a need says little has a small
spread, and dividing by it would make noise as loud as words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..listing import LANGUAGES
from ..spans import spans
from ..weights import Weights
from .background import usual
from .features import CHANNELS
from .vectoriser import Vectoriser

Floats = NDArray[np.float64]
# Least spread of a listing's likeness with the usual ones, a third of the usual spread: texts of a
# few rare words share nothing with the background, and any likeness would be far above nothing.
_LEAST_SPREAD = {"chinese": 0.015, "latin": 0.02, "cross": 0.007, "cognate": 0.007}
_LEAST_OWN = 1e-3
_FROM_THERE = 128  # references of a language that capabilities are measured on, at least
_AT_ONCE = 4_096  # capabilities


@dataclass(frozen=True, slots=True)
class Compiled:
    """Needs compiled for the capabilities of one language.

    The text fit is ``queries`` (needs, columns) times a capability's row, plus ``offsets``.
    ``spreads`` (needs,) are those that the queries were divided by. ``richness`` (needs,) is the
    logarithm of a need's likeness with itself.
    """

    queries: sparse.csr_matrix
    offsets: Floats
    spreads: Floats
    richness: Floats

    def take(self, places: NDArray[np.intp] | slice) -> Compiled:
        """Return some of the needs."""
        return Compiled(
            self.queries[places],
            self.offsets[places],
            self.spreads[places],
            self.richness[places],
        )

    @classmethod
    def stacked(cls, parts: Sequence[Compiled]) -> Compiled:
        """Return the needs of all parts in order."""
        return cls(
            sparse.vstack([part.queries for part in parts], format="csr"),
            np.concatenate([part.offsets for part in parts]),
            np.concatenate([part.spreads for part in parts]),
            np.concatenate([part.richness for part in parts]),
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
    """

    def __init__(self, weights: Weights, vectoriser: Vectoriser) -> None:
        self.weights = weights
        self.vectoriser = vectoriser
        self.channel_ = vectoriser.channel_
        self.references_ = {code: vectoriser.references(code) for code in LANGUAGES}

    def compile(
        self,
        queries: sparse.csr_matrix,
        fullness: Floats,
        languages: tuple[str, str],
    ) -> Compiled:
        """Return needs of one language, compiled for capabilities of another.

        ``queries`` has the shape (needs, columns), ``fullness`` (needs, channels) is the
        vectoriser's; ``languages`` are the needs' and the capabilities'.
        """
        target = languages[1]
        mixed = self.mixed(queries, *languages)
        mean, spread = _usual(mixed, self.references_[target], kinship(*languages))
        richness = np.log(np.maximum(fullness @ self.factors(*languages), _LEAST_OWN))
        queries = sparse.diags(1.0 / spread) @ mixed
        return Compiled(queries, -mean / spread, spread, richness)

    def usual_needs(self, rows: sparse.csr_matrix, target: str) -> Floats:
        """Return mean and spread of the likeness of capabilities with usual needs.

        ``rows`` (n, columns) are capabilities in ``target``; the result has the shape
        (n, languages of needs, 2).
        """
        found = np.zeros((rows.shape[0], len(LANGUAGES), 2))
        for place, language in enumerate(LANGUAGES):
            known = self.references_[language]
            chosen = known[:, :: max(1, known.shape[1] // _FROM_THERE)]
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
    """Return mean and spread (n,) of the likeness of rows with reference listings."""
    likeness, least = (rows @ references).toarray(), _LEAST_SPREAD[related]
    if not likeness.size:
        return np.zeros(rows.shape[0]), np.full(rows.shape[0], least)
    mean, spread = usual(likeness, least).T
    return mean, spread


def kinship(language: str, target: str) -> str:
    """Return how two languages are related: "chinese", "latin", "cross" or "cognate"."""
    if language == target:
        return "chinese" if language == "zh" else "latin"
    return "cross" if "zh" in (language, target) else "cognate"
