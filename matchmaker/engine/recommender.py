"""Ranking of capabilities for needs, and of needs for capabilities, by one score of a pair."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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
from .scoring.calibration import log_odds_of
from .scoring.effects import Effect, Traits, effects
from .scoring.plan_facts import PlanFacts
from .spans import spans
from .vectors.encoder import Encoder
from .vectors.textfit import TextFit
from .vectors.vectoriser import Vectoriser, language_of
from .weights import Weights

if TYPE_CHECKING:
    pass

Floats = NDArray[np.float64]
_AT_ONCE = 256  # needs
_DUPLICATE = 0.7
_COMPARED = 32  # at once
_LOOK_FURTHER = 10


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One need's scores (n,) with capabilities: parts by name, effects, and their shares (n,)."""

    scores: Floats
    parts: dict[str, Floats]
    effects: list[Effect]
    shares: list[Floats]


class Recommender:
    """Rank capabilities for needs, and needs for capabilities.

    Parameters
    ----------
    weights : Weights | None
        The engine's settings; the default ones if None.
    glossary : Glossary | None
        Concepts to find in texts; the shipped ones if None.
    plan : PlanFacts | None
        Facts of the cooperation plan; without it the region part is 0.
    explain : bool
        Whether pairs carry reasons.
    encoder : Encoder | None
        A further channel of likeness, by meaning; none by default.
    n_jobs : int
        Number of processes that read texts in ``fit`` (see ``cores``).

    Attributes
    ----------
    weights_
        The settings in use.
    glossary_
        The concepts in use.
    vectoriser_
        The fitted ``Vectoriser``.
    textfit_
        The usual fit, measured on a sample of the fitted capabilities.
    capabilities_
        The capabilities in comparable form.
    indexes_
        Language -> ``Index`` when there are many capabilities.

    Notes
    -----
    A pair's score depends on the need, the capability and the fitted state alone, not on the
    other listings ranked. ``rank``, ``between`` and ``rank_needs`` give a pair the same score,
    and only ``fit`` changes it.

    Examples
    --------
    >>> recommender = Recommender().fit([
    ...     Listing("c1", "capability", "卤水提锂吸附剂", description="从盐湖老卤中吸附锂。"),
    ...     Listing("c2", "capability", "Highland barley breeding", language="en"),
    ... ])
    >>> need = Listing("n1", "need", "Extraction of lithium from brine", language="en")
    >>> best = recommender.rank([need], k=1)[0][0]
    >>> best.capability_id, [reason.code for reason in best.reasons][:2]
    ('c1', ['brine', 'lithium'])
    >>> abs(sum(best.parts.values()) - best.score) < 1e-12
    True
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
        """Learn vocabulary, rarity of terms and the usual fit from capabilities.

        Parameters
        ----------
        capabilities : Sequence[Listing]
            Listings of kind "capability", each with its own id.

        Returns
        -------
        Recommender
            This recommender, fitted.

        Raises
        ------
        ValueError
            When two capabilities have the same id.
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
        """Add, replace and withdraw capabilities in a copy; this recommender stays as it is.

        The fitted state stays, so all other pairs keep their scores; see ``drift``.

        Parameters
        ----------
        capabilities : Sequence[Listing]
            New listings, and changed ones under their old id.
        withdrawn : Collection[str]
            Ids to take out; unknown ones are ignored.

        Returns
        -------
        Recommender
            The changed copy, which shares the fitted state.
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
        """Return the number of changes since ``fit`` as a share of the fitted capabilities.

        A large drift is a reason to call ``fit`` again.

        Parameters
        ----------
        coming : int
            Number of changes that are about to come.
        """
        return (self.changes_ + coming) / max(self.vectoriser_.size_, 1)

    def rank(
        self, needs: Sequence[Listing] | Needs, k: int = 20, *, distinct: bool = False
    ) -> list[list[Pair]]:
        """Rank the capabilities for each need.

        Parameters
        ----------
        needs : Sequence[Listing] | Needs
            Listings of kind "need", or the result of ``prepare``.
        k : int
            The most pairs for each need; 0 for all capabilities.
        distinct : bool
            Whether to keep only the best of near duplicates.

        Returns
        -------
        list[list[Pair]]
            Pairs for each need, best first; equal scores are ordered by id.
        """
        return list(self._ranked(needs, k, distinct))

    def between(
        self, wanted: Sequence[tuple[Listing, Sequence[str]]], explainer: Explainer | None = None
    ) -> list[list[Pair]]:
        """Score each need with chosen capabilities.

        Parameters
        ----------
        wanted : Sequence[tuple[Listing, Sequence[str]]]
            Needs, each with ids of capabilities.
        explainer : Explainer | None
            The result of ``explainer``, which saves time over several calls.

        Returns
        -------
        list[list[Pair]]
            Pairs for each need, in the order of its ids.

        Raises
        ------
        KeyError
            For an id that no capability has.
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
        """Compile needs for ``rank`` and ``rank_needs``, valid until the next ``fit``.

        Parameters
        ----------
        needs : Sequence[Listing]
            Listings of kind "need".
        n_jobs : int
            Number of processes that read texts (see ``cores``).
        """
        return build_needs(needs, self.vectoriser_, self.textfit_, self.encoder, n_jobs)

    def rank_needs(
        self,
        capability: Listing,
        needs: Sequence[Listing] | Needs,
        k: int = 20,
        floors: Floats | None = None,
    ) -> list[Pair]:
        """Rank needs for one capability, which need not be fitted.

        Parameters
        ----------
        capability : Listing
            A listing of kind "capability".
        needs : Sequence[Listing] | Needs
            Listings of kind "need", or the result of ``prepare``.
        k : int
            The most pairs; 0 for all needs.
        floors : Floats | None
            (needs,) scores below 1; needs whose pair reaches its floor come beyond ``k``.

        Returns
        -------
        list[Pair]
            Pairs, best first, with the scores that ``rank`` gives them.
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
        """Return the band of a score: "strong", "possible" or "weak" (no confident partner)."""
        if score >= self.weights_.strong:
            return "strong"
        return "possible" if score >= self.weights_.possible else "weak"

    def _catalogue(self, capabilities: Sequence[Listing], first_serial: int = 0) -> Catalogue:
        languages = [language_of(listing) for listing in capabilities]
        counts = count_all(capabilities, languages, self.weights_, self.glossary_)
        return build_catalogue(capabilities, counts, self.vectoriser_, self.encoder, first_serial)

    def explainer(self) -> Explainer | None:
        """Return a writer of reasons, which keeps the texts it reads; None without ``explain``."""
        return Explainer(self.vectoriser_, self.glossary_) if self.explain else None

    def _ranked(
        self, needs: Sequence[Listing] | Needs, k: int, distinct: bool
    ) -> Iterator[list[Pair]]:
        explainer, side = self.explainer(), self.capabilities_
        for span in spans(len(needs), _AT_ONCE):
            ready = (
                needs.take(np.arange(span.start, span.stop))
                if isinstance(needs, Needs)
                else self.prepare(needs[span])
            )
            nearest = candidates(ready, side, self.indexes_, k * _LOOK_FURTHER if distinct else k)
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
        """Score one need with capabilities (n,) by text and by all other effects.

        Log-odds are added effect by effect; an effect's share is its change of the *probability*.
        So the shares add up to the score, and the text's share is the probability by text alone.
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
    """Return, in order, at most ``most`` rows that are not near duplicates of earlier ones."""
    kept: list[int] = []
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    for span in spans(len(order), _COMPARED):
        block, before = order[span], len(kept)
        likeness = (matrix[kept + block] @ matrix[block].T).toarray()
        chosen = list(range(before))  # rows of ``likeness`` that belong to ``kept``
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
