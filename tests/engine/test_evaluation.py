"""The measures, against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from matchmaker.engine import Weights
from matchmaker.engine.evaluation import (
    MEASURES,
    Ranked,
    auc,
    evaluate,
    ndcg,
    recall,
    reciprocal_rank,
)
from matchmaker.engine.weights import ABLATIONS, without

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}
LANGUAGES = {"a": "zh", "b": "en", "c": "en", "d": "es", "x": "zh"}


def test_gain_is_discounted() -> None:
    best = 7 + 3 / math.log2(3) + 1 / 2
    assert ndcg(["a", "b", "c"], GRADES) == pytest.approx(1.0)
    assert ndcg(["b", "x", "a"], GRADES) == pytest.approx((3 + 7 / 2) / best)
    assert ndcg(["x"] * 10 + ["a"], GRADES) == 0.0
    assert ndcg(["a"], {"a": 0}) is None


@pytest.mark.parametrize(
    ("ranking", "rank", "share"),
    [(["a", "b"], 1.0, 1.0), (["c", "b"], 0.5, 0.5), (["c", "d"], 0.0, 0.0)],
)
def test_only_what_is_worth_a_conversation_is_found(
    ranking: list[str], rank: float, share: float
) -> None:
    assert reciprocal_rank(ranking, GRADES) == rank
    assert recall(ranking, GRADES) == share
    assert recall(ranking, {"c": 1}) is None
    assert reciprocal_rank(ranking, {"c": 1}) is None


def test_area_under_the_curve() -> None:
    assert auc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert auc([], [0.1]) is None


def test_the_mixed_list_is_told_from_the_filtered_one() -> None:
    need = Ranked("zh", ["x"] * 10 + ["b"], 0.9, {"b": 2, "d": 0})
    found = evaluate([need], LANGUAGES, samples=10)
    values = {name: measured.value for name, measured in found.items() if measured}
    assert values["recall_cross"] == 1.0
    assert values["recall_mixed"] == 0.0
    assert values["ndcg_cross"] == 1.0
    assert found["ndcg_same"] is None
    assert found["no_match"] is None


def test_named_distractors_count_and_unjudged_do_not() -> None:
    need = Ranked("en", ["b", "d", "x"], 0.9, GRADES)
    distractors = evaluate([need], LANGUAGES, samples=0)["distractors"]
    assert distractors is not None
    assert distractors == (0.2, 0.2, 0.2)


def test_intervals_hold_the_value_and_repeat() -> None:
    needs = [Ranked("en", ["b", "a"] if at % 3 else ["x", "b"], at / 10, GRADES) for at in range(9)]
    needs += [Ranked("en", ["a"], 0.45, {}), Ranked("en", ["a"], 0.1, {"a": 0})]
    found = evaluate(needs, LANGUAGES, samples=200, seed=1)
    assert found == evaluate(needs, LANGUAGES, samples=200, seed=1)
    assert set(found) == set(MEASURES)
    for measured in found.values():
        if measured is not None:
            assert measured.low <= measured.value <= measured.high


@pytest.mark.parametrize("name", ABLATIONS)
def test_every_ablation_changes_the_weights(name: str) -> None:
    assert without(Weights(), [name]) != Weights()


def test_an_unknown_ablation_is_refused() -> None:
    with pytest.raises(ValueError, match="none of"):
        without(Weights(), ["luck"])
