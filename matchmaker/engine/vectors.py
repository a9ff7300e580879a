"""Listings as sparse vectors: saturated term counts, weighted by field and rarity, one unit length per channel."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .cues import disclaimed
from .features import CHANNELS, CONCEPTS, Occurrence, occurrences
from .folding import fold
from .glossary import Glossary
from .language import detect_language
from .listing import Listing
from .weights import Weights

Counts = dict[str, dict[str, float]]  # channel -> term -> weighted count


def language_of(listing: Listing) -> str:
    """Return the language a listing says it is written in, or the one it seems to be."""
    if listing.language in ("zh", "en", "es"):
        return listing.language
    return detect_language(" ".join((listing.title, listing.summary, listing.description)), listing.language)


def texts_of(listing: Listing) -> Iterable[tuple[str, str]]:
    """Yield (field, text) of every text of a listing that is not empty."""
    yield from ((name, text) for name in ("title", "summary", "description") if (text := getattr(listing, name)))
    yield from (("tags", tag) for tag in listing.tags if tag)
    yield from (("must_haves", text) for text in listing.must_haves if text)


class Counted(NamedTuple):
    """The weighted term counts of a listing: of what it says, and of what it says it does not do."""

    said: Counts
    denied: Counts


def field_occurrences(text: str, language: str, kind: str, glossary: Glossary) -> list[tuple[Occurrence, bool]]:
    """Return the terms of one field's text, each with whether a capability names it among what it does not do."""
    spans = disclaimed(fold(text), language) if kind == "capability" else []
    found = occurrences(text, language, glossary)
    return [(term, any(start <= term.start < end for start, end in spans)) for term in found]


def count_terms(listing: Listing, language: str, weights: Weights, glossary: Glossary) -> Counted:
    """Return the weighted term counts of a listing by channel; a concept counts its broader ones at a discount."""
    counted = Counted(_no_counts(), _no_counts())
    for name, text in texts_of(listing):
        weight = weights.fields[name]
        for term, denied in field_occurrences(text, language, listing.kind, glossary):
            counted[denied][term.channel][term.term] += term.weight * (1.0 if denied else weight)
    for counts in counted:
        own = counts[CONCEPTS]
        for concept, count in list(own.items()):
            for distance, ancestor in enumerate(glossary.ancestors(concept), start=1):
                own[ancestor] += count * weights.broader**distance
    return counted


def _no_counts() -> Counts:
    return {channel: defaultdict(float) for channel in CHANNELS}


def saturate(count: float) -> float:
    """Return a count's weight: linear to one, logarithmic above (repeating a word soon stops to pay)."""
    return 1.0 + math.log(count) if count > 1.0 else count


class Vectoriser:
    """Term counts to TF-IDF vectors, all channels side by side.

    Parameters
    ----------
    weights, glossary : what to count, and how much.

    Attributes
    ----------
    vocabulary_ : dict, (channel, term) -> column.
    idf_ : float array (columns,), ln((1 + n) / (1 + df)) + 1, n and df over the listings of the term's kind.
    channel_ : int array (columns,), index into ``terms.CHANNELS``.
    """

    def __init__(self, weights: Weights, glossary: Glossary) -> None:
        self.weights = weights
        self.glossary = glossary

    def fit(self, counts: Sequence[Counts]) -> Vectoriser:
        """Learn columns and document frequencies from term counts."""
        frequency: Counter[tuple[str, str]] = Counter()
        for listing in counts:
            for channel, terms in listing.items():
                frequency.update((channel, term) for term in terms)
        keys = sorted(frequency)
        self.size_ = len(counts)
        self.vocabulary_ = {key: column for column, key in enumerate(keys)}
        self.terms_ = keys
        frequencies = np.array([frequency[key] for key in keys], dtype=np.float64)
        self.idf_: NDArray[np.float64] = np.log((1.0 + self.size_) / (1.0 + frequencies)) + 1.0
        self.channel_: NDArray[np.int8] = np.array([CHANNELS.index(channel) for channel, _ in keys], dtype=np.int8)
        return self

    def transform(self, counts: Sequence[Counts]) -> sparse.csr_matrix:
        """Return a matrix (listings, columns); each channel of a row has length one, shrunk when it has little in it.

        Unknown terms have no column, but they lengthen the row: a listing about other things is not about this one.
        """
        unseen = math.log(1.0 + self.size_) + 1.0
        data: list[float] = []
        columns: list[int] = []
        pointers = [0]
        for listing in counts:
            for channel, terms in listing.items():
                self._add_channel(channel, terms, unseen, data, columns)
            pointers.append(len(columns))
        shape = (len(counts), len(self.terms_))
        matrix = sparse.csr_matrix(
            (np.array(data, dtype=np.float64), np.array(columns, dtype=np.int32), pointers), shape
        )
        matrix.sort_indices()
        return matrix

    def _add_channel(
        self, channel: str, terms: dict[str, float], unseen: float, data: list[float], columns: list[int]
    ) -> None:
        square = 0.0
        first = len(data)
        for term, count in terms.items():
            column = self.vocabulary_.get((channel, term))
            value = saturate(count) * (unseen if column is None else float(self.idf_[column]))
            square += value * value
            if column is not None:
                data.append(value)
                columns.append(column)
        length = math.sqrt(square + (self.weights.pivot * unseen) ** 2)
        for index in range(first, len(data)):
            data[index] /= length
