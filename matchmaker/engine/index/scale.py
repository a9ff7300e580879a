"""Batches over machines: a snapshot that all can read, chunks of queries to whoever is free. Needs the extra ``[scale]``.

A chunk is a pure function of the snapshot and its queries, so one that a worker takes down with it is simply done by
another. Workers keep the snapshot mapped between chunks.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .facets import Where
from .index import Index

if TYPE_CHECKING:
    from distributed import Client

_CHUNK = 1000


def top_many(  # noqa: PLR0917
    client: Client,
    folder: Path,
    version: str,
    queries: sparse.csr_matrix,
    k: int,
    where: Where = (),
    floor: NDArray[np.float32] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """As ``Index.top_many`` of the snapshot in ``folder``, computed by the client's workers."""
    floors = np.zeros(queries.shape[0], np.float32) if floor is None else floor
    chunks = [slice(start, start + _CHUNK) for start in range(0, queries.shape[0], _CHUNK)]
    if not chunks:
        return np.zeros((0, k), np.int64), np.zeros((0, k), np.float32)
    tasks = [
        client.submit(_chunk, str(folder), version, queries[chunk], k, where, floors[chunk], pure=False)
        for chunk in chunks
    ]
    found = client.gather(tasks)  # type: ignore[no-untyped-call]
    return np.concatenate([ids for ids, _ in found]), np.concatenate([scores for _, scores in found])


def _chunk(  # noqa: PLR0917
    folder: str, version: str, queries: sparse.csr_matrix, k: int, where: Where, floor: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    path = Path(folder)
    written = (path / "manifest.json").stat().st_mtime_ns
    return _opened(path, version, written).top_many(queries, k, where, floor)


@lru_cache(maxsize=1)
def _opened(folder: Path, version: str, written: int) -> Index:
    """Open a snapshot once for all chunks; ``written`` tells a newer one from it."""
    return Index.open(folder, version)
