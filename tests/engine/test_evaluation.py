"""The measures, against values worked out by hand and against scikit-learn's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score, recall_score, roc_auc_score

from matchmaker.engine import Weights, default_weights
from matchmaker.engine.evaluation import MEASURES, auc, evaluate, ndcg, recall, reciprocal_rank
from matchmaker.engine.ranked import Ranked
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


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(1, 12))
def test_the_measures_of_a_list_are_those_of_scikit_learn(given_grades: list[int], k: int) -> None:
    """Its gain is linear, so it is given 2^grade - 1."""
    ranking = [f"c{place}" for place in range(len(given_grades))]
    grades = dict(zip(ranking, given_grades, strict=True))
    scores = -np.arange(len(ranking))
    gains = 2.0 ** np.array(given_grades) - 1.0
    if any(given_grades):
        assert ndcg(ranking, grades, k) == pytest.approx(ndcg_score([gains], [scores], k=k))
    good = np.array(given_grades) >= 2
    if good.any():
        assert recall(ranking, grades, k) == pytest.approx(recall_score(good, scores > -k))


@given(
    st.lists(st.sampled_from([0.1, 0.2, 0.5, 0.9]), min_size=1),
    st.lists(st.sampled_from([0.1, 0.2, 0.5, 0.9]), min_size=1),
)
def test_the_area_is_that_of_scikit_learn(positive: list[float], negative: list[float]) -> None:
    labels = [1] * len(positive) + [0] * len(negative)
    assert auc(positive, negative) == pytest.approx(roc_auc_score(labels, [*positive, *negative]))


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


def test_intervals_of_what_is_said_are_over_all_needs() -> None:
    needs = [Ranked("en", ["a"], 0.9, GRADES, [0.9], ["strong"]) for _ in range(3)]
    needs += [Ranked("en", ["x"], 0.9, {}, [0.9], ["strong"])]
    found = evaluate(needs, LANGUAGES, samples=50)
    assert found["strong_right"] == (0.75, 0.75, 0.75)
    assert found["told"] == (0.0, 0.0, 0.0)
    assert found["first_right"] == (1.0, 1.0, 1.0)


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
    weights = default_weights(meaning=True)  # with an encoder every channel counts
    assert without(weights, [name]) != weights


def test_an_unknown_ablation_is_refused() -> None:
    with pytest.raises(ValueError, match="none of"):
        without(Weights(), ["luck"])
