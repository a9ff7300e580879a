"""A cluster names whom one process names, also when it loses a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matchmaker.engine import Listing, PlanFacts, Recommender
from matchmaker.engine.cluster import Cluster, Saved
from matchmaker.engine.saving import save
from tests.engine.conftest import BOARD, need

PLAN = PlanFacts.from_mapping({"sides": {"63": "beneficiary", "32": "partner"}, "initiatives": []})
NEEDS = [
    need(f"n{number}", BOARD[number % len(BOARD)].title, province="63") for number in range(3000)
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),
]  # the cluster's own, when it loses a worker


@pytest.fixture
def client() -> Iterator[Any]:
    from distributed import Client, LocalCluster  # noqa: PLC0415  # few tests need a cluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def recommender(tmp_path: Path) -> Recommender:
    fitted = Recommender(plan=PLAN).fit(BOARD)
    save(fitted, tmp_path, "v")
    return fitted


def test_a_cluster_that_loses_a_worker_gives_the_same(
    client: Any, recommender: Recommender, tmp_path: Path
) -> None:
    victim = next(iter(client.run(os.getpid).values()))
    cluster = Cluster(client, Saved(tmp_path, "v", PLAN))
    ranked = []
    for number, pairs in enumerate(cluster.rank(NEEDS, 3)):
        if number == 100:
            os.kill(victim, signal.SIGKILL)
        ranked.append(pairs)
    recommender.explain = False
    assert ranked == recommender.rank(NEEDS, 3)


def test_reasons_are_those_of_one_process(
    client: Any, recommender: Recommender, tmp_path: Path
) -> None:
    wanted: list[tuple[Listing, list[str]]] = [
        (one, ["brine-en", "barley-zh"]) for one in NEEDS[:100]
    ]
    assert list(Cluster(client, Saved(tmp_path, "v", PLAN)).between(wanted)) == recommender.between(
        wanted
    )
