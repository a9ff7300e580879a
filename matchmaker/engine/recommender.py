"""Rank capabilities for needs, and needs for capabilities, with scores that add up and do not depend on who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .catalogue import (
    Catalogue,
    Needs,
    build_catalogue,
    build_needs,
    count_all,
    meaning_fit,
    text_fit,
)
from .lexicon.glossary import Glossary, default_glossary
from .listing import PARTS, Listing, Pair
from .reasons.explain import Explainer
from .reasons.lift import smallest_lift
from .retrieval import best_rows, build_indexes, candidates, measured, update_indexes
from .scoring.adjust import Effect, Traits, effects
from .scoring.curve import log_odds_of
from .scoring.facts import PlanFacts
from .vectors.encoder import Encoder
from .vectors.textfit import TextFit
from .vectors.vectoriser import Vectoriser, language_of
from .weights import Weights

if TYPE_CHECKING:
    from .index import Index

Floats = NDArray[np.float64]
_CHUNK = 256
_DUPLICATE = 0.7
_COMPARED = 32  # compared at once
_LOOK_FURTHER = 10


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One need's scores with some capabilities (n,): parts by name, and effects with their shares of the score."""

    scores: Floats
    parts: dict[str, Floats]
    effects: list[Effect]
    shares: list[Floats]


class Recommender:
    """Match needs with capabilities.

    Parameters
    ----------
    weights : the engine's settings; the default ones if None.
    glossary : concepts to find in text; the shipped ones if None.
    plan : what the cooperation plan says about partners; without it the region part is 0 for everybody.
    explain : whether pairs carry reasons.
    encoder : a further channel of likeness, by meaning (see ``encoder``); none by default.
    n_jobs : how many processes ``fit`` reads texts with (see ``cores``).

    Attributes
    ----------
    weights_, glossary_ : those in use.
    vectoriser_, textfit_ : vocabulary, rarity and what is usual, learned from the capabilities given to ``fit``.
    capabilities_ : those capabilities in comparable form; indexes_ : an index by language when they are many.

    Notes
    -----
    The score of a pair is a function of the need, the capability and the fitted state, of nothing else: a need is
    standardised against a sample drawn in ``fit``, not against the list that happens to be ranked. So ``rank`` (all
    fitted capabilities), ``compare`` (any capabilities, also ones changed since) and ``rank_needs`` (needs for one
    capability) give a pair the same score; only the next ``fit`` changes it.
    """

    def __init__(
        self,
        weights: Weights | None = None,
        glossary: Glossary | None = None,
        plan: PlanFacts | None = None,
        explain: bool = True,
        encoder: Encoder | None = None,
        *,
        n_jobs: int = 1,
    ) -> None:
        self.weights = weights
        self.glossary = glossary
        self.plan = plan
        self.explain = explain
        self.encoder = encoder
        self.n_jobs = n_jobs

    def fit(self, capabilities: Sequence[Listing]) -> Recommender:
        """Learn vocabulary, rarity of terms and what is usual from capabilities; returns self.

        Raises ValueError when two share an id.
        """
        ids = [listing.id for listing in capabilities]
        if len(set(ids)) < len(ids):
            raise ValueError("two capabilities have the same id")
        self.weights_ = self.weights or Weights()
        self.glossary_ = default_glossary() if self.glossary is None else self.glossary
        languages = [language_of(listing) for listing in capabilities]
        counts = count_all(capabilities, languages, self.weights_, self.glossary_, self.n_jobs)
        self.vectoriser_ = Vectoriser(self.weights_, self.glossary_).fit(
            [counted.said for counted in counts]
        )
        self.capabilities_ = build_catalogue(capabilities, counts, self.vectoriser_, self.encoder)
        self.indexes_ = build_indexes(self.capabilities_)
        self.textfit_ = TextFit(self.weights_).fit(
            self.capabilities_, ids, self.vectoriser_.channel_
        )
        self.changes_ = 0
        return self

    def updated(
        self, capabilities: Sequence[Listing] = (), withdrawn: Collection[str] = ()
    ) -> Recommender:
        """Return a recommender with some capabilities new or changed and others, by id, withdrawn.

        What ``fit`` learned stays, so all other pairs keep their scores; ``drift`` tells when to fit anew.
        """
        gone = {listing.id for listing in capabilities} | set(withdrawn)
        side = self.capabilities_
        fresh = self._catalogue(capabilities, int(side.serials[-1]) + 1 if len(side.serials) else 0)
        serials = side.serials[
            [row for row, listing in enumerate(side.listings) if listing.id in gone]
        ]
        changed = copy(self)
        changed.capabilities_ = (side.without(gone) if len(serials) else side).joined(fresh)
        changed.indexes_ = update_indexes(self.indexes_, serials, fresh, changed.capabilities_)
        changed.changes_ = self.changes_ + len(gone)
        return changed

    def drift(self, coming: int = 0) -> float:
        """Return how many capabilities were put or withdrawn since ``fit``, as a share of those it learned from.

        ``coming`` counts those that are about to be.
        """
        return (self.changes_ + coming) / max(self.vectoriser_.size_, 1)

    def rank(
        self, needs: Sequence[Listing] | Needs, k: int = 20, *, distinct: bool = False
    ) -> list[list[Pair]]:
        """Return, for each need, its ``k`` best fitted capabilities (all for k=0), best first, ties by id.

        ``distinct`` lets only the best of near duplicates take a place; the others are left out.
        """
        return list(self._ranked(needs, self.capabilities_, self.indexes_, k, distinct))

    def compare(
        self, needs: Sequence[Listing] | Needs, capabilities: Sequence[Listing], k: int = 0
    ) -> list[list[Pair]]:
        """As ``rank``, against any capabilities, new or changed since ``fit``."""
        return list(self._ranked(needs, self._catalogue(capabilities), {}, k))

    def between(
        self, wanted: Sequence[tuple[Listing, Sequence[str]]], explainer: Explainer | None = None
    ) -> list[list[Pair]]:
        """Return, for each need, its pairs with some of the fitted capabilities, by id, in the order they are given.

        An ``explainer`` that comes again and again remembers what it has read. Raises KeyError for a capability that is
        not fitted.
        """
        side, explainer = self.capabilities_, explainer or self.explainer()
        places = {listing.id: row for row, listing in enumerate(side.listings)}
        ready = self.prepare([need for need, _ in wanted])
        pairs = []
        for place, (need, ids) in enumerate(wanted):
            rows = np.array([places[one] for one in ids], dtype=np.intp)
            near = measured(ready, place, side, rows)
            found = self._breakdown(need, near.fit, near.denied, side.traits.take(rows))
            pairs.append(
                [
                    self._pair(ready, place, side, int(row), found, at, explainer)
                    for at, row in enumerate(rows)
                ]
            )
        return pairs

    def prepare(self, needs: Sequence[Listing], n_jobs: int = 1) -> Needs:
        """Return needs ready to be ranked for or compared with; worth keeping until the next ``fit``.

        So many processes read their texts.
        """
        return build_needs(needs, self.vectoriser_, self.textfit_, self.encoder, n_jobs)

    def rank_needs(
        self,
        capability: Listing,
        needs: Sequence[Listing] | Needs,
        k: int = 20,
        floors: Floats | None = None,
    ) -> list[Pair]:
        """Return the ``k`` needs (all for k=0) that one capability fits best, with the scores ``rank`` gives them.

        With ``floors`` (needs,), scores below 1, all needs come too whose floor the pair reaches.
        """
        ready = needs if isinstance(needs, Needs) else self.prepare(needs)
        side = self._catalogue([capability])
        fits, denied = text_fit(ready, side)
        chosen = best_rows(fits[:, 0], ready.by_id, k)
        if floors is not None:
            reached = log_odds_of(
                fits[:, 0], self.weights_
            ) + self.weights_.most_gained >= _log_odds(floors)
            chosen = np.union1d(chosen, np.flatnonzero(reached))
        scored = {
            row: self._breakdown(ready.listings[row], fits[row], denied[row], side.traits)
            for row in chosen
        }
        order = sorted(scored, key=lambda row: (-scored[row].scores[0], ready.listings[row].id))
        kept = order[: k or None]
        if floors is not None:
            kept += [row for row in order[len(kept) :] if scored[row].scores[0] >= floors[row]]
        explainer = self.explainer()
        return [self._pair(ready, int(row), side, 0, scored[row], 0, explainer) for row in kept]

    def band(self, score: float) -> str:
        """Return "strong", "possible" or "weak"; a need whose best pair is weak has no confident partner."""
        if score >= self.weights_.strong:
            return "strong"
        return "possible" if score >= self.weights_.possible else "weak"

    def _catalogue(self, capabilities: Sequence[Listing], first_serial: int = 0) -> Catalogue:
        languages = [language_of(listing) for listing in capabilities]
        counts = count_all(capabilities, languages, self.weights_, self.glossary_)
        return build_catalogue(capabilities, counts, self.vectoriser_, self.encoder, first_serial)

    def explainer(self) -> Explainer | None:
        """Return what writes the reasons of pairs, if they carry any; it remembers the texts it reads."""
        return Explainer(self.vectoriser_, self.glossary_) if self.explain else None

    def _ranked(
        self,
        needs: Sequence[Listing] | Needs,
        side: Catalogue,
        indexes: Mapping[str, Index],
        k: int,
        distinct: bool = False,
    ) -> Iterator[list[Pair]]:
        explainer = self.explainer()
        for start in range(0, len(needs), _CHUNK):
            ready = (
                needs.take(np.arange(start, min(start + _CHUNK, len(needs))))
                if isinstance(needs, Needs)
                else self.prepare(needs[start : start + _CHUNK])
            )
            nearest = candidates(ready, side, indexes, k * _LOOK_FURTHER if distinct else k)
            for place, (need, (rows, fit, denied)) in enumerate(
                zip(ready.listings, nearest, strict=True)
            ):
                found = self._breakdown(need, fit, denied, side.traits.take(rows))
                order = sorted(
                    range(len(rows)), key=lambda at: (-found.scores[at], side.listings[rows[at]].id)
                )
                if distinct:
                    order = _distinct(order, side.matrix[rows], k or len(order))
                yield [
                    self._pair(ready, place, side, int(rows[at]), found, at, explainer)
                    for at in order[: k or None]
                ]

    def _breakdown(self, need: Listing, fit: Floats, denied: Floats, traits: Traits) -> Breakdown:
        """Score one need with some capabilities by text and by everything else that is known.

        Log-odds are added one effect after the other; what an effect adds to the *probability* is its share. So the
        shares add up to the score exactly, and the text's own share is the probability by the text alone.
        """
        found = effects(need, traits, denied, self.weights_, self.plan)
        log_odds = log_odds_of(fit, self.weights_)
        score = _probability(log_odds)
        parts = {part: np.zeros(len(fit)) for part in PARTS}
        parts["text"] = score
        shares: list[Floats] = []
        for effect in found:
            log_odds = log_odds + effect.log_odds
            after = _probability(log_odds)
            shares.append(after - score)
            parts[effect.part] = parts[effect.part] + shares[-1]
            score = after
        return Breakdown(score, parts, found, shares)

    def _pair(  # noqa: PLR0917
        self,
        needs: Needs,
        need: int,
        side: Catalogue,
        row: int,
        found: Breakdown,
        at: int,
        explainer: Explainer | None,
    ) -> Pair:
        asked, offered = needs.listings[need], side.listings[row]
        parts = {part: float(found.parts[part][at]) for part in PARTS}
        score = float(found.scores[at])
        pair = Pair(asked.id, offered.id, score, self.band(score), parts)
        if explainer is None:
            return pair
        query, vector = needs.compiled[side.languages[row]].queries[need], side.matrix[row]
        sides = (asked, needs.languages[need]), (offered, side.languages[row])
        meaning = meaning_fit(needs.compiled[side.languages[row]], side, np.array([row]))
        beyond = 0.0 if meaning is None else max(0.0, float(meaning[need, 0]))
        text = explainer.text((*sides[0], query), (*sides[1], vector), parts["text"], beyond)
        others = explainer.effects(*sides, found.effects, [share[at] for share in found.shares])
        requirements = explainer.judge.requirements(*sides[0], *sides[1])
        causes = [(effect, float(effect.log_odds[at])) for effect in found.effects]
        scores = score, parts["text"]
        lift = smallest_lift(asked, offered, scores, causes, (query, vector), self.vectoriser_)
        return Pair(
            asked.id, offered.id, score, pair.band, parts, (*text, *others), requirements, lift
        )


def _distinct(order: list[int], matrix: sparse.csr_matrix, most: int) -> list[int]:
    """Return the first of each set of near duplicates among rows taken in order, ``most`` at the most."""
    kept: list[int] = []
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    for start in range(0, len(order), _COMPARED):
        block, before = order[start : start + _COMPARED], len(kept)
        likeness = (matrix[kept + block] @ matrix[block].T).toarray()
        chosen = list(range(before))  # the rows of ``likeness`` that stand for those kept
        for place, at in enumerate(block):
            alike = likeness[chosen, place] >= _DUPLICATE * lengths[at] * lengths[kept]
            if not np.any(alike):
                kept.append(at)
                chosen.append(before + place)
            if len(kept) == most:
                return kept
    return kept


def _log_odds(probability: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        odds: Floats = np.log(probability) - np.log1p(-probability)
    return odds


def _probability(log_odds: Floats) -> Floats:
    with np.errstate(over="ignore"):
        probability: Floats = 1.0 / (1.0 + np.exp(-log_odds))
    return probability
