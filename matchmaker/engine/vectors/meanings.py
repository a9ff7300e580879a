"""Likeness of meaning: an encoder's cosine, standardised from both sides.

For a need q and a capability d it is the mean of two distances,

    z = ((q·d - m_q) / s_q + (q·d - m_d) / s_d) / 2

in standard deviations. m_q and s_q come from the need's likeness with usual texts in the
capability's language, m_d and s_d from the capability's with usual texts in the need's. The usual
texts ship with the engine, so z depends on the two texts and the encoder alone.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..listing import LANGUAGES, Listing
from ..paths import DATA
from .background import usual
from .encoder import Encoder, unit_vectors

Floats = NDArray[np.float64]
FILE = DATA / "background" / "texts.json.gz"
_LEAST_SPREAD = 1e-3  # an encoder that knows few meanings finds some of them nowhere


@dataclass(frozen=True, slots=True)
class Meanings:
    """What an encoder says of listings.

    Attributes
    ----------
    vectors : Floats
        (n, dimensions) of length one.
    usual : Floats
        (n, languages, 2) mean and spread of the likeness with usual texts of each language.
    languages : NDArray[np.intp]
        (n,) places of their languages in ``LANGUAGES``.
    """

    vectors: Floats
    usual: Floats
    languages: NDArray[np.intp]

    def take(self, places: NDArray[np.intp]) -> Meanings:
        """Return some of the listings."""
        return Meanings(self.vectors[places], self.usual[places], self.languages[places])

    def joined(self, others: Meanings) -> Meanings:
        """Return these listings followed by others."""
        return Meanings(
            np.concatenate([self.vectors, others.vectors]),
            np.concatenate([self.usual, others.usual]),
            np.concatenate([self.languages, others.languages]),
        )


class MeaningFit:
    """An encoder with its vectors of usual texts.

    Parameters
    ----------
    encoder : Encoder
        The encoder.
    references : Mapping[str, Floats] | None
        Language -> vectors of usual texts (texts, dimensions). They are made if None.
    """

    def __init__(self, encoder: Encoder, references: Mapping[str, Floats] | None = None) -> None:
        self.encoder = encoder
        self.references_ = _references(encoder) if references is None else references

    def read(self, listings: Sequence[Listing], languages: Sequence[str]) -> Meanings | None:
        """Return the meanings of listings in these languages, or None of no listing."""
        if not listings:
            return None
        vectors = unit_vectors(self.encoder, [text_of(listing) for listing in listings])
        by_language = [
            usual(vectors @ self.references_[code].T, _LEAST_SPREAD) for code in LANGUAGES
        ]
        places = np.array([LANGUAGES.index(code) for code in languages], dtype=np.intp)
        return Meanings(vectors, np.stack(by_language, axis=1), places)


def likeness(needs: Meanings, capabilities: Meanings) -> Floats:
    """Return the likeness of meaning (needs, capabilities)."""
    cosine = needs.vectors @ capabilities.vectors.T
    mean, spread = np.moveaxis(needs.usual[:, capabilities.languages], -1, 0)
    back_mean, back_spread = np.moveaxis(capabilities.usual[:, needs.languages], -1, 0)
    found: Floats = ((cosine - mean) / spread + ((cosine.T - back_mean) / back_spread).T) / 2.0
    return found


def text_of(listing: Listing) -> str:
    """Return the text of a listing that an encoder reads."""
    return "\n".join(
        filter(None, (listing.title, listing.summary, listing.description, *listing.must_haves))
    )


def packed(texts: Mapping[str, Sequence[str]]) -> bytes:
    """Return usual texts by language as the bytes of a file."""
    return gzip.compress(json.dumps(texts, ensure_ascii=False).encode(), mtime=0)


def usual_texts() -> dict[str, list[str]]:
    """Return the usual texts that ship with the engine, by language."""
    found: dict[str, list[str]] = json.loads(gzip.decompress(FILE.read_bytes()))
    return found


@lru_cache(maxsize=1)
def _references(encoder: Encoder) -> dict[str, Floats]:
    return {code: unit_vectors(encoder, texts) for code, texts in usual_texts().items()}
