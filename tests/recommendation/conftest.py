"""An engine that is quick and easy to foresee: a pair's score is given by the words its two titles share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from matchmaker.engine import Listing, Pair, Reason
from matchmaker.recommendation import matching


class FakeRecommender:
    """Each shared word of the titles is worth 0.3; "strong" from 0.6, "possible" from 0.3."""

    fits: list[int] = []  # how many capabilities each fit got

    def __init__(self, plan: Any = None, encoder: Any = None) -> None:
        self.explain = True

    def fit(self, capabilities: Sequence[Listing]) -> FakeRecommender:
        self.known = list(capabilities)
        FakeRecommender.fits.append(len(self.known))
        return self

    def rank(self, needs: Sequence[Listing], k: int = 20) -> list[list[Pair]]:
        ranked = self.compare(needs, self.known)
        return [pairs[: k or None] for pairs in ranked]

    def compare(self, needs: Sequence[Listing], capabilities: Sequence[Listing], k: int = 0) -> list[list[Pair]]:
        return [
            sorted((self._pair(need, c) for c in capabilities), key=lambda p: (-p.score, p.capability_id))
            for need in needs
        ]

    def band(self, score: float) -> str:
        return "strong" if score >= 0.6 else "possible" if score >= 0.3 else "weak"

    def _pair(self, need: Listing, capability: Listing) -> Pair:
        shared = sorted(set(need.title.split()) & set(capability.title.split()))
        score = min(1.0, 0.05 + 0.3 * len(shared))
        reasons = [Reason("text", "term", word, 0.3, (word,), (word,)) for word in shared] if self.explain else []
        reasons += [Reason("text", "other_terms", "", score - sum(r.share for r in reasons))] if self.explain else []
        parts = {"text": score, "plan": 0.0, "mode": 0.0, "readiness": 0.0, "region": 0.0}
        return Pair(need.id, capability.id, score, self.band(score), parts, tuple(reasons))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> type[FakeRecommender]:
    """The foreseeable engine in place of the real one, fitted to nothing yet."""
    monkeypatch.setattr("matchmaker.engine.Recommender", FakeRecommender, raising=False)
    monkeypatch.setattr(matching, "_last", None)
    monkeypatch.setattr(FakeRecommender, "fits", [])
    return FakeRecommender
