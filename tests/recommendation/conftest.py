"""A quick engine: the words that two titles share give the score of the pair."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from matchmaker.engine import Change, Listing, Pair, Reason
from matchmaker.recommendation.run.fitted import RecommenderStore


@dataclass
class FakeNeeds:
    listings: list[Listing]

    def without(self, ids: Collection[str]) -> FakeNeeds:
        return FakeNeeds([need for need in self.listings if need.id not in ids])

    def joined(self, others: FakeNeeds) -> FakeNeeds:
        return FakeNeeds(self.listings + others.listings)


class FakeRecommender:
    """Each shared word of the titles is worth 0.3; "strong" from 0.6, "possible" from 0.3."""

    fits: list[int] = []  # how many capabilities each fit got
    asked: list[str] = []  # "need/capability" of each pair that was scored
    weights_ = SimpleNamespace(possible=0.3)
    lift: Change | None = None

    def __init__(self, plan: Any = None, encoder: Any = None, n_jobs: int = 1) -> None:
        self.plan, self.explain, self.encoder = plan, True, encoder

    def fit(self, capabilities: Sequence[Listing]) -> FakeRecommender:
        self.capabilities_ = SimpleNamespace(listings=list(capabilities))
        self.size, self.changes = len(capabilities), 0
        FakeRecommender.fits.append(self.size)
        return self

    def updated(
        self, capabilities: Sequence[Listing], withdrawn: Collection[str]
    ) -> FakeRecommender:
        changed = copy(self)
        gone = {listing.id for listing in capabilities} | set(withdrawn)
        kept = [listing for listing in self.capabilities_.listings if listing.id not in gone]
        changed.capabilities_ = SimpleNamespace(listings=[*kept, *capabilities])
        changed.changes += len(gone)
        return changed

    def drift(self, coming: int = 0) -> float:
        return (self.changes + coming) / max(self.size, 1)

    def rank(self, needs: Sequence[Listing], k: int = 20) -> list[list[Pair]]:
        everybody = self.capabilities_.listings
        ranked = [[self._pair(need, capability) for capability in everybody] for need in needs]
        return [
            sorted(pairs, key=lambda p: (-p.score, p.capability_id))[: k or None]
            for pairs in ranked
        ]

    def between(
        self, wanted: Sequence[tuple[Listing, Sequence[str]]], explainer: Any = None
    ) -> list[list[Pair]]:
        known = {listing.id: listing for listing in self.capabilities_.listings}
        return [[self._pair(need, known[capability]) for capability in ids] for need, ids in wanted]

    def prepare(self, needs: Sequence[Listing]) -> FakeNeeds:
        return FakeNeeds(list(needs))

    def rank_needs(
        self, capability: Listing, needs: FakeNeeds, k: int, floors: Sequence[float]
    ) -> list[Pair]:
        pairs = [
            (self._pair(need, capability), floor)
            for need, floor in zip(needs.listings, floors, strict=True)
        ]
        pairs.sort(key=lambda entry: -entry[0].score)
        return [
            pair for place, (pair, floor) in enumerate(pairs) if place < k or pair.score >= floor
        ]

    def band(self, score: float) -> str:
        return "strong" if score >= 0.6 else "possible" if score >= 0.3 else "weak"

    def _pair(self, need: Listing, capability: Listing) -> Pair:
        FakeRecommender.asked.append(f"{need.title}/{capability.title}")
        shared = sorted(set(need.title.split()) & set(capability.title.split()))
        score = min(1.0, 0.05 + 0.3 * len(shared))
        reasons = (
            [Reason("text", "term", word, 0.3, (word,), (word,)) for word in shared]
            if self.explain
            else []
        )
        reasons += (
            [Reason("text", "other_terms", "", score - sum(r.share for r in reasons))]
            if self.explain
            else []
        )
        parts = {"text": score, "plan": 0.0, "mode": 0.0, "readiness": 0.0, "region": 0.0}
        band = self.band(score)
        return Pair(need.id, capability.id, score, band, parts, tuple(reasons), lift=self.lift)


@pytest.fixture
def store() -> RecommenderStore:
    """A worker's recommender, kept in memory from run to run."""
    return RecommenderStore()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> type[FakeRecommender]:
    """The foreseeable engine in place of the real one, fitted to nothing yet."""
    monkeypatch.setattr("matchmaker.engine.Recommender", FakeRecommender, raising=False)
    monkeypatch.setattr(FakeRecommender, "fits", [])
    monkeypatch.setattr(FakeRecommender, "asked", [])
    monkeypatch.setattr(FakeRecommender, "lift", None)
    return FakeRecommender
