"""Calibration: from text fit to log-odds and back.

The fit counts in full up to ``full_fit`` standard deviations and by its logarithm beyond.
A capability far above the usual one shares the need's subject; the exact distance says little.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..weights import Weights

Floats = NDArray[np.float64]


def log_odds_of(fit: Floats, weights: Weights) -> Floats:
    """Return the log-odds (n,) of "worth a conversation" for text fits (n,).

    Fits are in standard deviations above the need's usual capability.
    """
    beyond = np.maximum(fit - weights.full_fit, 0.0)
    odds: Floats = (
        weights.slope * (np.minimum(fit, weights.full_fit) + np.log1p(beyond)) + weights.intercept
    )
    return odds


def fit_of(probability: float, weights: Weights) -> float:
    """Return the text fit that has a probability, 0 < probability < 1."""
    odds = math.log(probability / (1.0 - probability))
    counted = (odds - weights.intercept) / weights.slope
    return min(counted, weights.full_fit) + math.expm1(max(counted - weights.full_fit, 0.0))
