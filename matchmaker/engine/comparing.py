"""Comparison of needs with capabilities by their texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .catalogue import Catalogue, Needs
from .listing import LANGUAGES
from .scoring.evidence import Evidence, breadth_of, dense, greatest
from .vectors.textfit import Compiled, kinship

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
_LEAST = -3.0  # below, a likeness says no more


def text_fit(needs: Needs, side: Catalogue) -> Floats:
    """Return the text fit (needs, capabilities), -inf where a pair shares no term."""
    fits = np.full((len(needs.listings), len(side.listings)), -np.inf)
    for target, rows in side.rows.items():
        ready = needs.compiled[target]
        likeness = (ready.queries @ side.by_term(target)).toarray()
        meaning = meaning_fit(ready, side, rows)
        shared = likeness > 0 if meaning is None else np.ones(likeness.shape, dtype=np.bool_)
        total = likeness + ready.offsets[:, None] + (0.0 if meaning is None else meaning)
        fits[:, rows] = np.where(shared, total, -np.inf)
    return fits


def meaning_fit(ready: Compiled, side: Catalogue, rows: Rows) -> Floats | None:
    """Return an encoder's addition to the text fit, (needs, rows), or None without an encoder."""
    if ready.meanings is None or ready.usual_meanings is None or side.meanings is None:
        return None
    added: Floats = ready.meanings @ side.meanings[rows].T + ready.usual_meanings[:, None]
    return added


def evidence_of_need(needs: Needs, place: int, side: Catalogue, rows: Rows) -> Evidence:
    """Return the evidence (n,) of one need with some capabilities."""
    count = len(rows)
    fit, reverse, breadth, richness = np.full(count, -np.inf), *np.zeros((3, count))
    related = np.full(count, "", dtype="<U8")
    asked = needs.languages[place]
    for language in side.rows:
        at = np.flatnonzero(side.codes[rows] == language)
        if not len(at):
            continue
        ready = needs.compiled[language].take(slice(place, place + 1))
        query, said = dense(ready.queries), side.matrix[rows[at]]
        likeness = said @ query
        meaning = meaning_fit(ready, side, rows[at])
        total = likeness + ready.offsets[0] + (0.0 if meaning is None else meaning[0])
        fit[at] = np.where(likeness > 0, total, -np.inf) if meaning is None else total
        reverse[at] = _reverse(likeness * ready.spreads[0], side.usual[rows[at]], asked)
        breadth[at] = breadth_of(said, query)
        richness[at] = ready.richness[0]
        related[at] = kinship(asked, language)
    return Evidence(
        fit=fit,
        reverse=reverse,
        breadth=breadth,
        richness=richness,
        kinship=related,
        excluded=greatest(side.limits[rows], dense(needs.heads[place])),
        refused=greatest(side.heads[rows], dense(needs.refusals[place])),
    )


def evidence_of_capability(needs: Needs, places: Rows, side: Catalogue, fit: Floats) -> Evidence:
    """Return the evidence (n,) of some needs with a catalogue's only capability.

    ``fit`` (n,) is their text fit.
    """
    language = side.languages[0]
    ready, said = needs.compiled[language].take(places), dense(side.matrix[0])
    asked = [needs.languages[place] for place in places]
    raw = (ready.queries @ said) * ready.spreads
    reverse = [_reverse(one, side.usual[0], code) for one, code in zip(raw, asked, strict=True)]
    return Evidence(
        fit=fit,
        reverse=np.array(reverse, dtype=np.float64),
        breadth=breadth_of(ready.queries, said),
        richness=ready.richness,
        kinship=np.array([kinship(code, language) for code in asked], dtype="<U8"),
        excluded=greatest(needs.heads[places], dense(side.limits[0])),
        refused=greatest(needs.refusals[places], dense(side.heads[0])),
    )


def _reverse(likeness: Floats, usual: Floats, language: str) -> Floats:
    """Return likeness (n,) in standard deviations above capabilities' usual needs (n, …, 2)."""
    mean, spread = np.moveaxis(usual[..., LANGUAGES.index(language), :], -1, 0)
    found: Floats = np.maximum((likeness - mean) / spread, _LEAST)
    return found
