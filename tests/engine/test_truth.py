"""Whether what is said of pairs is true, by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_score, recall_score

from matchmaker.engine.ranked import Ranked
from matchmaker.engine.truth import (
    Bin,
    calibration_error,
    counts,
    measures,
    reliability,
    reliability_of,
    tally,
)

BANDS = ("strong", "possible", "weak")


def need(bands: str, grades: str, missed: int = 0) -> Ranked:
    """A need whose pairs have bands "s", "p", "w" and grades "0" to "3", or "-" for unjudged."""
    ranking = [f"c{place}" for place in range(len(bands))]
    judged = {
        one: int(grade) for one, grade in zip(ranking, grades, strict=True) if grade.isdigit()
    }
    judged |= {f"missed{place}": 3 for place in range(missed)}
    names = {name[0]: name for name in BANDS}
    scores = [0.9 - 0.1 * place for place in range(len(bands))]
    return Ranked("en", ranking, 0.9, judged, scores, [names[band] for band in bands])


@pytest.mark.parametrize(
    ("needs", "name", "value"),
    [
        ([need("ssw", "3-2")], "strong_right", 1 / 2),
        ([need("ssw", "311")], "strong_right", 1 / 2),
        ([need("www", "32-")], "strong_right", None),
        ([need("ssw", "3-2")], "strong_found", 1 / 2),
        ([need("s", "3", missed=1)], "strong_found", 1 / 2),
        ([need("s", "1")], "strong_found", None),
        ([need("sppw", "3202")], "possible_right", 1 / 2),
        ([need("ww", "00"), need("pw", "--"), need("sw", "31")], "told", 1 / 2),
        ([need("ww", "10")], "told", None),
        ([need("", "")], "told", 1.0),
        ([need("ww", "30"), need("pw", "20"), need("ww", "10")], "false_alarms", 1 / 2),
        ([need("ss", "32"), need("ss", "13"), need("ss", "1-")], "first_right", 1 / 2),
        ([need("s", "-", missed=1)], "first_right", 0.0),
    ],
)
def test_bands_are_held_to_what_they_say(
    needs: list[Ranked], name: str, value: float | None
) -> None:
    assert measures(sum(map(tally, needs)))[name] == value


def test_a_ranking_without_bands_says_nothing_of_them() -> None:
    found = measures(tally(Ranked("en", ["c0"], 0.9, {"c0": 3})))
    assert found.pop("first_right") == 1.0
    assert found.pop("false_alarms") == 0.0
    assert set(found.values()) == {None}


def test_counts_are_what_the_shares_are_made_of() -> None:
    found = counts([need("spw", "302"), need("ww", "00")])
    assert found == {
        "needs_with_right": 1,
        "first_right": 1,
        "false_alarms": 0,
        "needs_without": 1,
        "told": 1,
        "right": 2,
        "strong": 1,
        "strong_right": 1,
        "possible": 1,
        "possible_right": 0,
    }


@pytest.mark.parametrize(
    ("scores", "right", "rows"),
    [
        ([], [], []),
        ([0.04], [True], []),
        ([0.05, 0.75], [False, True], [Bin(0.0, 0.05, 0.0, 1), Bin(0.7, 0.75, 1.0, 1)]),
        ([1.0, 0.5], [True, False], [Bin(0.5, 0.5, 0.0, 1), Bin(0.9, 1.0, 1.0, 1)]),
        ([0.25, 0.25], [True, False], [Bin(0.2, 0.25, 0.5, 2)]),
    ],
)
def test_the_reliability_table(scores: list[float], right: list[bool], rows: list[Bin]) -> None:
    assert reliability(scores, right) == rows


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([], None),
        ([Bin(0.5, 0.5, 0.5, 9)], 0.0),
        ([Bin(0.2, 0.25, 0.5, 3), Bin(0.9, 0.75, 0.25, 1)], 0.3125),
    ],
)
def test_the_calibration_error(rows: list[Bin], error: float | None) -> None:
    assert calibration_error(rows) == error


def test_needs_are_one_table() -> None:
    ranked = [need("sp", "3-"), need("sw", "01")]
    scores, right = [0.9, 0.8, 0.9, 0.8], [True, False, False, False]
    assert reliability_of(ranked) == reliability(scores, right)


# Odd thousandths: never on the edge of a bin, where scikit-learn decides otherwise.
pairs = st.lists(st.tuples(st.integers(25, 499), st.booleans()), min_size=1, max_size=60)


@given(pairs)
def test_the_table_is_that_of_scikit_learn(drawn: list[tuple[int, bool]]) -> None:
    scores, right = [(2 * one + 1) / 1000 for one, _ in drawn], [true for _, true in drawn]
    found = reliability(scores, right)
    share, mean = calibration_curve(right, scores, n_bins=10)
    assert [row.right for row in found] == pytest.approx(list(share))
    assert [row.score for row in found] == pytest.approx(list(mean))


@given(st.lists(st.tuples(st.sampled_from("spw"), st.sampled_from("0123")), min_size=1))
def test_strong_pairs_are_measured_as_scikit_learn_does(drawn: list[tuple[str, str]]) -> None:
    bands, grades = ("".join(part) for part in zip(*drawn, strict=True))
    found = measures(tally(need(bands, grades)))
    right, strong = (np.array(list(grades)) >= "2", np.array(list(bands)) == "s")
    if strong.any():
        assert found["strong_right"] == pytest.approx(precision_score(right, strong))
    if right.any():
        assert found["strong_found"] == pytest.approx(recall_score(right, strong))
