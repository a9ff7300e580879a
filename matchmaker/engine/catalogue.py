"""Both sides of the comparison in the form they are compared in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .adjust import Traits, traits_of
from .encoder import Encoder, meanings
from .glossary import Glossary
from .listing import LANGUAGES, Listing
from .textfit import Compiled, TextFit
from .vectors import Counted, Vectoriser, count_terms, language_of
from .weights import Weights

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Capabilities: one row each of ``matrix`` (what they say), ``limits`` (what they say they do not do), ``traits``.

    ``rows`` are the places of each language's capabilities; ``by_id`` is the order of the ids, ``meanings`` (n, dimensions) what an encoder, if there is one, makes of them.
    """

    listings: tuple[Listing, ...]
    languages: tuple[str, ...]
    matrix: sparse.csr_matrix
    limits: sparse.csr_matrix
    traits: Traits
    rows: dict[str, NDArray[np.intp]]
    by_id: NDArray[np.intp]
    meanings: Floats | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """Needs compiled against a fitted collection: for each language of a capability, queries and offsets."""

    listings: tuple[Listing, ...]
    languages: tuple[str, ...]
    compiled: dict[str, Compiled]


def count_all(
    listings: Sequence[Listing], languages: Sequence[str], weights: Weights, glossary: Glossary
) -> list[Counted]:
    """Return the term counts of listings."""
    pairs = zip(listings, languages, strict=True)
    return [count_terms(listing, language, weights, glossary) for listing, language in pairs]


def build_catalogue(
    listings: Sequence[Listing], counts: Sequence[Counted], vectoriser: Vectoriser, encoder: Encoder | None = None
) -> Catalogue:
    """Return capabilities, whose terms are counted, in comparable form."""
    languages = tuple(language_of(listing) for listing in listings)
    said = [counted.said for counted in counts]
    matrix = vectoriser.transform(said)
    codes = np.array(languages, dtype=np.str_)
    rows = {code: np.flatnonzero(codes == code) for code in LANGUAGES if code in languages}
    return Catalogue(
        listings=tuple(listings),
        languages=languages,
        matrix=matrix,
        limits=vectoriser.transform([counted.denied for counted in counts]),
        traits=traits_of(listings, said, vectoriser.glossary),
        rows=rows,
        by_id=np.array(sorted(range(len(listings)), key=lambda row: listings[row].id), dtype=np.intp),
        meanings=meanings(encoder, listings),
    )


def build_needs(
    listings: Sequence[Listing], vectoriser: Vectoriser, textfit: TextFit, encoder: Encoder | None = None
) -> Needs:
    """Return needs compiled for capabilities of every language."""
    languages = tuple(language_of(listing) for listing in listings)
    counts = count_all(listings, languages, vectoriser.weights, vectoriser.glossary)
    matrix = vectoriser.transform([counted.said for counted in counts])
    vectors = meanings(encoder, listings)
    compiled = {target: _compile(matrix, vectors, languages, target, textfit) for target in LANGUAGES}
    return Needs(tuple(listings), languages, compiled)


def _compile(
    matrix: sparse.csr_matrix, vectors: Floats | None, languages: tuple[str, ...], target: str, textfit: TextFit
) -> Compiled:
    """Compile needs of several languages; rows stay in their order."""
    asked = np.array(languages, dtype=np.str_)
    groups = [(code, np.flatnonzero(asked == code)) for code in LANGUAGES if code in languages]
    if not groups:
        return Compiled(matrix, np.zeros(0))
    ready = [
        textfit.compile(matrix[places], code, target, None if vectors is None else vectors[places])
        for code, places in groups
    ]
    order = np.argsort(np.concatenate([places for _, places in groups]), kind="stable")
    queries = sparse.vstack([one.queries for one in ready], format="csr")[order]
    return Compiled(
        queries,
        np.concatenate([one.offsets for one in ready])[order],
        _stacked([one.meanings for one in ready], order),
        _stacked([one.usual_meanings for one in ready], order),
    )


def _stacked(parts: Sequence[Floats | None], order: NDArray[np.intp]) -> Floats | None:
    known = [part for part in parts if part is not None]
    return np.concatenate(known)[order] if known else None


def text_fit(needs: Needs, side: Catalogue) -> tuple[Floats, Floats]:
    """Return the text fit (needs, capabilities), -inf where nothing is shared, and the fit with what is denied."""
    fits = np.full((len(needs.listings), len(side.listings)), -np.inf)
    denied = np.zeros(fits.shape)
    for target, rows in side.rows.items():
        ready = needs.compiled[target]
        likeness = (ready.queries @ side.matrix[rows].T).toarray()
        meaning = meaning_fit(ready, side, rows)
        shared = likeness > 0 if meaning is None else np.ones(likeness.shape, dtype=np.bool_)
        total = likeness + ready.offsets[:, None] + (0.0 if meaning is None else meaning)
        fits[:, rows] = np.where(shared, total, -np.inf)
        denied[:, rows] = (ready.queries @ side.limits[rows].T).toarray()
    return fits, denied


def meaning_fit(ready: Compiled, side: Catalogue, rows: NDArray[np.intp]) -> Floats | None:
    """Return what an encoder adds to the text fit of needs with some capabilities (needs, rows); None without one."""
    if ready.meanings is None or ready.usual_meanings is None or side.meanings is None:
        return None
    added: Floats = ready.meanings @ side.meanings[rows].T + ready.usual_meanings[:, None]
    return added
