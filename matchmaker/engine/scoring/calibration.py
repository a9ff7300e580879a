"""Calibration: from what the texts say to log-odds of "worth a conversation", and back.

The fit counts in full up to ``full_fit`` standard deviations and by its logarithm beyond.
A capability far above the usual one shares the need's subject; the exact distance says little.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..weights import Weights
from .evidence import Evidence

Floats = NDArray[np.float64]


def log_odds_of(evidence: Evidence, weights: Weights) -> Floats:
    """Return the log-odds (n,) of pairs by their texts alone; -inf where nothing is shared."""
    related = np.array([weights.kinship[code] for code in evidence.kinship.tolist()])
    odds: Floats = (
        weights.intercept
        + related
        + weights.slope * bent(evidence.fit, weights)
        + weights.reverse * bent(evidence.reverse, weights)
        + weights.meaning * bent(evidence.meaning, weights)
        + weights.breadth * evidence.breadth
        + weights.richness * evidence.richness
    )
    return odds


def bent(fit: Floats, weights: Weights) -> Floats:
    """Return fits (n,) with what exceeds ``full_fit`` by its logarithm."""
    over = np.maximum(fit - weights.full_fit, 0.0)
    counted: Floats = np.minimum(fit, weights.full_fit) + np.log1p(over)
    return counted


def closeness(fit: Floats, meaning: Floats, weights: Weights) -> Floats:
    """Return what candidates are chosen by, in units of the text fit: fit and meaning together."""
    close: Floats = fit + weights.meaning / weights.slope * meaning
    return close


def gain_of(fit: float, more: Floats, weights: Weights) -> Floats:
    """Return what the log-odds gain (n,) when a fit rises by so much."""
    before = bent(np.array([fit]), weights)
    gain: Floats = weights.slope * (bent(fit + more, weights) - before)
    return gain


def probability(log_odds: Floats) -> Floats:
    """Return probabilities (n,) of log-odds (n,)."""
    with np.errstate(over="ignore"):
        found: Floats = 1.0 / (1.0 + np.exp(-log_odds))
    return found


def odds_of(chance: float) -> float:
    """Return the log-odds of a probability, 0 < probability < 1."""
    return math.log(chance / (1.0 - chance))
