"""Measures of a ranking and of what is said of its pairs, with bootstrap intervals over needs.

Grades: 3 solves the need, 2 is worth a conversation, 1 helps loosely, 0 is a named distractor.
A capability without a grade counts as 0, but not as a distractor.

K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4),
2002, with gain 2^grade - 1. E. M. Voorhees, "The TREC-8 question answering track report", 1999,
for the reciprocal rank.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .ranked import Grades, Ranked
from .truth import GOOD, measures, tally

MEASURES = {
    "ndcg": "nDCG@10",
    "mrr": "MRR",
    "recall": "recall@10",
    "ndcg_same": "nDCG@10, same language",
    "ndcg_cross": "nDCG@10, other languages",
    "mrr_cross": "MRR, other languages",
    "recall_cross": "recall@10, other languages",
    "recall_mixed": "other languages' recall@10 in the mixed list",
    "distractors": "hard distractors in the top 5 (lower is better)",
    "no_match": "nobody fits told from somebody fits, AUC",
    "first_right": "first capability right",
    "strong_right": "strong pairs that are right",
    "strong_found": "right pairs called strong",
    "possible_right": "possible pairs that are right",
    "calibration": "expected calibration error (lower is better)",
    "told": "nobody fits, and told so",
    "false_alarms": "somebody fits, but told nobody (lower is better)",
}
_DEPTH = 10
_TOP = 5


class Measured(NamedTuple):
    """A mean over needs with its 95 % interval.

    Parameters
    ----------
    value : float
        The mean.
    low : float
        Lower end of the interval.
    high : float
        Upper end of the interval.

    Examples
    --------
    >>> Measured(0.8, 0.7, 0.9).value
    0.8
    """

    value: float
    low: float
    high: float


def ndcg(ranking: Sequence[str], grades: Grades, depth: int = _DEPTH) -> float | None:
    """Return the normalised discounted cumulated gain.

    Parameters
    ----------
    ranking : Sequence[str]
        Ids, best first.
    grades : Grades
        Id -> grade; an id without a grade counts as 0.
    depth : int
        Number of ids that count.

    Returns
    -------
    float | None
        A share of the best gain possible, 0..1; None when no grade is above 0.

    Examples
    --------
    >>> ndcg(["a", "b"], {"a": 3, "b": 1})
    1.0
    """
    best = _gain(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth])
    return _gain([grades.get(found, 0) for found in ranking[:depth]]) / best if best else None


def _gain(grades: Iterable[int]) -> float:
    return sum(
        (2.0**grade - 1.0) / math.log2(place + 1) for place, grade in enumerate(grades, start=1)
    )


def reciprocal_rank(ranking: Sequence[str], grades: Grades) -> float | None:
    """Return one over the place of the first good id (grade 2 or 3).

    Parameters
    ----------
    ranking : Sequence[str]
        Ids, best first.
    grades : Grades
        Id -> grade.

    Returns
    -------
    float | None
        A value in 0..1, 0 when no good id is ranked; None when there is no good id.

    Examples
    --------
    >>> reciprocal_rank(["a", "b"], {"b": 2})
    0.5
    """
    if not any(grade >= GOOD for grade in grades.values()):
        return None
    return next(
        (1.0 / place for place, one in enumerate(ranking, start=1) if grades.get(one, 0) >= GOOD),
        0.0,
    )


def recall(ranking: Sequence[str], grades: Grades, depth: int = _DEPTH) -> float | None:
    """Return the share of good ids (grade 2 or 3) among the first.

    Parameters
    ----------
    ranking : Sequence[str]
        Ids, best first.
    grades : Grades
        Id -> grade.
    depth : int
        Number of ids that count.

    Returns
    -------
    float | None
        A share, 0..1; None when there is no good id.

    Examples
    --------
    >>> recall(["a", "b", "c"], {"b": 2, "c": 3}, depth=2)
    0.5
    """
    good = {one for one, grade in grades.items() if grade >= GOOD}
    return len(good.intersection(ranking[:depth])) / len(good) if good else None


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the area under the ROC curve.

    Parameters
    ----------
    positive : Sequence[float]
        Scores of positive cases.
    negative : Sequence[float]
        Scores of negative cases.

    Returns
    -------
    float | None
        The chance that a positive case scores above a negative one, ties counting half; None when
        one side is empty.

    Examples
    --------
    >>> auc([0.9, 0.4], [0.4, 0.1])
    0.875
    """
    if not positive or not negative:
        return None
    wins = sum((one > other) + 0.5 * (one == other) for one in positive for other in negative)
    return wins / (len(positive) * len(negative))


def measure(need: Ranked, languages: Mapping[str, str]) -> dict[str, float | None]:
    """Return every measure of a need that has a partner; ``languages`` maps ids to languages."""
    same = [one for one in need.ranking if languages[one] == need.language]
    cross = [one for one in need.ranking if languages[one] != need.language]
    of_same = {
        one: grade for one, grade in need.grades.items() if languages.get(one) == need.language
    }
    of_cross = {
        one: grade for one, grade in need.grades.items() if languages.get(one) != need.language
    }
    return {
        "ndcg": ndcg(need.ranking, need.grades),
        "mrr": reciprocal_rank(need.ranking, need.grades),
        "recall": recall(need.ranking, need.grades),
        "ndcg_same": ndcg(same, of_same),
        "ndcg_cross": ndcg(cross, of_cross),
        "mrr_cross": reciprocal_rank(cross, of_cross),
        "recall_cross": recall(cross, of_cross),
        "recall_mixed": recall(need.ranking, of_cross),
        "distractors": sum(need.grades.get(one, 1) == 0 for one in need.ranking[:_TOP]) / _TOP,
    }


def evaluate(
    needs: Sequence[Ranked], languages: Mapping[str, str], samples: int = 1000, seed: int = 7
) -> dict[str, Measured | None]:
    """Return the mean of every measure over needs, with a bootstrap interval.

    Parameters
    ----------
    needs : Sequence[Ranked]
        Rankings; those without any partner count for the measure "no_match" only.
    languages : Mapping[str, str]
        Id of a capability -> language.
    samples : int
        Number of bootstrap samples.
    seed : int
        Seed of the samples.

    Returns
    -------
    dict[str, Measured | None]
        Name of ``MEASURES`` -> mean with interval; None where no need has the measure.

    Examples
    --------
    >>> needs = [Ranked("en", ["c1", "c2"], 0.7, {"c2": 3})]
    >>> evaluate(needs, {"c1": "en", "c2": "zh"})["mrr"]
    Measured(value=0.5, low=0.5, high=0.5)
    """
    served = [need for need in needs if need.has_partner]
    alone = [need for need in needs if not need.has_partner]
    rows = [measure(need, languages) for need in served]
    # What a need without a partner adds stands behind what those with one add.
    tops = [need.top for need in (*served, *alone)]
    tallies = np.array([tally(need) for need in (*served, *alone)])
    with_one, without = range(len(served)), range(len(served), len(tops))
    values = _means(rows, tops, tallies, with_one, without)
    draw = random.Random(seed)  # noqa: S311 # nosec B311: a sample, not a secret
    drawn: dict[str, list[float]] = {name: [] for name in MEASURES}
    for _ in range(samples if rows else 0):
        chosen = draw.choices(with_one, k=len(with_one))
        none = draw.choices(without, k=len(without)) if without else []
        for name, value in _means(rows, tops, tallies, chosen, none).items():
            if value is not None:
                drawn[name].append(value)
    return {name: _interval(value, drawn[name]) for name, value in values.items()}


def _means(
    rows: Sequence[Mapping[str, float | None]],
    tops: Sequence[float],
    tallies: NDArray[np.float64],
    served: Sequence[int],
    alone: Sequence[int],
) -> dict[str, float | None]:
    """Return the measures over chosen needs, which are given by their places."""
    means: dict[str, float | None] = {}
    for name in MEASURES:
        known = [value for at in served if (value := rows[at].get(name)) is not None]
        means[name] = sum(known) / len(known) if known else None
    means["no_match"] = auc([tops[at] for at in served], [tops[at] for at in alone])
    everyone = [*served, *alone]
    return means | (measures(tallies[everyone].sum(axis=0)) if everyone else {})


def _interval(value: float | None, drawn: list[float]) -> Measured | None:
    if value is None:
        return None
    if not drawn:
        return Measured(value, value, value)
    ordered = sorted(drawn)
    high = min(len(ordered) - 1, int(0.975 * len(ordered)))
    return Measured(value, ordered[int(0.025 * len(ordered))], ordered[high])
