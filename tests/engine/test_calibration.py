from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine import Weights
from matchmaker.engine.scoring.calibration import fit_of, log_odds_of

WEIGHTS = Weights()


@given(st.floats(-5, 30), st.floats(-5, 30))
def test_a_better_fit_never_counts_less(one: float, other: float) -> None:
    low, high = log_odds_of(np.sort(np.array([one, other])), WEIGHTS)
    assert low <= high


@given(st.floats(-3, 10))
def test_there_and_back(fit: float) -> None:
    odds = float(log_odds_of(np.array([fit]), WEIGHTS)[0])
    assert fit_of(1.0 / (1.0 + np.exp(-odds)), WEIGHTS) == pytest.approx(fit, rel=1e-6, abs=1e-6)


def test_what_shares_nothing_has_no_chance() -> None:
    assert log_odds_of(np.array([-np.inf]), WEIGHTS)[0] == -np.inf
