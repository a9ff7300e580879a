"""Floors of the engine's quality on the judged collections, well below the measured values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from matchmaker.commands.evaluate import evaluate

JUDGED = Path(__file__).parents[2] / "benchmarks" / "judged"
FLOORS = {"ndcg": 0.86, "ndcg_cross": 0.86, "recall_mixed": 0.88, "no_match": 0.8}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
def test_the_right_partners_are_named(name: str) -> None:
    done = CliRunner().invoke(evaluate, [str(JUDGED / name), "--samples", "0", "--json"])
    measured = json.loads(done.output)["results"]["all"]
    assert all(measured[measure]["value"] >= floor for measure, floor in FLOORS.items()), measured
    assert measured["distractors"]["value"] <= 0.2
