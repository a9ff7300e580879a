"""From text fit to log-odds and back: in full up to a few standard deviations, by the logarithm beyond.

What lies far above a need's usual capability is near its subject; how far above says ever less about who can help.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..weights import Weights

Floats = NDArray[np.float64]


def log_odds_of(fit: Floats, weights: Weights) -> Floats:
    """Return the log-odds of "worth a conversation" by the text alone, for fits (n,) in standard deviations."""
    beyond = np.maximum(fit - weights.full_fit, 0.0)
    odds: Floats = (
        weights.slope * (np.minimum(fit, weights.full_fit) + np.log1p(beyond)) + weights.intercept
    )
    return odds


def fit_of(probability: float, weights: Weights) -> float:
    """Return the fit that has a probability, 0 < probability < 1, by the text alone."""
    odds = math.log(probability / (1.0 - probability))
    counted = (odds - weights.intercept) / weights.slope
    return min(counted, weights.full_fit) + math.expm1(max(counted - weights.full_fit, 0.0))
