"""The engine's work between reading and writing: plain values in, pairs out, no database. For jobs only."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from matchmaker.engine import Listing as EngineListing
from matchmaker.engine import Pair as EnginePair
from matchmaker.engine import PlanFacts, Weights
from matchmaker.recommendation.fitting import Fitted, fit
from matchmaker.recommendation.rules import MOST_NAMED, BestPartners, Known, Pair, from_own_words

if TYPE_CHECKING:
    from matchmaker.engine import Recommender

T = TypeVar("T")
Progress = Callable[[int, int], object]
AT_ONCE = 64
MOST_OFFERED = 300  # capabilities of one need that may name it in return; whoever comes later has better ones to name
SAME_SCORE = 1e-9


@dataclass(frozen=True, slots=True)
class Stored:
    """A suggestion as it was when the work was read. `is_recent`: scored by this engine with these weights."""

    pair: Pair
    score: float
    is_current: bool
    is_touched: bool
    is_recent: bool


@dataclass(frozen=True, slots=True)
class Work:
    """Everything one run needs. `due`: listing → version; `affected`: the listings to find partners for anew.

    `fitted`: the recommender to go on with; None when one has to be fitted. `texts` has what it is behind with, and the
    texts of all who may be paired. `encoder`: the folder of a sentence encoder, if the installation has one.
    """

    due: Mapping[int, int]
    listings: Mapping[int, Known]
    stored: Sequence[Stored]
    affected: frozenset[int]
    texts: Mapping[int, EngineListing]
    plan: PlanFacts | None
    engine_version: str
    weights_version: str
    fitted: Fitted | None
    encoder: Path | None = None

    @property
    def fit_version(self) -> str:
        return f"{self.engine_version}/{self.weights_version}"

    def of_kind(self, kind: str) -> list[int]:
        return sorted(listing_id for listing_id, known in self.listings.items() if known.kind == kind)


def texts_needed(affected: frozenset[int], listings: Mapping[int, Known], fitted: Fitted | None) -> set[int]:
    """Whose text a computation reads: who may be paired, and what the recommender does not know yet."""
    if fitted is None:
        return {id_ for id_, known in listings.items() if known.kind == "capability"} | affected
    needed = fitted.behind(listings)[0] | {id_ for id_ in affected if listings[id_].kind == "need"}
    if any(listings[id_].kind == "capability" for id_ in affected):
        needed |= fitted.needs_behind(listings)
    return needed


def weights_version(plan_id: int, encoder: Path | None) -> str:
    """A name for everything beside the texts and the engine's code that a score depends on."""
    return f"{Weights().version}+p{plan_id}{f'+{encoder.name[:16]}' if encoder else ''}"


class Ranker(Protocol):
    """Whoever ranks whole lists of needs: this process, or a cluster."""

    def rank(self, needs: Sequence[EngineListing], k: int) -> Iterator[list[EnginePair]]:
        """The `k` best of each need, without reasons."""

    def between(self, wanted: Sequence[tuple[EngineListing, Sequence[str]]]) -> Iterator[list[EnginePair]]:
        """Each need's pairs with some capabilities, with reasons."""


class ThisProcess:
    """Ranks here."""

    def __init__(self, recommender: Recommender) -> None:
        self.scorer = copy.copy(recommender)
        self.scorer.explain = False
        self.explainer = recommender

    def rank(self, needs: Sequence[EngineListing], k: int) -> Iterator[list[EnginePair]]:
        for chunk in _chunks(needs, AT_ONCE):
            yield from self.scorer.rank(chunk, k)

    def between(self, wanted: Sequence[tuple[EngineListing, Sequence[str]]]) -> Iterator[list[EnginePair]]:
        for chunk in _chunks(wanted, AT_ONCE):
            yield from self.explainer.between(chunk)


Rankers = Callable[[Fitted], Ranker]


@dataclass(frozen=True, slots=True)
class Found:
    """Explained pairs with an affected end, and which of them the engine names (people hold on to the others).

    `unchanged` pairs are named, and stored already as they are. `fitted` is the recommender that found them.
    """

    pairs: Mapping[Pair, EnginePair]
    named: frozenset[Pair]
    unchanged: frozenset[Pair]
    fitted: Fitted


def compute(work: Work, progress: Progress | None = None, rankers: Rankers | None = None) -> Found:
    """The pairs that the affected listings or their partners now name, and those that people hold on to."""
    fitted = _brought_up(work)
    needs, capabilities = work.of_kind("need"), work.of_kind("capability")
    if not work.affected or not needs or not capabilities:
        return Found({}, frozenset(), frozenset(), fitted)
    if any(capability in work.affected for capability in capabilities) and not work.affected.issuperset(needs):
        fitted = fitted.with_needs(work.texts, work.listings)
    ranker = rankers(fitted) if rankers else ThisProcess(fitted.recommender)
    run = _Run(work, fitted, ranker, progress or (lambda done, total: None))
    named = run.score().named(lambda score: fitted.recommender.band(score) == "weak")
    held = {stored.pair for stored in work.stored if stored.is_touched and set(stored.pair) <= work.listings.keys()}
    wanted = {pair for pair in named.keys() | held if not work.affected.isdisjoint(pair)}
    unchanged = _unchanged(work, named) & wanted
    return Found(run.explain(wanted - unchanged), frozenset(named.keys() & wanted), unchanged, fitted)


def _brought_up(work: Work) -> Fitted:
    """The recommender with the capabilities and the plan as they are now."""
    if work.fitted is None:
        return fit(work.fit_version, work.texts, work.listings, work.plan, work.encoder)
    fitted = work.fitted.updated(work.texts, work.listings)
    recommender = copy.copy(fitted.recommender)
    recommender.plan = work.plan
    return replace(fitted, recommender=recommender)


class _Run:
    """One computation; counts its steps for whoever watches."""

    def __init__(self, work: Work, fitted: Fitted, ranker: Ranker, progress: Progress) -> None:
        self.work = work
        self.fitted = fitted
        self.ranker = ranker
        needs = work.of_kind("need")
        self.affected_needs = [need for need in needs if need in work.affected]
        self.other_needs = [need for need in needs if need not in work.affected]
        self.progress = progress
        self.done = 0
        self.total = 2 * len(self.affected_needs)

    def score(self) -> BestPartners:
        """Score every pair with an affected end; pairs without one stand as they are stored."""
        best = BestPartners(MOST_NAMED)
        for stored in self.work.stored:
            if stored.is_current and self._stands(stored.pair):
                best.offer(stored.pair, stored.score)
        asked = [self.work.texts[need] for need in self.affected_needs]
        for pairs in self.ranker.rank(asked, MOST_OFFERED):
            self._offer(best, pairs)
            self._step(1)
        if self.other_needs:
            self._score_capabilities(best)
        return best

    def explain(self, wanted: set[Pair]) -> dict[Pair, EnginePair]:
        """The wanted pairs with scores, parts and reasons."""
        by_need: defaultdict[int, list[int]] = defaultdict(list)
        for need, capability in sorted(wanted):
            by_need[need].append(capability)
        texts = {need: self.work.texts.get(need) or self._kept_needs[need] for need in by_need}
        asked = [(texts[need], [str(one) for one in capabilities]) for need, capabilities in by_need.items()]
        found: dict[Pair, EnginePair] = {}
        for need, pairs in zip(by_need, self.ranker.between(asked), strict=True):
            for result in pairs:
                pair = need, int(result.capability_id)
                found[pair] = _in_own_words(result, texts[need], self._capabilities[pair[1]])
            self._step(need in self.work.affected)
        self._step(self.total - self.done)
        return found

    def _score_capabilities(self, best: BestPartners) -> None:
        """Offer each affected capability to its best needs, and to all whose list it may enter."""
        import numpy as np

        affected = [capability for capability in self.work.of_kind("capability") if capability in self.work.affected]
        needs = self.fitted.needs
        if not affected or needs is None:
            return
        scorer = copy.copy(self.fitted.recommender)
        scorer.explain = False
        possible = scorer.weights_.possible
        ids = [int(listing.id) for listing in needs.listings]
        floors = np.array([1.0 if id_ in self.work.affected else best.floor(id_, possible) for id_ in ids])
        for capability in affected:
            pairs = scorer.rank_needs(self._capabilities[capability], needs, 2 * MOST_NAMED, floors)
            self._offer(best, [pair for pair in pairs if int(pair.need_id) not in self.work.affected])

    def _stands(self, pair: Pair) -> bool:
        return self.work.affected.isdisjoint(pair) and set(pair) <= self.work.listings.keys()

    def _offer(self, best: BestPartners, pairs: Iterable[EnginePair]) -> None:
        """Nobody is suggested to themselves."""
        listings = self.work.listings
        for result in pairs:
            need, capability = int(result.need_id), int(result.capability_id)
            if listings[need].organisation_id != listings[capability].organisation_id:
                best.offer((need, capability), result.score)

    @cached_property
    def _capabilities(self) -> Mapping[int, EngineListing]:
        return {int(listing.id): listing for listing in self.fitted.recommender.capabilities_.listings}

    @cached_property
    def _kept_needs(self) -> Mapping[int, EngineListing]:
        return {int(listing.id): listing for listing in self.fitted.needs.listings} if self.fitted.needs else {}

    def _step(self, number: int) -> None:
        if number:
            self.done += number
            self.progress(self.done, self.total)


def _in_own_words(result: EnginePair, need: EngineListing, capability: EngineListing) -> EnginePair:
    return replace(result, reasons=tuple(from_own_words(result.reasons, _body(need), _body(capability))))


def _unchanged(work: Work, named: Mapping[Pair, float]) -> frozenset[Pair]:
    """The named pairs that are stored as they would be written: their texts, the engine and the score are the same."""
    return frozenset(
        stored.pair
        for stored in work.stored
        if stored.is_current
        and stored.is_recent
        and work.due.keys().isdisjoint(stored.pair)
        and abs(named.get(stored.pair, float("inf")) - stored.score) <= SAME_SCORE
    )


def _body(listing: EngineListing) -> str:
    """What a listing says in its author's own words."""
    return "\n".join((listing.title, listing.summary, listing.description, *listing.must_haves))


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
