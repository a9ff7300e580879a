"""Comparison of needs with capabilities by their texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .catalogue import Catalogue, Needs
from .listing import LANGUAGES
from .scoring.evidence import Evidence, breadth_of, dense, greatest
from .vectors.meanings import likeness as likeness_of_meaning
from .vectors.textfit import kinship

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
_LEAST = -3.0  # below, a likeness says no more


def text_fit(needs: Needs, side: Catalogue) -> tuple[Floats, Floats]:
    """Return the text fit and the likeness of meaning, both (needs, capabilities).

    Without an encoder the fit is -inf where a pair shares no term, and all meaning is 0.
    """
    fits = np.full((len(needs.listings), len(side.listings)), -np.inf)
    meaning = _meaning(needs, side)
    for target, rows in side.rows.items():
        ready = needs.compiled[target]
        likeness = (ready.queries @ side.by_term(target)).toarray()
        fits[:, rows] = _fit(likeness, ready.offsets[:, None], meaning is not None)
    return fits, np.broadcast_to(0.0, fits.shape) if meaning is None else meaning


def evidence_of_need(needs: Needs, place: int, side: Catalogue, rows: Rows) -> Evidence:
    """Return the evidence (n,) of one need with some capabilities."""
    count = len(rows)
    fit, reverse, breadth, richness = np.full(count, -np.inf), *np.zeros((3, count))
    related = np.full(count, "", dtype="<U8")
    meaning = _meaning(needs, side, place, rows)
    asked = needs.languages[place]
    for language in side.rows:
        at = np.flatnonzero(side.codes[rows] == language)
        if not len(at):
            continue
        ready = needs.compiled[language].take(slice(place, place + 1))
        query, said = dense(ready.queries), side.matrix[rows[at]]
        likeness = said @ query
        fit[at] = _fit(likeness, ready.offsets[0], meaning is not None)
        reverse[at] = _reverse(likeness * ready.spreads[0], side.usual[rows[at]], asked)
        breadth[at] = breadth_of(said, query)
        richness[at] = ready.richness[0]
        related[at] = kinship(asked, language)
    return Evidence(
        fit=fit,
        reverse=reverse,
        breadth=breadth,
        meaning=np.zeros(count) if meaning is None else meaning[0],
        richness=richness,
        kinship=related,
        excluded=greatest(side.limits[rows], dense(needs.heads[place])),
        refused=greatest(side.heads[rows], dense(needs.refusals[place])),
    )


def evidence_of_capability(
    needs: Needs, places: Rows, side: Catalogue, fits: tuple[Floats, Floats]
) -> Evidence:
    """Return the evidence (n,) of some needs with a catalogue's only capability.

    ``fits`` are the text fit and the likeness of meaning (needs, 1) of all needs.
    """
    fit, meaning = (one[places, 0] for one in fits)
    language = side.languages[0]
    ready, said = needs.compiled[language].take(places), dense(side.matrix[0])
    asked = [needs.languages[place] for place in places]
    raw = (ready.queries @ said) * ready.spreads
    reverse = [_reverse(one, side.usual[0], code) for one, code in zip(raw, asked, strict=True)]
    return Evidence(
        fit=fit,
        reverse=np.array(reverse, dtype=np.float64),
        breadth=breadth_of(ready.queries, said),
        meaning=meaning,
        richness=ready.richness,
        kinship=np.array([kinship(code, language) for code in asked], dtype="<U8"),
        excluded=greatest(needs.heads[places], dense(side.limits[0])),
        refused=greatest(needs.refusals[places], dense(side.heads[0])),
    )


def _fit(likeness: Floats, offset: Floats | float, has_meaning: bool) -> Floats:
    """Return the text fit; nothing fits by no term, unless its meaning is known."""
    total: Floats = likeness + offset
    return total if has_meaning else np.where(likeness > 0, total, -np.inf)


def _meaning(
    needs: Needs, side: Catalogue, place: int | None = None, rows: Rows | None = None
) -> Floats | None:
    """Return the likeness of meaning of all needs or one, with all capabilities or some."""
    if needs.meanings is None or side.meanings is None:
        return None
    asked = needs.meanings if place is None else needs.meanings.take(np.array([place]))
    return likeness_of_meaning(asked, side.meanings if rows is None else side.meanings.take(rows))


def _reverse(likeness: Floats, usual: Floats, language: str) -> Floats:
    """Return likeness (n,) in standard deviations above capabilities' usual needs (n, …, 2)."""
    mean, spread = np.moveaxis(usual[..., LANGUAGES.index(language), :], -1, 0)
    found: Floats = np.maximum((likeness - mean) / spread, _LEAST)
    return found
