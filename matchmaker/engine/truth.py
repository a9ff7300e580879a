"""Whether what is said of pairs is true: bands kept as promises, scores as probabilities.

A pair is right when its grade is 2 or 3; a pair that nobody judged is not.

A. Niculescu-Mizil, R. Caruana, "Predicting good probabilities with supervised learning", ICML 2005,
for the reliability table. C. Guo et al., "On calibration of modern neural networks", ICML 2017, for
the expected calibration error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .ranked import Ranked

Floats = NDArray[np.float64]

GOOD = 2
_LEAST = 0.05  # most pairs score below: they would drown the others
_BINS = 10
_COUNTED = (
    "needs_with_right", "first_right", "false_alarms", "needs_without", "told",
    "right", "strong", "strong_right", "possible", "possible_right",
)  # fmt: skip
_SHARES = {
    "first_right": ("first_right", "needs_with_right"),
    "strong_right": ("strong_right", "strong"),
    "strong_found": ("strong_right", "right"),
    "possible_right": ("possible_right", "possible"),
    "told": ("told", "needs_without"),
    "false_alarms": ("false_alarms", "needs_with_right"),
}


class Bin(NamedTuple):
    """A row of the reliability table: pairs of about the same score.

    Parameters
    ----------
    floor : float
        Lower end of the bin.
    score : float
        Mean score of its pairs.
    right : float
        Share of its pairs that are right.
    pairs : int
        Their number.

    Examples
    --------
    >>> Bin(0.7, 0.75, 0.8, 20).right
    0.8
    """

    floor: float
    score: float
    right: float
    pairs: int


def reliability(scores: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Compare scores with the share of pairs that are right, in ten equal bins.

    Parameters
    ----------
    scores : Sequence[float]
        Scores of pairs, 0..1; those below .05 are left out.
    right : Sequence[bool]
        Whether each pair is right.

    Returns
    -------
    list[Bin]
        The bins that hold a pair, lowest first.

    Examples
    --------
    >>> reliability([0.01, 0.25, 0.25, 0.9], [False, True, False, True])
    [Bin(floor=0.2, score=0.25, right=0.5, pairs=2), Bin(floor=0.9, score=0.9, right=1.0, pairs=1)]
    """
    return _bins(_binned(np.asarray(scores, float), np.asarray(right, bool)))


def calibration_error(bins: Iterable[Bin]) -> float | None:
    """Return the expected calibration error.

    Parameters
    ----------
    bins : Iterable[Bin]
        Rows of a reliability table.

    Returns
    -------
    float | None
        The mean distance of score and share right, each bin counting by its pairs; None without
        pairs.

    Examples
    --------
    >>> calibration_error([Bin(0.2, 0.25, 0.5, 3), Bin(0.9, 0.9, 0.9, 1)])
    0.1875
    """
    rows = list(bins)
    pairs = sum(row.pairs for row in rows)
    return sum(abs(row.score - row.right) * row.pairs for row in rows) / pairs if pairs else None


def reliability_of(needs: Iterable[Ranked]) -> list[Bin]:
    """Return the reliability table of all pairs of ranked needs.

    Parameters
    ----------
    needs : Iterable[Ranked]
        Rankings with scores.

    Returns
    -------
    list[Bin]
        The table, as ``reliability`` gives it.

    Examples
    --------
    >>> from matchmaker.engine import Ranked
    >>> need = Ranked("en", ["c1"], 0.75, {"c1": 3}, [0.75], ["strong"])
    >>> reliability_of([need])
    [Bin(floor=0.7, score=0.75, right=1.0, pairs=1)]
    """
    return _bins(sum((tally(need)[len(_COUNTED) :] for need in needs), np.zeros(3 * _BINS)))


def counts(needs: Iterable[Ranked]) -> dict[str, int]:
    """Count needs and pairs that are told truly.

    Parameters
    ----------
    needs : Iterable[Ranked]
        Rankings with scores and bands.

    Returns
    -------
    dict[str, int]
        *needs_with_right* (needs with a right capability), *first_right* (… whose first one is
        right), *false_alarms* (… all of whose pairs are weak), *needs_without* (no grade above 0),
        *told* (… all of whose pairs are weak), *right* (right pairs), *strong*, *strong_right*,
        *possible*, *possible_right*.

    Examples
    --------
    >>> from matchmaker.engine import Ranked
    >>> found = counts([Ranked("en", ["c1"], 0.1, {}, [0.1], ["weak"])])
    >>> found["told"], found["needs_without"]
    (1, 1)
    """
    total = sum((tally(need) for need in needs), np.zeros(len(_COUNTED) + 3 * _BINS))
    return {name: int(value) for name, value in zip(_COUNTED, total, strict=False)}


def tally(need: Ranked) -> Floats:
    """Return what one need adds to every count and bin; ``measures`` reads the sum."""
    grades = np.array([need.grades.get(one, 0) for one in need.ranking])
    right, bands = grades >= GOOD, np.array(need.bands, dtype="<U8")
    some = any(grade >= GOOD for grade in need.grades.values())
    told = len(bands) == len(right)
    silent = told and not np.any(bands != "weak")
    of_band = [
        value
        for band in ("strong", "possible")
        for value in ((bands == band).sum(), (right & (bands == band)).sum() if told else 0)
    ]
    return np.array(
        [
            some,
            some and bool(right[:1].any()),
            some and silent,
            told and not need.has_partner,
            silent and not need.has_partner,
            sum(grade >= GOOD for grade in need.grades.values()) if told else 0,
            *of_band,
            *_binned(np.array(need.scores, float), right[: len(need.scores)]),
        ],
        dtype=float,
    )


def measures(total: Floats) -> dict[str, float | None]:
    """Return the shares and the calibration error of a sum of tallies; None where there is none."""
    found = dict(zip(_COUNTED, map(float, total), strict=False))
    shares = {
        name: found[part] / found[whole] if found[whole] else None
        for name, (part, whole) in _SHARES.items()
    }
    return {**shares, "calibration": calibration_error(_bins(total[len(_COUNTED) :]))}


def _binned(scores: Floats, right: NDArray[np.bool_]) -> Floats:
    """Return sums of scores, sums of right ones and numbers of pairs, bin by bin (3 · bins)."""
    kept = scores >= _LEAST
    place = np.minimum(_BINS - 1, (scores[kept] * _BINS).astype(int))
    sums = [np.bincount(place, values, _BINS) for values in (scores[kept], right[kept])]
    return np.concatenate([*sums, np.bincount(place, minlength=_BINS)])


def _bins(binned: Floats) -> list[Bin]:
    rows = enumerate(binned.reshape(3, _BINS).T)
    return [
        Bin(place / _BINS, float(score / pairs), float(right / pairs), int(pairs))
        for place, (score, right, pairs) in rows
        if pairs
    ]
