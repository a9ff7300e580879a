"""The rows of one tier, and the search in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..index import Index, Where
from . import query as limits
from .query import Form
from .rows import LABEL
from .weighing import WHOLE, Plan

TAIL = 100  # last candidates; when none of them is a hit, later ones hardly are
MOST_COMPARED = 50
ROUNDING = 1e-9
SPANISH, SPANISH_PLACE = LABEL + "language.es", 0  # the first column tells Spanish listings
INCOMPLETE = 0.1  # share of its score that a hit keeps however little of the query it covers

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Best(NamedTuple):
    """Scores by listing; whether more have a word, whether more are hits, whether one has all."""

    scores: dict[int, float]
    more: bool
    is_cut: bool
    has_all: bool


class Forms(NamedTuple):
    """Forms as arrays: shares of columns (m, forms), strengths (forms,), groups' starts (groups,).

    A listing has a form when it has ``WHOLE`` of its terms, and is in a language (2, forms) that it
    is of: the first row is for Spanish, the second for the others.
    """

    shares: Floats
    strengths: Floats
    languages: Flags
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, groups: Sequence[Sequence[Form]], place: dict[str, int]) -> Forms:
        """Return groups of forms over the terms at their places."""
        flat = [form for group in groups for form in group]
        shares = np.zeros((len(place), len(flat)))
        for number, form in enumerate(flat):
            shares[[place[term] for term in form.terms], number] = 1.0 / len(form.terms)
        starts = [0, *accumulate(map(len, groups))][:-1] if groups else []
        strengths = np.array([form.strength for form in flat], np.float64)
        languages = np.array(
            [[form.language != other for form in flat] for other in ("en", "es")], np.bool_
        )
        return cls(shares, strengths, languages, np.array(starts, np.intp))

    def had(self, rows: Floats) -> Flags:
        """Tell which forms listings have, (listings, forms)."""
        in_spanish = rows[:, SPANISH_PLACE] > 0
        had = (rows > 0) @ self.shares >= WHOLE - ROUNDING
        found: Flags = np.logical_and(had, np.where(in_spanish[:, None], *self.languages))
        return found

    def strongest(self, values: Floats | Flags) -> Floats:
        """Return the highest value in each group, (listings, groups)."""
        if not len(self.starts):
            return np.zeros((len(values), 0))
        found: Floats = np.maximum.reduceat(values, self.starts, axis=1)
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan as arrays over columns (m,), whose weights (m,) find the candidates."""

    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    forms: Forms
    rarity: Floats
    needed: Forms
    without: Forms

    @classmethod
    def of(cls, plan: Plan, columns: Callable[[Sequence[str]], NDArray[np.int32]]) -> Asked:
        """Return a plan as arrays; ``columns`` has those of its terms."""
        groups = [part.forms for part in plan.wanted]
        needed = [part.needed for part in plan.wanted if part.needed]
        everything = [form for group in (*groups, *needed, plan.without) for form in group]
        named = (term for form in everything for term in form.terms)
        terms = list(dict.fromkeys([SPANISH, *named]))
        place = {term: number for number, term in enumerate(terms)}
        weights = np.zeros(len(terms), np.float32)
        for part in plan.wanted:
            for form in part.forms:
                for term in form.terms:
                    weight = part.rarity * form.strength / len(form.terms)
                    weights[place[term]] = max(weights[place[term]], weight)
        return cls(
            columns(terms),
            weights,
            Forms.of(groups, place),
            np.array([part.rarity for part in plan.wanted]),
            Forms.of(needed, place),
            Forms.of([plan.without] if plan.without else [], place),
        )

    def judge(self, rows: Floats) -> tuple[Floats, Floats, Flags]:
        """Return scores, covers (0 for no hit) and whether all parts are there, (listings,) each.

        ``rows`` are the listings' weights of the columns, (listings, m). A part scores and covers
        by its best form.
        """
        forms = self.forms
        had = forms.had(rows)
        parts = forms.strongest(had * (rows @ forms.shares) * forms.strengths)
        covered = forms.strongest(had * (1.0 + forms.strengths) / 2)
        covers = covered @ self.rarity / self.rarity.sum()
        scores = parts @ self.rarity * (INCOMPLETE + (1.0 - INCOMPLETE) * covers)
        covers[(self.needed.strongest(self.needed.had(rows)) < 1).any(axis=1)] = 0.0
        covers[self.without.had(rows).any(axis=1)] = 0.0
        has_all: Flags = np.all(covered > 0, axis=1)
        return scores, covers + ROUNDING * (covers > 0), has_all


@dataclass(frozen=True, slots=True)
class Tier:
    """The rows of one tier, and the number of rows (columns,) that hold each term."""

    index: Index
    frequencies: NDArray[np.int32]

    @classmethod
    def empty(cls, columns: int) -> Tier:
        """Return a tier without listings."""
        return cls(Index(columns), np.zeros(columns, np.int32))

    @property
    def columns(self) -> int:
        """The number of terms, or -1 if the parts of the tier disagree."""
        return self.index.columns if self.frequencies.shape == (self.index.columns,) else -1

    def add(self, ids: Sequence[int], rows: sparse.csr_matrix, flags: NDArray[np.uint64]) -> None:
        """Add listings that are not in the index."""
        np.add.at(self.frequencies, rows.indices, 1)
        self.index.put(ids, rows, flags)

    def withdraw(self, ids: Sequence[int]) -> None:
        """Take listings out; those that are not in the tier are passed over."""
        for row in map(self.row, ids):
            if row is not None:
                self.frequencies[row.indices] -= 1
        self.index.withdraw(ids)

    def row(self, listing_id: int) -> sparse.csr_matrix | None:
        """Return the terms of a listing, of shape (1, columns), if it is in the tier."""
        try:
            return self.index.rows([listing_id])
        except KeyError:
            return None

    def rarity(self, columns: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the inverse document frequency of terms, as ``query.weigh`` does."""
        counted = self.frequencies[columns]
        return np.log1p((np.maximum(len(self.index) - counted, 0) + 0.5) / (counted + 0.5))

    def best(self, asked: Asked, where: Where, least: float) -> Best:
        """Return the hits that cover at least a share of the query, among the best listings."""
        most = limits.MOST_FOUND
        has_weight = asked.weights > 0
        ids, _ = self.index.top(
            asked.columns[has_weight], asked.weights[has_weight], most + 1, where
        )
        more, ids = len(ids) > most, ids[:most]
        rows = self.index.rows(ids)[:, asked.columns].toarray().astype(np.float64)
        scores, covers, has_all = asked.judge(rows)
        hits = covers >= least
        found = dict(zip(ids[hits].tolist(), scores[hits].tolist(), strict=True))
        is_cut = bool(more and hits[-TAIL:].any())
        return Best(found, more, is_cut, bool((has_all & hits).any()))

    def similar(self, listing_id: int, where: Where) -> dict[int, float]:
        """Return the rarity-weighted cosine of the listings with the highest dot products."""
        own = self.row(listing_id)
        if own is None or not own.nnz:
            return {}
        asked = (own.data * self.rarity(own.indices) ** 2).astype(np.float32)
        ids, _ = self.index.top(own.indices, asked, MOST_COMPARED + 1, where)
        ids = ids[ids != listing_id]
        rows = sparse.vstack([own, self.index.rows(ids)], format="csr").astype(np.float64)
        rows.data *= self.rarity(rows.indices)
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        alike = (rows[1:] @ rows[0].T).toarray().ravel() / (lengths[1:] * lengths[0])
        return dict(zip(ids.tolist(), alike.tolist(), strict=True))
