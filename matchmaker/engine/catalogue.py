"""Capabilities and needs in comparable form."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .lexicon.glossary import Glossary
from .lexicon.lexicon import lexicon_of
from .listing import LANGUAGES, Listing
from .processes import spread
from .scoring.effects import Traits, traits_of
from .scoring.evidence import beyond, cores
from .vectors.meanings import MeaningFit, Meanings
from .vectors.textfit import Compiled, TextFit
from .vectors.vectoriser import (
    Columns,
    Counted,
    count_terms,
    language_of,
    read_terms,
    take_terms,
)
from .weights import Weights

Floats = NDArray[np.float64]
_SMALL = 1_000  # listings whose texts are remembered


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Capabilities in comparable form, one row each.

    Attributes
    ----------
    listings : tuple[Listing, ...]
        The capabilities.
    languages : tuple[str, ...]
        Their languages.
    matrix : sparse.csr_matrix
        (n, columns) vectors of their texts.
    heads : sparse.csr_matrix
        (n, columns) 0..1, how central a term is to title and summary.
    limits : sparse.csr_matrix
        (n, columns) 1 for a term that they deny doing and name nowhere else.
    usual : Floats
        (n, languages of needs, 2) mean and spread of the likeness with usual needs.
    traits : Traits
        Facts beyond the texts.
    serials : NDArray[np.int64]
        (n,) ascending ids for an index, which rows keep when other rows go.
    meanings : Meanings | None
        What an encoder says of them, if there is one.
    codes : NDArray[np.str_]
        (n,) their languages as an array.
    rows : dict[str, NDArray[np.intp]]
        Language -> its rows.
    by_id : NDArray[np.intp]
        (n,) rows in the order of the ids.
    """

    listings: tuple[Listing, ...]
    languages: tuple[str, ...]
    matrix: sparse.csr_matrix
    heads: sparse.csr_matrix
    limits: sparse.csr_matrix
    usual: Floats
    traits: Traits
    serials: NDArray[np.int64]
    meanings: Meanings | None = None
    codes: NDArray[np.str_] = field(init=False)
    rows: dict[str, NDArray[np.intp]] = field(init=False)
    by_id: NDArray[np.intp] = field(init=False)
    _by_term: dict[str, sparse.csr_matrix] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        codes = np.array(self.languages, dtype=np.str_)
        rows = {code: np.flatnonzero(codes == code) for code in LANGUAGES if code in self.languages}
        object.__setattr__(self, "codes", codes)
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "by_id", _by_id(self.listings))

    def places(self, serials: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the rows of known serials."""
        return np.searchsorted(self.serials, serials)

    def by_term(self, language: str) -> sparse.csr_matrix:
        """Return a language's ``matrix`` transposed, which makes products fast."""
        if language not in self._by_term:
            self._by_term[language] = self.matrix[self.rows[language]].T.tocsr()
        return self._by_term[language]

    def without(self, ids: Collection[str]) -> Catalogue:
        """Return the catalogue without some listings."""
        kept = np.array(
            [row for row, listing in enumerate(self.listings) if listing.id not in ids],
            dtype=np.intp,
        )
        return Catalogue(
            listings=tuple(self.listings[row] for row in kept),
            languages=tuple(self.languages[row] for row in kept),
            matrix=self.matrix[kept],
            heads=self.heads[kept],
            limits=self.limits[kept],
            usual=self.usual[kept],
            traits=self.traits.take(kept),
            serials=self.serials[kept],
            meanings=None if self.meanings is None else self.meanings.take(kept),
        )

    def joined(self, others: Catalogue) -> Catalogue:
        """Return these capabilities followed by others with greater serials."""
        if not self.listings or not others.listings:
            return self if self.listings else others
        return Catalogue(
            listings=self.listings + others.listings,
            languages=self.languages + others.languages,
            matrix=sparse.vstack([self.matrix, others.matrix], format="csr"),
            heads=sparse.vstack([self.heads, others.heads], format="csr"),
            limits=sparse.vstack([self.limits, others.limits], format="csr"),
            usual=np.concatenate([self.usual, others.usual]),
            traits=self.traits.joined(others.traits),
            serials=np.concatenate([self.serials, others.serials]),
            meanings=None
            if self.meanings is None or others.meanings is None
            else self.meanings.joined(others.meanings),
        )


@dataclass(frozen=True, slots=True)
class Needs:
    """Needs compiled against fitted capabilities, made by ``Recommender.prepare``.

    Parameters
    ----------
    listings : tuple[Listing, ...]
        The needs.
    languages : tuple[str, ...]
        Their languages.
    compiled : dict[str, Compiled]
        Language of a capability -> queries and offsets.
    heads : sparse.csr_matrix
        (n, columns) 0..1, how central a term is to title and summary.
    refusals : sparse.csr_matrix
        (n, columns) 1 for a term they do not want and title and summary do not name.
    meanings : Meanings | None
        What an encoder says of them, if there is one.

    Examples
    --------
    >>> from matchmaker.engine import Recommender
    >>> recommender = Recommender().fit([Listing("c1", "capability", "Brine pumps")])
    >>> ready = recommender.prepare([Listing("n1", "need", "A pump for brine")])
    >>> len(ready), len(ready.without({"n1"}))
    (1, 0)
    """

    listings: tuple[Listing, ...]
    languages: tuple[str, ...]
    compiled: dict[str, Compiled]
    heads: sparse.csr_matrix
    refusals: sparse.csr_matrix
    meanings: Meanings | None = None
    by_id: NDArray[np.intp] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", _by_id(self.listings))

    def __len__(self) -> int:
        return len(self.listings)

    def take(self, places: NDArray[np.intp]) -> Needs:
        """Return some of the needs."""
        return Needs(
            tuple(self.listings[place] for place in places),
            tuple(self.languages[place] for place in places),
            {target: ready.take(places) for target, ready in self.compiled.items()},
            self.heads[places],
            self.refusals[places],
            None if self.meanings is None else self.meanings.take(places),
        )

    def without(self, ids: Collection[str]) -> Needs:
        """Return the needs without some, by id."""
        kept = [place for place, listing in enumerate(self.listings) if listing.id not in ids]
        return self.take(np.array(kept, dtype=np.intp))

    def joined(self, others: Needs) -> Needs:
        """Return these needs followed by others."""
        if not self.listings or not others.listings:
            return self if self.listings else others
        targets = self.compiled.keys()
        return Needs(
            self.listings + others.listings,
            self.languages + others.languages,
            {
                target: Compiled.stacked([self.compiled[target], others.compiled[target]])
                for target in targets
            },
            sparse.vstack([self.heads, others.heads], format="csr"),
            sparse.vstack([self.refusals, others.refusals], format="csr"),
            None
            if self.meanings is None or others.meanings is None
            else self.meanings.joined(others.meanings),
        )


def _by_id(listings: Sequence[Listing]) -> NDArray[np.intp]:
    """Return the rows in the order of the ids."""
    return np.array(sorted(range(len(listings)), key=lambda row: listings[row].id), dtype=np.intp)


def count_all(
    listings: Sequence[Listing],
    languages: Sequence[str],
    weights: Weights,
    glossary: Glossary,
    n_jobs: int = 1,
) -> list[Counted]:
    """Return the term counts of listings, counted by ``n_jobs`` processes.

    Terms that other processes read of a small collection are kept, because its pairs are
    explained next.
    """
    hand_over = n_jobs > 1 and len(listings) <= _SMALL

    def count(place: int) -> tuple[Counted, list[Columns]]:
        listing, language = listings[place], languages[place]
        counted = count_terms(listing, language, weights, glossary)
        return counted, read_terms(listing, language, glossary) if hand_over else []

    lexicon_of(glossary)  # loaded before copies of this process are made
    counts = []
    for place, (counted, read) in enumerate(spread(count, range(len(listings)), n_jobs)):
        counts.append(counted)
        if hand_over:
            take_terms(listings[place], languages[place], glossary, read)
    return counts


def build_catalogue(
    listings: Sequence[Listing],
    counts: Sequence[Counted],
    textfit: TextFit,
    meaningfit: MeaningFit | None = None,
    first_serial: int = 0,
) -> Catalogue:
    """Return capabilities in comparable form; serials count up from ``first_serial``."""
    vectoriser = textfit.vectoriser
    said = [counted.said for counted in counts]
    matrix = vectoriser.transform(said)
    languages = tuple(language_of(listing) for listing in listings)
    return Catalogue(
        listings=tuple(listings),
        languages=languages,
        matrix=matrix,
        heads=cores(vectoriser.transform([counted.head for counted in counts]), vectoriser),
        limits=beyond(vectoriser.transform([counted.denied for counted in counts]), matrix),
        usual=_usual(matrix, languages, textfit),
        traits=traits_of(listings, said, vectoriser.glossary),
        serials=np.arange(first_serial, first_serial + len(listings)),
        meanings=meaningfit.read(listings, languages) if meaningfit else None,
    )


def _usual(matrix: sparse.csr_matrix, languages: Sequence[str], textfit: TextFit) -> Floats:
    """Return mean and spread of the likeness of capabilities with usual needs."""
    codes = np.array(languages, dtype=np.str_)
    usual = np.zeros((matrix.shape[0], len(LANGUAGES), 2))
    for language in set(languages):
        rows = np.flatnonzero(codes == language)
        usual[rows] = textfit.usual_needs(matrix[rows], language)
    return usual


def build_needs(
    listings: Sequence[Listing],
    textfit: TextFit,
    meaningfit: MeaningFit | None = None,
    n_jobs: int = 1,
) -> Needs:
    """Return needs compiled for every language, their texts read by ``n_jobs`` processes."""
    vectoriser = textfit.vectoriser
    languages = tuple(language_of(listing) for listing in listings)
    counts = count_all(listings, languages, vectoriser.weights, vectoriser.glossary, n_jobs)
    said = [counted.said for counted in counts]
    texts = vectoriser.transform(said), vectoriser.fullness(said)
    compiled = {target: _compile(*texts, languages, target, textfit) for target in LANGUAGES}
    heads = vectoriser.transform([counted.head for counted in counts])
    refusals = vectoriser.transform([counted.denied for counted in counts])
    return Needs(
        tuple(listings),
        languages,
        compiled,
        cores(heads, vectoriser),
        beyond(refusals, heads),
        meaningfit.read(listings, languages) if meaningfit else None,
    )


def _compile(
    matrix: sparse.csr_matrix,
    fullness: Floats,
    languages: tuple[str, ...],
    target: str,
    textfit: TextFit,
) -> Compiled:
    """Compile needs of several languages; rows keep their order."""
    asked = np.array(languages, dtype=np.str_)
    groups = [(code, np.flatnonzero(asked == code)) for code in LANGUAGES if code in languages]
    if not groups:
        nothing = np.zeros(0)
        return Compiled(matrix, nothing, nothing, nothing)
    ready = [
        textfit.compile(matrix[places], fullness[places], (code, target)) for code, places in groups
    ]
    order = np.argsort(np.concatenate([places for _, places in groups]), kind="stable")
    return Compiled.stacked(ready).take(order)
