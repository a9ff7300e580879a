"""Ranking of capabilities for needs, and of needs for capabilities, by one score of a pair."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .catalogue import Catalogue, Needs, build_catalogue, build_needs, count_all
from .comparing import evidence_of_capability, evidence_of_need, text_fit
from .lexicon.glossary import Glossary, default_glossary
from .listing import PARTS, Listing, Pair
from .reasons.explain import Explainer
from .reasons.lift import smallest_lift
from .retrieval import best_rows, build_indexes, candidates, update_indexes
from .scoring.calibration import bent, closeness, log_odds_of, probability
from .scoring.effects import Effect, Traits, effects
from .scoring.evidence import Evidence
from .scoring.plan_facts import PlanFacts
from .spans import spans
from .vectors.background import Background
from .vectors.encoder import Encoder
from .vectors.meanings import MeaningFit
from .vectors.textfit import TextFit
from .vectors.vectoriser import Vectoriser, language_of
from .weights import Weights, default_weights

Floats = NDArray[np.float64]
_AT_ONCE = 256  # needs
_DUPLICATE = 0.7
_COMPARED = 32  # at once
_LOOK_FURTHER = 10


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One need's scores (n,) with capabilities: parts by name, effects, and their shares (n,).

    ``evidence`` (n,) is what the texts say. ``ruled_out`` (n,) is how central what one side rules
    out is to the other, 0..1.
    """

    scores: Floats
    parts: dict[str, Floats]
    effects: list[Effect]
    shares: list[Floats]
    evidence: Evidence
    ruled_out: Floats


class Recommender:
    """Rank capabilities for needs, and needs for capabilities.

    Parameters
    ----------
    weights : Weights | None
        The engine's settings; ``default_weights`` if None.
    glossary : Glossary | None
        Concepts to find in texts; the shipped ones if None.
    plan : PlanFacts | None
        Facts of the cooperation plan; without it the region part is 0.
    explain : bool
        Whether pairs carry reasons.
    encoder : Encoder | None
        A further channel of likeness, by meaning; none by default.
    background : Background | None
        Listings that say what is rare and usual; the shipped ones if None.
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
        The usual fit, measured on the background.
    meaningfit_
        The encoder with the usual likeness of meaning; None without it.
    capabilities_
        The capabilities in comparable form.
    indexes_
        Language -> ``Index`` when there are many capabilities.

    Notes
    -----
    A pair's score depends on the need and the capability alone, not on other listings. Terms that
    came after ``fit`` and that the background does not know count once it is called again.
    ``rank``, ``between`` and ``rank_needs`` give a pair the same score.

    Examples
    --------
    >>> recommender = Recommender().fit([
    ...     Listing("c1", "capability", "卤水提锂吸附剂", description="从盐湖老卤中吸附锂。"),
    ...     Listing("c2", "capability", "Highland barley breeding", language="en"),
    ... ])
    >>> need = Listing("n1", "need", "Extraction of lithium from brine", language="en")
    >>> best = recommender.rank([need], k=1)[0][0]
    >>> best.capability_id, [reason.code for reason in best.reasons][:2]
    ('c1', ['lithium', 'brine'])
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
        background: Background | None = None,
        n_jobs: int = 1,
    ) -> None:
        self.weights = weights
        self.glossary = glossary
        self.plan = plan
        self.explain = explain
        self.encoder = encoder
        self.background = background
        self.n_jobs = n_jobs

    def fit(self, capabilities: Sequence[Listing]) -> Recommender:
        """Take in capabilities and their vocabulary.

        Nothing else is learned from them: rarity and the usual fit come from a background.

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
        self.weights_ = self.weights or default_weights(meaning=self.encoder is not None)
        self.glossary_ = default_glossary() if self.glossary is None else self.glossary
        languages = [language_of(listing) for listing in capabilities]
        counts = count_all(capabilities, languages, self.weights_, self.glossary_, self.n_jobs)
        self.vectoriser_ = Vectoriser(self.weights_, self.glossary_, self.background).fit(
            [counted.said for counted in counts]
        )
        self.textfit_ = TextFit(self.weights_, self.vectoriser_)
        self.meaningfit_ = MeaningFit(self.encoder) if self.encoder is not None else None
        if not self.weights_.meaning:
            self.meaningfit_ = None
        self.capabilities_ = build_catalogue(capabilities, counts, self.textfit_, self.meaningfit_)
        self.indexes_ = build_indexes(self.capabilities_)
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
            evidence = evidence_of_need(ready, place, side, rows)
            found = self._breakdown(need, evidence, side.traits.take(rows))
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
        return build_needs(needs, self.textfit_, self.meaningfit_, n_jobs)

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
        fits = text_fit(ready, side)
        close = closeness(*fits, self.weights_)[:, 0]
        chosen = best_rows(close, ready.by_id, k)
        if floors is not None:
            shared = np.flatnonzero(~np.isneginf(close))
            near = evidence_of_capability(ready, shared, side, fits)
            most = log_odds_of(near, self.weights_) + self.weights_.most_gained
            chosen = np.union1d(chosen, shared[most >= _log_odds(floors[shared])])
        evidence = evidence_of_capability(ready, chosen, side, fits)
        scored = {
            row: self._breakdown(ready.listings[row], evidence.take(slice(at, at + 1)), side.traits)
            for at, row in enumerate(chosen)
        }
        order = sorted(scored, key=lambda row: (-scored[row].scores[0], ready.listings[row].id))
        kept = order[: k or None]
        if floors is not None:
            kept += [row for row in order[len(kept) :] if scored[row].scores[0] >= floors[row]]
        explainer = self.explainer()
        return [self._pair(ready, int(row), side, 0, scored[row], 0, explainer) for row in kept]

    def band(self, score: float, text: float, excluded: float = 0.0) -> str:
        """Return the band of a pair: "strong", "possible" or "weak" (no confident partner).

        Facts beside the text make no partner: ``text``, the score by the text alone, has floors of
        its own. A pair that one side rules out is never strong.

        Parameters
        ----------
        score : float
            The pair's score.
        text : float
            Its text part.
        excluded : float
            How central what one side rules out is to the other, 0..1 (see ``Evidence``).
        """
        weights = self.weights_
        ruled_out = excluded >= weights.ruled_out
        if score >= weights.strong and text >= weights.strong_text and not ruled_out:
            return "strong"
        possible = score >= weights.possible and text >= weights.possible_text
        return "possible" if possible else "weak"

    def _catalogue(self, capabilities: Sequence[Listing], first_serial: int = 0) -> Catalogue:
        languages = [language_of(listing) for listing in capabilities]
        counts = count_all(capabilities, languages, self.weights_, self.glossary_)
        return build_catalogue(capabilities, counts, self.textfit_, self.meaningfit_, first_serial)

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
            wanted = k * _LOOK_FURTHER if distinct else k
            nearest = candidates(ready, side, self.indexes_, wanted, self.weights_)
            for place, (need, (rows, evidence)) in enumerate(
                zip(ready.listings, nearest, strict=True)
            ):
                found = self._breakdown(need, evidence, side.traits.take(rows))
                order = sorted(
                    range(len(rows)), key=lambda at: (-found.scores[at], side.listings[rows[at]].id)
                )
                if distinct:
                    order = _distinct(order, side.matrix[rows], k or len(order))
                yield [
                    self._pair(ready, place, side, int(rows[at]), found, at, explainer)
                    for at in order[: k or None]
                ]

    def _breakdown(self, need: Listing, evidence: Evidence, traits: Traits) -> Breakdown:
        """Score one need with capabilities (n,) by text and by all other effects.

        Log-odds are added effect by effect; an effect's share is its change of the *probability*.
        So the shares add up to the score, and the text's share is the probability by text alone.
        """
        found = effects(need, traits, evidence, self.weights_, self.plan)
        log_odds = log_odds_of(evidence, self.weights_)
        score = probability(log_odds)
        parts = {part: np.zeros(len(score)) for part in PARTS}
        parts["text"] = score
        shares: list[Floats] = []
        for effect in found:
            log_odds = log_odds + effect.log_odds
            after = probability(log_odds)
            shares.append(after - score)
            parts[effect.part] = parts[effect.part] + shares[-1]
            score = after
        ruled_out = np.maximum(evidence.excluded, evidence.refused)
        capped = self._capped(score, ruled_out)
        named = np.where(evidence.excluded >= evidence.refused, "disclaims", "refused")
        for place, effect in enumerate(found):
            if effect.kind in ("disclaims", "refused"):
                more = np.where(named == effect.kind, capped - score, 0.0)
                shares[place] = shares[place] + more
                parts[effect.part] = parts[effect.part] + more
        return Breakdown(capped, parts, found, shares, evidence, ruled_out)

    def _capped(self, score: Floats, ruled_out: Floats) -> Floats:
        """Return scores (n,) of which those that one side rules out are only possible."""
        most = self.weights_.ruled_out_most
        return np.where(ruled_out >= self.weights_.ruled_out, np.minimum(score, most), score)

    def _beyond_terms(self, meaning: float) -> float:
        """Return what an encoder's likeness adds to a pair, in units of the text fit."""
        weights = self.weights_
        adds = weights.meaning * float(bent(np.array(meaning), weights))
        return max(0.0, adds / (weights.slope + weights.reverse))

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
        band = self.band(score, parts["text"], float(found.ruled_out[at]))
        pair = Pair(asked.id, offered.id, score, band, parts)
        if explainer is None:
            return pair
        query, vector = needs.compiled[side.languages[row]].queries[need], side.matrix[row]
        sides = (asked, needs.languages[need]), (offered, side.languages[row])
        beyond = self._beyond_terms(float(found.evidence.meaning[at]))
        text = explainer.text((*sides[0], query), (*sides[1], vector), parts["text"], beyond)
        others = explainer.effects(*sides, found.effects, [share[at] for share in found.shares])
        requirements = explainer.judge.requirements(*sides[0], *sides[1])
        causes = [(effect, float(effect.log_odds[at])) for effect in found.effects]
        scores = score, parts["text"]
        fit = float(found.evidence.fit[at])
        lift = None
        if found.ruled_out[at] < self.weights_.ruled_out:
            rows = query, vector
            lift = smallest_lift(asked, offered, scores, fit, causes, rows, self.vectoriser_)
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
