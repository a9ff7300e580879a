"""A run after changes gives what a full run would."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from matchmaker.engine.index import Index
from matchmaker.engine.index.matches import match_all, rematch
from tests.engine.index.test_index import drawn


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32),
    k=st.sampled_from([1, 3, 10]),
    size=st.sampled_from([5, 60, 400, 1500]),
    share=st.floats(0, 1),
    apart=st.sampled_from([1, 1 << 20]),
)
def test_a_run_after_changes_equals_a_full_one(seed: int, k: int, size: int, share: float, apart: int) -> None:
    rng = np.random.default_rng(seed)
    columns = 30
    index = Index(columns)
    rows, queries = drawn(rng, size, columns, 5), drawn(rng, 20, columns, 5)
    index.put(apart * np.arange(size), rows)
    matches = match_all(index, queries, k)
    for _ in range(3):
        changed = apart * np.flatnonzero(rng.random(size + 10) < share)
        index.withdraw(changed[: len(changed) // 3])
        kept = changed[len(changed) // 3 :]
        index.put(kept, drawn(rng, len(kept), columns, 5))
        asked_anew = np.array([0, 7])
        queries = sparse.vstack(
            [drawn(rng, 1, columns, 5), queries[1:7], drawn(rng, 1, columns, 5), queries[8:]], format="csr"
        )
        matches = rematch(matches, index, queries, changed, asked_anew)
        full = match_all(index, queries, k)
        for ours, expected in zip(matches.best(), full.best(), strict=True):
            np.testing.assert_array_equal(ours, expected)
