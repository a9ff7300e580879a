"""Listings as sparse vectors: term counts weighted by field and rarity, channel by channel."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..lexicon.glossary import Glossary
from ..listing import Listing
from ..text.cues import disclaimed, unwanted
from ..text.folding import fold
from ..text.language import detect_language
from ..weights import Weights
from .background import Background, default_background
from .features import CHANNELS, CONCEPTS, GRAMS, WORDS, Occurrence, occurrences

Floats = NDArray[np.float64]
Counts = dict[str, dict[str, float]]  # channel -> term -> weighted count
_WORDS, _CONCEPTS = CHANNELS.index(WORDS), CHANNELS.index(CONCEPTS)


def language_of(listing: Listing) -> str:
    """Return the language of a listing: as declared if its script agrees, else as detected.

    Parameters
    ----------
    listing : Listing
        A need or a capability.

    Returns
    -------
    str
        "zh", "en" or "es".

    Examples
    --------
    >>> language_of(Listing("n1", "need", "Tratamiento de aguas residuales"))
    'es'
    >>> language_of(Listing("n1", "need", "盐湖卤水提锂", language="en"))
    'zh'
    """
    # What was declared may be borne out by must-haves under a title taken from elsewhere.
    more = listing.must_haves if listing.language else ()
    texts = (listing.title, listing.summary, listing.description, *more)
    return detect_language(" ".join(texts), listing.language)


def texts_of(listing: Listing) -> Iterable[tuple[str, str]]:
    """Yield (field, text) of every text of a listing that is not empty."""
    yield from (
        (name, text)
        for name in ("title", "summary", "description")
        if (text := getattr(listing, name))
    )
    yield from (("tags", tag) for tag in listing.tags if tag)
    yield from (("must_haves", text) for text in listing.must_haves if text)


class Counted(NamedTuple):
    """Weighted term counts of a listing: all it says, what it denies, and its title and summary."""

    said: Counts
    denied: Counts
    head: Counts


Terms = tuple[tuple[Occurrence, bool], ...]
# Terms in the form that processes exchange fastest: whether denied, then the fields of Occurrence.
Columns = tuple[tuple[Any, ...], ...]
_HEAD = ("title", "summary")
_MEANT = 0.7  # a sense that a word has less often is not denied with it
_MOST_REMEMBERED = 4_000
# Terms that copies of this process have read for it.
_handed_over: dict[tuple[str, str, str, Glossary], Columns] = {}


@lru_cache(maxsize=_MOST_REMEMBERED)
def field_occurrences(text: str, language: str, kind: str, glossary: Glossary) -> Terms:
    """Return the terms of one field's text, each with a flag: denied by a capability, or unwanted.

    The last texts stay in memory, because the pairs of a small collection are explained next.
    """
    handed_over = _handed_over.pop((text, language, kind, glossary), None)
    if handed_over:
        denied, *columns = handed_over
        return tuple(zip(map(Occurrence, *columns), denied, strict=True))
    spans = (disclaimed if kind == "capability" else unwanted)(fold(text), language)
    found = occurrences(text, language, glossary)
    if not spans:
        return tuple((term, False) for term in found)
    return tuple((term, any(start <= term.start < end for start, end in spans)) for term in found)


def read_terms(listing: Listing, language: str, glossary: Glossary) -> list[Columns]:
    """Return the terms of each text of a listing, for ``take_terms`` in another process."""
    read = [
        field_occurrences(text, language, listing.kind, glossary) for _, text in texts_of(listing)
    ]
    return [tuple(zip(*((denied, *term) for term, denied in found), strict=True)) for found in read]


def take_terms(
    listing: Listing, language: str, glossary: Glossary, read: Iterable[Columns]
) -> None:
    """Keep the terms that a copy of this process has read of a listing, if there is room."""
    for (_, text), columns in zip(texts_of(listing), read, strict=True):
        if len(_handed_over) < _MOST_REMEMBERED:
            _handed_over[text, language, listing.kind, glossary] = columns


def count_terms(listing: Listing, language: str, weights: Weights, glossary: Glossary) -> Counted:
    """Count the terms of a listing by channel.

    Parameters
    ----------
    listing : Listing
        A need or a capability.
    language : str
        "zh", "en" or "es" (see ``language_of``).
    weights : Weights
        How often each field counts.
    glossary : Glossary
        Concepts to find.

    Returns
    -------
    Counted
        Counts of the terms that the listing says, of those it denies, and of those its title and
        summary say; each channel -> term -> count.

    Examples
    --------
    >>> from matchmaker.engine import Glossary
    >>> listing = Listing("c1", "capability", "Brine pumps. We do not make valves.")
    >>> said, denied, head = count_terms(listing, "en", Weights(), Glossary([]))
    >>> said["words"]["en:pump"], denied["words"]["en:valv"]
    (3.0, 1.0)
    """
    counted = Counted(_no_counts(), _no_counts(), _no_counts())
    for name, text in texts_of(listing):
        weight = weights.fields[name]
        leads = name in _HEAD
        without = _done_without(text, language) if leads and listing.kind == "capability" else ()
        for term, denied in field_occurrences(text, language, listing.kind, glossary):
            if denied:
                if term.weight >= _MEANT:
                    counted.denied[term.channel][term.term] += term.weight
                continue
            counted.said[term.channel][term.term] += term.weight * weight
            if leads and not any(start <= term.start < end for start, end in without):
                counted.head[term.channel][term.term] += term.weight * weight
    return counted


def _done_without(text: str, language: str) -> Sequence[tuple[int, int]]:
    """Return where an offer names what it spares: nobody who refuses that refuses the offer."""
    return unwanted(fold(text), language)


def _no_counts() -> Counts:
    return {channel: defaultdict(float) for channel in CHANNELS}


def saturate(count: float) -> float:
    """Return a count's weight: linear up to one, logarithmic above."""
    return 1.0 + math.log(count) if count > 1.0 else count


class Vectoriser:
    """Turn term counts into TF-IDF vectors, all channels side by side.

    Columns and rarity follow scikit-learn's ``TfidfVectorizer``, but rarity comes from a fixed
    background. So a listing's vector does not depend on the other listings of its catalogue.

    Parameters
    ----------
    weights : Weights
        The engine's settings; ``pivot`` and ``scarcity`` shrink vectors.
    glossary : Glossary
        Concepts that the counts were made with.
    background : Background | None
        Listings that say how rare a term is; the shipped ones if None.

    Attributes
    ----------
    vocabulary_
        (channel, term) -> column: the background's terms, then those of the fitted listings.
    idf_
        (columns,) ln((1 + n) / (1 + df)) + 1 over the background; a listing that only hints at
        a term, as one sense of a word, adds less than one to df.
    channel_
        (columns,) index into ``features.CHANNELS``.
    terms_
        (channel, term) of every column.
    size_
        Number of fitted listings.

    Examples
    --------
    >>> from matchmaker.engine import Glossary
    >>> weights, glossary = Weights(), Glossary([])
    >>> listings = [Listing(id, "capability", id) for id in ("brine pump", "brine filter")]
    >>> counts = [count_terms(one, "en", weights, glossary).said for one in listings]
    >>> vectoriser = Vectoriser(weights, glossary).fit(counts)
    >>> vectoriser.rarity(("words", "en:zeppelin")) > vectoriser.rarity(("words", "en:pump"))
    True
    >>> vectoriser.transform(counts).shape == (2, len(vectoriser.terms_))
    True
    """

    def __init__(
        self, weights: Weights, glossary: Glossary, background: Background | None = None
    ) -> None:
        self.weights = weights
        self.glossary = glossary
        self.background = default_background() if background is None else background

    def fit(self, counts: Sequence[Counts]) -> Vectoriser:
        """Give a column to each term of some listings that the background does not have.

        Parameters
        ----------
        counts : Sequence[Counts]
            One channel -> term -> count a listing (see ``count_terms``).

        Returns
        -------
        Vectoriser
            This vectoriser, fitted.
        """
        known = self.background.columns
        more = {
            (channel, term)
            for one in counts
            for channel, terms in one.items()
            for term in terms
            if term not in known[channel]
        }
        return self.learned(sorted(more), len(counts))

    def learned(self, more: Sequence[tuple[str, str]], size: int) -> Vectoriser:
        """Restore the fitted state.

        Parameters
        ----------
        more : Sequence[tuple[str, str]]
            ``terms_`` of the fitted vectoriser beyond those of the background.
        size : int
            Its ``size_``.

        Returns
        -------
        Vectoriser
            This vectoriser, fitted.
        """
        before = len(self.background.terms)
        self.terms_ = [*self.background.terms, *more]
        self.size_ = size
        self.idf_ = np.concatenate([self.background.idf, np.full(len(more), self._unseen)])
        added = [CHANNELS.index(channel) for channel, _ in more]
        self.channel_ = np.concatenate([self.background.channel, np.array(added, np.int8)])
        self._columns = {channel: dict(own) for channel, own in self.background.columns.items()}
        for column, (channel, term) in enumerate(more, start=before):
            self._columns[channel][term] = column
        return self

    @property
    def vocabulary_(self) -> dict[tuple[str, str], int]:
        """(channel, term) -> column."""
        return {key: column for column, key in enumerate(self.terms_)}

    @property
    def grams(self) -> int:
        """The index of the channel of characters and pairs."""
        return CHANNELS.index(GRAMS)

    @property
    def more_(self) -> list[tuple[str, str]]:
        """The terms of the fitted listings that the background does not have."""
        return self.terms_[len(self.background.terms) :]

    def transform(self, counts: Sequence[Counts]) -> sparse.csr_matrix:
        """Turn term counts into vectors.

        Each channel of a row has length one, less when the text has little in it.
        Unknown terms have no column but count towards the length.
        Words count towards the length of concepts: two concepts in a long text say little.

        Parameters
        ----------
        counts : Sequence[Counts]
            One channel -> term -> count a listing.

        Returns
        -------
        sparse.csr_matrix
            Float matrix (listings, columns), columns ascending in each row.
        """
        if not counts or not self.terms_:
            return sparse.csr_matrix((len(counts), len(self.terms_)))
        rows = [self.row(listing) for listing in counts]
        indptr = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return sparse.csr_matrix((values, columns, indptr), shape=(len(rows), len(self.terms_)))

    def row(self, counts: Counts) -> tuple[NDArray[np.int32], Floats]:
        """Return the columns and values of one listing, a row of ``transform``."""
        places: list[int] = []
        amounts: list[float] = []
        sizes: list[int] = []
        for channel in CHANNELS:
            terms = counts[channel]
            get = self._columns[channel].get
            places += [get(term, -1) for term in terms]
            amounts += terms.values()
            sizes.append(len(terms))
        found = np.array(places, dtype=np.int32)
        count = np.array(amounts)
        channels = np.repeat(np.arange(len(CHANNELS)), sizes)
        rarity = np.where(found < 0, self._unseen, self.idf_[found]) if len(found) else count
        values = self._to_length(count, rarity, channels, 1)
        known = np.flatnonzero(found >= 0)
        order = known[np.argsort(found[known])]
        return found[order], values[order]

    def fullness(self, counts: Sequence[Counts]) -> Floats:
        """Return the squared length of each channel of listings, with terms unknown here, 0..1."""
        found = np.zeros((len(counts), len(CHANNELS)))
        for row, one in enumerate(counts):
            for place, channel in enumerate(CHANNELS):
                found[row, place] = sum(
                    (saturate(count) * self.rarity((channel, term))) ** 2
                    for term, count in one[channel].items()
                )
        return found / self._lengths(found)

    def references(self, language: str) -> sparse.csr_matrix:
        """Return the vectors of a language's background listings (columns, listings)."""
        counts = self.background.counts[self.background.languages == language]
        listings = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        channels = listings * len(CHANNELS) + self.background.channel[counts.indices]
        rarity = self.background.idf[counts.indices]
        values = self._to_length(counts.data, rarity, channels, counts.shape[0])
        shape = counts.shape[0], len(self.terms_)
        return sparse.csr_matrix((values, counts.indices, counts.indptr), shape=shape).T.tocsr()

    def _to_length(
        self, counts: Floats, rarity: Floats, channels: NDArray[np.intp], listings: int
    ) -> Floats:
        """Return weights of terms (n,) of which each channel of a listing has about length one.

        ``channels`` is, for each term, its channel beyond those of the listings before.
        """
        values = np.where(counts > 1.0, 1.0 + np.log(np.maximum(counts, 1.0)), counts) * rarity
        squares = np.zeros((listings, len(CHANNELS)))
        squares += np.bincount(channels, values * values, squares.size).reshape(squares.shape)
        lengths = np.sqrt(self._lengths(squares)).ravel()
        weighed: Floats = values / lengths[channels]
        return weighed

    def _lengths(self, squares: Floats) -> Floats:
        """Return the squared lengths that channels (listings, channels) are divided by."""
        lengths: Floats = squares + (self.weights.pivot * self._unseen) ** 2
        lengths[:, _CONCEPTS] += self.weights.scarcity**2 * squares[:, _WORDS]
        return lengths

    def rarity(self, key: tuple[str, str]) -> float:
        """Return the inverse document frequency of a (channel, term), seen or unseen."""
        column = self._columns[key[0]].get(key[1])
        return self._unseen if column is None else float(self.idf_[column])

    @property
    def _unseen(self) -> float:
        """The rarity of a term that no listing of the background has."""
        return self.background.unseen
