"""The engine's work between reading and writing: plain values in, pairs out, no database. For jobs only."""

from __future__ import annotations

import copy
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from matchmaker.engine import Listing as EngineListing
from matchmaker.engine import Pair as EnginePair
from matchmaker.engine import PlanFacts, Weights
from matchmaker.recommendation.rules import MOST_NAMED, BestPartners, Pair, from_own_words

if TYPE_CHECKING:
    from matchmaker.engine import Recommender

T = TypeVar("T")
Progress = Callable[[int, int], object]
FitKey = tuple[str, frozenset[tuple[int, int]]]  # engine and weights; (capability id, version)
AT_ONCE = 64
MOST_OFFERED = 300  # capabilities of one need that may name it in return; whoever comes later has better ones to name


@dataclass(frozen=True, slots=True)
class Known:
    """A listing that readers can see, as it was when the work was read."""

    kind: str
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A suggestion as it was when the work was read."""

    pair: Pair
    score: float
    is_current: bool
    is_touched: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """A recommender with the capabilities it was fitted to."""

    key: FitKey
    recommender: Recommender
    capabilities: Mapping[int, EngineListing]


@dataclass(frozen=True, slots=True)
class Work:
    """Everything one run needs. `due`: listing → version; `affected`: the listings to find partners for anew.

    `encoder`: the folder of a sentence encoder, if the installation has one.
    """

    due: Mapping[int, int]
    listings: Mapping[int, Known]
    stored: Sequence[Stored]
    affected: frozenset[int]
    texts: Mapping[int, EngineListing]
    plan: PlanFacts | None
    weights_version: str
    key: FitKey
    fitted: Fitted | None
    encoder: Path | None = None

    def of_kind(self, kind: str) -> list[int]:
        return sorted(listing_id for listing_id, known in self.listings.items() if known.kind == kind)


def weights_version(plan_id: int, encoder: Path | None) -> str:
    """A name for everything beside the texts and the engine's code that a score depends on."""
    return f"{Weights().version}+p{plan_id}{f'+{encoder.name[:16]}' if encoder else ''}"


_lock = threading.Lock()
_last: Fitted | None = None


def last_fitted(key: FitKey) -> Fitted | None:
    """The process's recommender, if it was fitted to exactly these capabilities."""
    return _last if _last is not None and _last.key == key else None


def fit(work: Work) -> Fitted:
    """Fit a recommender to the work's capabilities and keep it for the next run of this process."""
    from matchmaker.engine import Recommender
    from matchmaker.engine.encoder import load_encoder

    global _last  # noqa: PLW0603
    with _lock:
        known = last_fitted(work.key)
        if known is None:
            capabilities = {listing_id: work.texts[listing_id] for listing_id in work.of_kind("capability")}
            encoder = load_encoder(work.encoder) if work.encoder else None
            recommender = Recommender(plan=work.plan, encoder=encoder).fit(list(capabilities.values()))
            known = _last = Fitted(work.key, recommender, capabilities)
        return known


@dataclass(frozen=True, slots=True)
class Found:
    """Explained pairs with an affected end, and which of them the engine names (people hold on to the others)."""

    pairs: Mapping[Pair, EnginePair]
    named: frozenset[Pair]


def compute(work: Work, progress: Progress | None = None) -> Found:
    """The pairs that the affected listings or their partners now name, and those that people hold on to."""
    needs, capabilities = work.of_kind("need"), work.of_kind("capability")
    if not work.affected or not needs or not capabilities:
        return Found({}, frozenset())
    fitted = work.fitted or fit(work)
    run = _Run(work, fitted, needs, progress or (lambda done, total: None))
    band = fitted.recommender.band
    named = run.score().named(lambda score: band(score) == "weak")
    held = {stored.pair for stored in work.stored if stored.is_touched and set(stored.pair) <= work.listings.keys()}
    wanted = {pair for pair in named | held if not work.affected.isdisjoint(pair)}
    return Found(run.explain(wanted), frozenset(named & wanted))


class _Run:
    """One computation; counts its steps for whoever watches."""

    def __init__(self, work: Work, fitted: Fitted, needs: Sequence[int], progress: Progress) -> None:
        self.work = work
        self.fitted = fitted
        self.recommender = fitted.recommender
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
        scorer = copy.copy(self.recommender)
        scorer.explain = False
        for chunk in _chunks(self.affected_needs, AT_ONCE):
            self._offer(best, scorer.rank([self.work.texts[need] for need in chunk], k=MOST_OFFERED))
            self._step(len(chunk))
        affected = [self.fitted.capabilities[c] for c in self.work.of_kind("capability") if c in self.work.affected]
        if affected:
            for chunk in _chunks(self.other_needs, AT_ONCE):
                self._offer(best, scorer.compare([self.work.texts[need] for need in chunk], affected))
        return best

    def explain(self, wanted: set[Pair]) -> dict[Pair, EnginePair]:
        """The wanted pairs with scores, parts and reasons. A need's best come in one ranking, the rest one by one."""
        found: dict[Pair, EnginePair] = {}
        for chunk in _chunks([need for need in self.affected_needs if any(need == n for n, _ in wanted)], AT_ONCE):
            ranked = self.recommender.rank([self.work.texts[need] for need in chunk], k=MOST_NAMED)
            found.update((pair, result) for pair, result in _by_pair(ranked) if pair in wanted)
            self._step(len(chunk))
        rest: defaultdict[int, list[int]] = defaultdict(list)
        for need, capability in sorted(wanted - found.keys()):
            rest[capability].append(need)
        for capability, needs in rest.items():
            texts = [self.work.texts[need] for need in needs]
            found.update(_by_pair(self.recommender.compare(texts, [self.fitted.capabilities[capability]])))
        found = {pair: self._in_own_words(pair, result) for pair, result in found.items()}
        if self.done < self.total:
            self._step(self.total - self.done)
        return found

    def _in_own_words(self, pair: Pair, result: EnginePair) -> EnginePair:
        need, capability = self.work.texts[pair[0]], self.fitted.capabilities[pair[1]]
        reasons = from_own_words(result.reasons, _body(need), _body(capability))
        return replace(result, reasons=tuple(reasons))

    def _stands(self, pair: Pair) -> bool:
        return self.work.affected.isdisjoint(pair) and set(pair) <= self.work.listings.keys()

    def _offer(self, best: BestPartners, ranked: Iterable[Sequence[EnginePair]]) -> None:
        """Nobody is suggested to themselves."""
        listings = self.work.listings
        for (need, capability), result in _by_pair(ranked):
            if listings[need].organisation_id != listings[capability].organisation_id:
                best.offer((need, capability), result.score)

    def _step(self, number: int) -> None:
        self.done += number
        self.progress(self.done, self.total)


def _by_pair(ranked: Iterable[Sequence[EnginePair]]) -> Iterator[tuple[Pair, EnginePair]]:
    for results in ranked:
        for result in results:
            yield (int(result.need_id), int(result.capability_id)), result


def _body(listing: EngineListing) -> str:
    """What a listing says in its author's own words."""
    return "\n".join((listing.title, listing.summary, listing.description, *listing.must_haves))


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
