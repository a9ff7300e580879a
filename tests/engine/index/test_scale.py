"""A cluster gives what one process gives, also when it loses a worker."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from matchmaker.engine.index import Index
from matchmaker.engine.index.scale import top_many
from tests.engine.index.test_index import drawn


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # the cluster's own, when it loses a worker
def test_a_cluster_that_loses_a_worker_gives_the_same(tmp_path: Path) -> None:
    from distributed import Client, LocalCluster

    rng = np.random.default_rng(1)
    index = Index(500)
    index.put(np.arange(20_000), drawn(rng, 20_000, 500, 60))
    index.save(tmp_path, "v")
    queries = drawn(rng, 12_000, 500, 60)
    expected = index.top_many(queries, 10, threads=2)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        victim = next(iter(client.run(os.getpid).values()))
        lost: list[int] = []

        def lose() -> None:
            os.kill(victim, signal.SIGKILL)
            lost.append(victim)

        client.loop.call_later(0.8, lose)
        found = top_many(client, tmp_path, "v", queries, 10, floor=expected[1][:, -1])
        assert lost == [victim]  # before the work was done
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)
