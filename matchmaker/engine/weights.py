"""Every number the engine was set with, in one frozen place that later learning may replace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ENGINE_VERSION = "0.3.0"


def _fields() -> dict[str, float]:
    return {"title": 3.0, "summary": 2.0, "tags": 2.0, "must_haves": 2.0, "description": 1.0}


def _chinese() -> dict[str, float]:
    return {"words": 0.6, "grams": 1.2, "concepts": 0.6, "senses": 0.2}


def _latin() -> dict[str, float]:
    return {"words": 1.0, "grams": 0.3, "concepts": 1.0, "senses": 1.0}


def _cross() -> dict[str, float]:
    return {"words": 0.2, "grams": 0.0, "concepts": 0.5, "senses": 1.0}


def _cognate() -> dict[str, float]:
    return {"words": 0.2, "grams": 0.0, "concepts": 0.6, "senses": 1.0}


@dataclass(frozen=True, slots=True)
class Weights:
    """The engine's settings; ``version`` names them, so that a stored score tells what made it.

    Text: ``fields`` is how often a field's text counts; ``chinese``, ``latin``, ``cross`` and ``cognate`` weigh the
    channels for two Chinese texts, two English or two Spanish ones, Chinese and another, English and Spanish; ``broader``
    is what a concept one step wider counts; ``pivot`` shrinks the vectors of texts with little in them (in unseen terms),
    ``scarcity`` the concepts of texts with many words and few concepts; ``meaning`` weighs an encoder, if there is one,
    against all channels together; ``reference_size`` capabilities per language measure what is usual, steadied by
    ``prior_listings`` imagined ones.

    ``slope`` and ``intercept``: the logistic curve from the text fit, in standard deviations above a need's usual
    capability, to a probability; from ``full_fit`` on the fit counts by its logarithm (see ``curve``). The further changes are in log-odds. ``strong`` and ``possible``: the least score of
    a band. Curve and bands were fitted on about 1,200 judged pairs of fictional listings (``benchmarks/judged``, the
    demonstration): on other listings of the kind, one need in sixty with a partner is told that there is none.
    """

    version: str = "2026.1"
    fields: Mapping[str, float] = field(default_factory=_fields)
    chinese: Mapping[str, float] = field(default_factory=_chinese)
    latin: Mapping[str, float] = field(default_factory=_latin)
    cross: Mapping[str, float] = field(default_factory=_cross)
    cognate: Mapping[str, float] = field(default_factory=_cognate)
    broader: float = 0.4
    pivot: float = 3.0
    scarcity: float = 1.0
    meaning: float = 1.0
    reference_size: int = 512
    prior_listings: float = 48.0
    full_fit: float = 2.0
    slope: float = 2.0
    intercept: float = -6.5
    goal_fits: float = 0.84
    goal_differs: float = -2.28
    mode_fits: float = 1.2
    mode_differs: float = -1.2
    role_buys: float = -2.28
    role_reports: float = -3.0
    role_trades: float = -1.5
    role_generalist: float = -2.28
    market_only: float = -3.6
    disclaims: float = -0.18
    readiness_meets: float = 0.24
    readiness_short: float = -0.24
    plan_declared: float = 0.72
    plan_evidence: float = 0.48
    region_named: float = 0.6
    region_partner: float = 0.24
    strong: float = 0.6
    possible: float = 0.35

    @property
    def most_gained(self) -> float:
        """The most that all that is known beyond the text can add to a pair's log-odds."""
        region = max(self.region_named, self.region_partner)
        gains = (
            self.goal_fits,
            self.mode_fits,
            self.readiness_meets,
            max(self.plan_declared, self.plan_evidence),
            region,
        )
        return sum(max(gain, 0.0) for gain in gains)


_CHANNELS = ("words", "grams", "concepts", "senses")
_EFFECTS = {
    "meaning": ("meaning",),
    "goal": ("goal_fits", "goal_differs"),
    "mode": ("mode_fits", "mode_differs", "market_only"),
    "roles": ("role_buys", "role_reports", "role_trades", "role_generalist", "market_only"),
    "limits": ("disclaims",),
    "readiness": ("readiness_meets", "readiness_short"),
    "plan": ("plan_declared", "plan_evidence"),
    "region": ("region_named", "region_partner"),
}
ABLATIONS = (*_CHANNELS, *_EFFECTS)


def without(weights: Weights, names: Iterable[str]) -> Weights:
    """Return weights with some channels or effects (names of ``ABLATIONS``) counting for nothing."""
    for name in names:
        if name in _EFFECTS:
            nothing: dict[str, Any] = dict.fromkeys(_EFFECTS[name], 0.0)
            weights = replace(weights, **nothing)
        elif name in _CHANNELS:
            none = {name: 0.0}
            weights = replace(
                weights,
                chinese={**weights.chinese, **none},
                latin={**weights.latin, **none},
                cross={**weights.cross, **none},
                cognate={**weights.cognate, **none},
            )
        else:
            raise ValueError(f"{name!r} is none of {', '.join(ABLATIONS)}")
    return weights
