from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine import default_weights
from matchmaker.engine.scoring.calibration import gain_of, log_odds_of, odds_of, probability
from matchmaker.engine.scoring.evidence import Evidence

WEIGHTS = default_weights(meaning=True)
FITS = st.floats(-3, 30)
USUAL = Evidence(
    fit=np.array([2.0]),
    reverse=np.array([2.0]),
    breadth=np.array([3.0]),
    meaning=np.array([0.0]),
    richness=np.array([0.0]),
    kinship=np.array(["chinese"]),
    excluded=np.array([0.0]),
    refused=np.array([0.0]),
)


def odds(**changes: float) -> float:
    """The log-odds of a pair that is usual but for some quantities."""
    arrays = {name: np.array([value]) for name, value in changes.items()}
    return float(log_odds_of(replace(USUAL, **arrays), WEIGHTS)[0])


@pytest.mark.parametrize("quantity", ["fit", "reverse", "breadth", "meaning"])
@given(FITS, FITS)
def test_more_evidence_never_counts_less(quantity: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert odds(**{quantity: low}) <= odds(**{quantity: high})


@given(FITS, st.floats(0, 5))
def test_a_gain_is_the_difference_it_makes(fit: float, more: float) -> None:
    gain = float(gain_of(fit, np.array([more]), WEIGHTS)[0])
    assert gain == pytest.approx(odds(fit=fit + more) - odds(fit=fit), abs=1e-9)


@given(st.floats(-20, 20))
def test_there_and_back(log_odds: float) -> None:
    assert odds_of(float(probability(np.array([log_odds]))[0])) == pytest.approx(log_odds, abs=1e-3)


def test_what_shares_nothing_has_no_chance() -> None:
    assert odds(fit=-np.inf) == -np.inf
