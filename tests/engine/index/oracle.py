"""The index as a dictionary: what the real one must agree with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matchmaker.engine.index import Index, Where

COLUMNS = 40


def matrix(rows: list[dict[int, float]], columns: int = COLUMNS) -> sparse.csr_matrix:
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.array([column for row in rows for column in row], np.int32)
    data = np.array([value for row in rows for value in row.values()], np.float32)
    return sparse.csr_matrix((data, indices, indptr), shape=(len(rows), columns))


def scores(
    listings: Mapping[int, tuple[dict[int, float], int]], query: dict[int, float], where: Where = ()
) -> dict[int, float]:
    """Return the score of every listing let through, by scipy."""
    ids = [name for name, (_, flags) in listings.items() if all(flags & bits for bits in where)]
    rows = matrix([listings[name][0] for name in ids]).astype(np.float64)
    found = (rows @ matrix([query]).astype(np.float64).T).toarray().ravel()
    return dict(zip(ids, found.tolist(), strict=True))


def check(
    index: Index,
    listings: Mapping[int, tuple[dict[int, float], int]],
    query: dict[int, float],
    k: int,
    where: Where = (),
    floor: NDArray[np.float32] | None = None,
) -> None:
    """Check the index against a dictionary: scores, order, and no better one left out."""
    found, given = index.top_many(matrix([query]), k, where, floor)
    ids, likeness = found[0][found[0] >= 0].tolist(), given[0][found[0] >= 0]
    expected = scores(listings, query, where)
    positive = {name: score for name, score in expected.items() if np.float32(score) > 0}
    length = np.linalg.norm(list(query.values()))
    longest = max(
        (np.linalg.norm(list(row.values())) for row, _ in listings.values() if row), default=0.0
    )
    slack = 3e-6 * length * longest
    assert len(ids) == min(k, len(positive))
    assert len(set(ids)) == len(ids)
    np.testing.assert_allclose(likeness, [positive[name] for name in ids], rtol=0, atol=slack)
    assert [(-score, name) for score, name in zip(likeness, ids, strict=True)] == sorted(
        (-score, name) for score, name in zip(likeness, ids, strict=True)
    )
    if ids:
        left = [score for name, score in positive.items() if name not in set(ids)]
        assert max(left, default=0.0) <= likeness[-1] + slack
