"""The engine's work between reading and writing: plain values in, pairs out."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeVar

from matchmaker.db import chunks
from matchmaker.engine import Listing as EngineListing
from matchmaker.engine import Pair as EnginePair
from matchmaker.engine import (
    PlanFacts,
    Sketch,
    copies,
    default_weights,
    encoder_version,
    repeats,
    spread,
    unrelated_subjects,
)
from matchmaker.recommendation.rules import MOST_NAMED, BestPartners, Known, PairIds
from matchmaker.recommendation.run.fitted import Fitted, fit

if TYPE_CHECKING:
    from matchmaker.engine import Recommender

T = TypeVar("T")
Progress = Callable[[int, int], object]
AT_ONCE = 64
FEW = 256  # needs that are ranked together
# Capabilities of one need that may name it in return; later ones have better needs to name.
MOST_OFFERED = 300
SAME_SCORE = 1e-9
EVERYTHING = 40  # subjects of all fields: a capability that names them is suggested to nobody


@dataclass(frozen=True, slots=True)
class StoredPair:
    """A suggestion as it was read; `is_recent`: scored by this engine with these weights."""

    pair: PairIds
    score: float
    is_current: bool
    is_touched: bool
    is_recent: bool


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that scoring needs.

    `due`: listing → version; `affected`: listings that need partners anew.

    `fitted`: the recommender to go on with, or None. `texts`: what it does not know yet, and all
    who may be paired. `encoder`: the name of a sentence encoder, or "".
    """

    due: Mapping[int, int]
    listings: Mapping[int, Known]
    affected: frozenset[int]
    texts: Mapping[int, EngineListing]
    plan: PlanFacts | None
    engine_version: str
    weights_version: str
    fitted: Fitted | None
    encoder: str = ""
    n_jobs: int = 1

    @property
    def fit_version(self) -> str:
        return f"{self.engine_version}/{self.weights_version}"

    def of_kind(self, kind: str) -> list[int]:
        return sorted(
            listing_id for listing_id, known in self.listings.items() if known.kind == kind
        )


def texts_needed(
    affected: Set[int], listings: Mapping[int, Known], fitted: Fitted | None
) -> set[int]:
    """Return whose text is read: who may be paired, and what the recommender does not know yet."""
    if fitted is None:
        return {id_ for id_, known in listings.items() if known.kind == "capability"} | set(
            affected
        )
    needed = fitted.behind(listings)[0] | {id_ for id_ in affected if listings[id_].kind == "need"}
    if any(listings[id_].kind == "capability" for id_ in affected):
        needed |= fitted.needs_behind(listings)
    return needed


def weights_version(plan_id: int, encoder: str) -> str:
    """A name for everything beside the texts and the engine's code that a score depends on."""
    parts = [default_weights(meaning=bool(encoder)).version, f"p{plan_id}"]
    return "+".join([*parts, encoder_version(encoder)] if encoder else parts)


class Ranker(Protocol):
    """A ranker of whole lists of needs: this process, or a cluster."""

    def rank(self, needs: Sequence[EngineListing], k: int) -> Iterator[list[EnginePair]]:
        """The `k` best of each need, without reasons."""

    def between(
        self, wanted: Sequence[tuple[EngineListing, Sequence[str]]]
    ) -> Iterator[list[EnginePair]]:
        """Each need's pairs with some capabilities, with reasons."""


class ThisMachine:
    """Ranks here, with `n_jobs` processes."""

    def __init__(self, recommender: Recommender, n_jobs: int = 1) -> None:
        self.scorer = copy.copy(recommender)
        self.scorer.explain = False
        self.explainer = recommender
        # Threads of an encoder do not come along into copies of this process.
        self.n_jobs = n_jobs if recommender.encoder is None else 1

    def rank(self, needs: Sequence[EngineListing], k: int) -> Iterator[list[EnginePair]]:
        if (
            self.n_jobs > 1 and len(needs) <= FEW
        ):  # reading them is nearly all the work, and explaining needs it too
            yield from self.scorer.rank(self.scorer.prepare(needs, self.n_jobs), k)
            return

        def ranked(chunk: Sequence[EngineListing]) -> list[list[EnginePair]]:
            return self.scorer.rank(chunk, k)

        yield from chain.from_iterable(spread(ranked, self._parts(needs), self.n_jobs))

    def between(
        self, wanted: Sequence[tuple[EngineListing, Sequence[str]]]
    ) -> Iterator[list[EnginePair]]:
        # One memory for all parts where they are small, a new one for each where they are large.
        memory = self.explainer.explainer() if self.n_jobs > 1 else None

        def explained(
            chunk: Sequence[tuple[EngineListing, Sequence[str]]],
        ) -> list[list[EnginePair]]:
            return self.explainer.between(chunk, memory)

        yield from chain.from_iterable(spread(explained, self._parts(wanted), self.n_jobs))

    def _parts(self, items: Sequence[T]) -> list[Sequence[T]]:
        """Split items into parts of neighbours, two or more for each process."""
        return list(chunks(items, min(AT_ONCE, -(-len(items) // (2 * self.n_jobs)) or 1)))


Rankers = Callable[[Fitted], Ranker]


@dataclass(frozen=True, slots=True)
class Scored:
    """The best partners of both ends of every pair with an affected end, from such pairs."""

    best: BestPartners
    texts: Texts
    fitted: Fitted
    ranker: Ranker
    steps: Steps


@dataclass(frozen=True, slots=True)
class Findings:
    """Explained pairs with an affected end, and those that the engine names among them.

    `unchanged` pairs are named, and stored already as they are. `left_out` ones have no affected
    end, and gave way to better ones of the same owner or text.
    """

    pairs: Mapping[PairIds, EnginePair]
    named: frozenset[PairIds]
    unchanged: frozenset[PairIds]
    left_out: frozenset[PairIds]


class Texts:
    """The texts at hand, to find copies among them; what is not at hand is no copy."""

    def __init__(self, *known: Mapping[int, EngineListing]) -> None:
        self._known: dict[int, EngineListing] = {}
        self._sketches: dict[int, Sketch] = {}
        self._broad: dict[int, bool] = {}
        for texts in known:
            self.add(texts)

    def __getitem__(self, listing_id: int) -> EngineListing:
        return self._known[listing_id]

    def __contains__(self, listing_id: int) -> bool:
        return listing_id in self._known

    def add(self, texts: Mapping[int, EngineListing]) -> None:
        self._known.update(texts)

    def are_copies(self, first: int, second: int) -> bool:
        """Return whether two listings say nearly the same in the same words."""
        one, other = self._sketch(first), self._sketch(second)
        return one is not None and other is not None and one.is_near(other)

    def offers_everything(self, capability: int) -> bool:
        """Return whether a capability names too many subjects of all fields to say anything."""
        if capability not in self._broad:
            subjects = unrelated_subjects(self._known[capability])
            self._broad[capability] = len(subjects) >= EVERYTHING
        return self._broad[capability]

    def _sketch(self, listing_id: int) -> Sketch | None:
        if listing_id not in self._sketches and listing_id in self._known:
            self._sketches[listing_id] = Sketch(self._known[listing_id])
        return self._sketches.get(listing_id)


class Steps:
    """Count steps for a progress bar: each affected need is scored, then explained."""

    def __init__(self, needs: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, 2 * needs, progress

    def take(self, number: int = 1) -> None:
        if number and self._progress is not None:
            self._done += number
            self._progress(self._done, self._total)

    def finish(self) -> None:
        self.take(self._total - self._done)


def score(work: Work, progress: Progress | None = None, rankers: Rankers | None = None) -> Scored:
    """Score the pairs with an affected end."""
    fitted = _brought_up(work)
    affected = [need for need in work.of_kind("need") if need in work.affected]
    texts = Texts(fitted.need_texts(), fitted.capability_texts(), work.texts)
    least = fitted.recommender.weights_.possible
    scored = Scored(
        BestPartners(MOST_NAMED, least, work.listings, texts.are_copies),
        texts,
        fitted,
        rankers(fitted) if rankers else ThisMachine(fitted.recommender, work.n_jobs),
        Steps(len(affected), progress),
    )
    is_everybody = len(affected) == len(work.of_kind("need"))
    if not is_everybody:
        for capability in fitted.copies:
            scored.best.bar(capability)
    for pairs in scored.ranker.rank([work.texts[need] for need in affected], MOST_OFFERED):
        _offer(work, scored, pairs)
        scored.steps.take()
    if not is_everybody:
        scored = _score_capabilities(work, scored)
    return replace(scored, fitted=replace(scored.fitted, copies=frozenset(scored.best.barred)))


def _score_capabilities(work: Work, scored: Scored) -> Scored:
    """Offer each affected capability to its best needs, and to all where it is not weak."""
    affected = [
        capability for capability in work.of_kind("capability") if capability in work.affected
    ]
    if not affected:
        return scored
    import numpy as np  # noqa: PLC0415  # only here: scoring needs alone does without

    fitted = scored.fitted.with_needs(work.texts, work.listings)
    scored.texts.add(fitted.need_texts())
    scorer = copy.copy(fitted.recommender)
    scorer.explain = False
    ids = [int(listing.id) for listing in fitted.needs.listings] if fitted.needs else []
    floors = np.where([id_ in work.affected for id_ in ids], 1.0, scorer.weights_.possible)
    for capability in affected:
        listing = scored.texts[capability]
        pairs = scorer.rank_needs(listing, fitted.needs or [], 2 * MOST_NAMED, floors)
        _offer(work, scored, [pair for pair in pairs if int(pair.need_id) not in work.affected])
    return replace(scored, fitted=fitted)


def texts_of_partners(scored: Scored, stored: Sequence[StoredPair]) -> set[int]:
    """Return the stored needs whose text is not at hand yet, to compare them with new ones."""
    return {need for one in stored if (need := one.pair[0]) not in scored.texts and one.is_current}


def explain(
    work: Work,
    scored: Scored,
    stored: Sequence[StoredPair],
    texts: Mapping[int, EngineListing],
) -> Findings:
    """Explain the pairs that affected listings or their partners name, or that people keep.

    `stored`: the suggestions of all listings in `scored.best` and of the affected ones. `texts`:
    those of `texts_of_partners`.
    """
    scored.texts.add(texts)
    for one in stored:
        if (
            one.is_current
            and work.affected.isdisjoint(one.pair)
            and set(one.pair) <= work.listings.keys()
        ):
            scored.best.offer(one.pair, one.score)
    named = scored.best.named()
    held = {one.pair for one in stored if one.is_touched and set(one.pair) <= work.listings.keys()}
    wanted = {pair for pair in named.keys() | held if not work.affected.isdisjoint(pair)}
    unchanged = _unchanged(work, named, stored) & wanted
    left_out = {
        one.pair
        for one in stored
        if one.is_current
        and work.affected.isdisjoint(one.pair)
        and scored.best.is_left_out(one.pair)
    }
    return Findings(
        _explained(work, scored, wanted - unchanged),
        frozenset(named.keys() & wanted),
        unchanged,
        frozenset(left_out),
    )


def _explained(work: Work, scored: Scored, wanted: set[PairIds]) -> dict[PairIds, EnginePair]:
    """The wanted pairs with scores, parts and reasons."""
    by_need: defaultdict[int, list[int]] = defaultdict(list)
    for need, capability in sorted(wanted):
        by_need[need].append(capability)
    asked = [
        (scored.texts[need], [str(one) for one in capabilities])
        for need, capabilities in by_need.items()
    ]
    found: dict[PairIds, EnginePair] = {}
    for need, pairs in zip(by_need, scored.ranker.between(asked), strict=True):
        for result in pairs:
            found[need, int(result.capability_id)] = result
        scored.steps.take(need in work.affected)
    scored.steps.finish()
    return found


def _offer(work: Work, scored: Scored, pairs: Iterable[EnginePair]) -> None:
    """Nobody is suggested to themselves, nor to a need for repeating its words.

    A copy of a whole need is suggested to nobody: it says what is wanted, not what is offered. Nor
    is a list of everything.
    """
    for result in pairs:
        need, capability = int(result.need_id), int(result.capability_id)
        if work.listings[need].organisation_id == work.listings[capability].organisation_id:
            continue
        if result.score >= scored.best.least and capability not in scored.best.barred:
            texts = scored.texts[capability], scored.texts[need]
            if copies(*texts) or scored.texts.offers_everything(capability):
                scored.best.bar(capability)
            elif repeats(*texts):
                continue
        scored.best.offer((need, capability), result.score)


def _unchanged(
    work: Work, named: Mapping[PairIds, float], stored: Sequence[StoredPair]
) -> frozenset[PairIds]:
    """Return the named pairs that are stored already as they would be written."""
    return frozenset(
        one.pair
        for one in stored
        if one.is_current
        and one.is_recent
        and work.due.keys().isdisjoint(one.pair)
        and abs(named.get(one.pair, float("inf")) - one.score) <= SAME_SCORE
    )


def _brought_up(work: Work) -> Fitted:
    """The recommender with the capabilities and the plan as they are now."""
    if work.fitted is None:
        return fit(
            work.fit_version, work.texts, work.listings, work.plan, work.encoder, n_jobs=work.n_jobs
        )
    fitted = work.fitted.updated(work.texts, work.listings)
    recommender = copy.copy(fitted.recommender)
    recommender.plan = work.plan
    return replace(fitted, recommender=recommender)
