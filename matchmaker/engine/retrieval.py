"""Candidates for a need: all of a small collection, or an index's best of a large one.

Facts beyond the text reorder candidates but lift none from far below. So a few hundred of the best
text fit suffice, and only they are scored in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .catalogue import Catalogue, Needs
from .comparing import evidence_of_need, text_fit
from .scoring.calibration import closeness
from .scoring.evidence import Evidence
from .weights import Weights

if TYPE_CHECKING:
    from .index import Index

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

LEAST_CANDIDATES, FURTHER = 300, 3  # candidates at least, and for each pair wanted
ROUNDING = 1e-3  # greatest difference between an index's fit and the measured one
# Below, one sparse product over all capabilities takes no longer than three searches.
INDEXED_FROM = 32_768


class Candidates(NamedTuple):
    """Rows (n,) of a catalogue for one need, and what the texts say of each pair."""

    rows: Rows
    evidence: Evidence


def build_indexes(side: Catalogue) -> dict[str, Index]:
    """Return an index of serials for each language of a large catalogue; none for a small one."""
    if len(side.listings) < INDEXED_FROM:
        return {}
    from .index import Index  # noqa: PLC0415  # a small collection does without

    indexes = {}
    for language, rows in side.rows.items():
        indexes[language] = Index(side.matrix.shape[1])
        indexes[language].put(side.serials[rows], side.matrix[rows])
    return indexes


def update_indexes(
    indexes: Mapping[str, Index], withdrawn: NDArray[np.int64], fresh: Catalogue, side: Catalogue
) -> dict[str, Index]:
    """Return the indexes of ``side``, made of earlier ones by withdrawing and putting rows."""
    if not indexes:
        return build_indexes(side)
    from .index import Index  # noqa: PLC0415  # a small collection does without

    updated = {language: index.copy() for language, index in indexes.items()}
    for index in updated.values():
        index.withdraw(withdrawn)
    for language, rows in fresh.rows.items():
        if language not in updated:
            updated[language] = Index(side.matrix.shape[1])
        updated[language].put(fresh.serials[rows], fresh.matrix[rows])
    return updated


def candidates(
    needs: Needs, side: Catalogue, indexes: Mapping[str, Index], k: int, weights: Weights
) -> Iterator[Candidates]:
    """Yield, need by need, the rows that may be among the ``k`` best (all for k=0).

    When too few share a term with a need, the first by id fill up.
    """
    wanted = max(LEAST_CANDIDATES, FURTHER * k)
    if not k or not indexes or len(side.listings) <= wanted:
        for place, close in enumerate(closeness(*text_fit(needs, side), weights)):
            rows = best_rows(close, side.by_id, k)
            yield Candidates(rows, evidence_of_need(needs, place, side, rows))
        return
    from .index.compile import make_ready  # noqa: PLC0415  # a small collection does without

    make_ready()  # a large ranking is worth a compilation, once
    serials, fits = _nearest(needs, indexes, wanted)
    for place in range(len(needs)):
        likely = serials[place, np.flatnonzero(fits[place] >= _cut(fits[place], wanted) - ROUNDING)]
        rows = side.places(np.unique(likely[likely >= 0]))
        if len(rows) < wanted:
            rows = np.union1d(rows, side.by_id[:wanted])
        evidence = evidence_of_need(needs, place, side, rows)
        close = closeness(evidence.fit, evidence.meaning, weights)
        best = best_rows(close, np.arange(len(rows)), k)
        yield Candidates(rows[best], evidence.take(best))


def _nearest(
    needs: Needs, indexes: Mapping[str, Index], wanted: int
) -> tuple[NDArray[np.int64], Floats]:
    """Return serials (needs, found) of the nearest by language, padded with -1, and their fit.

    With an encoder, terms alone do not tell who is near, so all have the same fit.
    """
    serials, fits = [], []
    for language, index in indexes.items():
        ready = needs.compiled[language]
        ids, scores = index.top_many(ready.queries, wanted)
        serials.append(ids)
        fits.append(
            np.where(
                ids < 0,
                -np.inf,
                0.0 if needs.meanings is not None else scores + ready.offsets[:, None],
            )
        )
    return np.concatenate(serials, axis=1), np.concatenate(fits, axis=1)


def _cut(fit: Floats, wanted: int) -> float:
    """Return the text fit of the last of the ``wanted`` best."""
    return (
        float(np.partition(fit, len(fit) - wanted)[len(fit) - wanted])
        if len(fit) > wanted
        else -np.inf
    )


def best_rows(fit: Floats, by_id: Rows, k: int) -> Rows:
    """Return the places of the best fit, with ties at the cut."""
    wanted = max(LEAST_CANDIDATES, FURTHER * k)
    if not k or len(fit) <= wanted:
        return np.arange(len(fit))
    cut = _cut(fit, wanted)
    if np.isneginf(cut):
        return np.union1d(np.flatnonzero(~np.isneginf(fit)), by_id[:wanted])
    return np.flatnonzero(fit >= cut)
