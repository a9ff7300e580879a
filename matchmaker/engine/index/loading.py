"""Loading the compiled kernels, which compiles what is missing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy import sparse

from . import snapshot
from .live import Delta, LiveSegment
from .plain import Search
from .segment import build


def load() -> Search:
    """Return the search with kernels that are ready to run. Raises ImportError or RuntimeError."""
    from .compiled import search  # noqa: PLC0415  # numba

    warm(search)
    return search


def warm(search: Search) -> None:
    """Search a tiny index in every way, because numba compiles for each kind of arrays."""
    rows = sparse.csr_matrix(np.eye(4, dtype=np.float32))
    made = LiveSegment.of(build(np.arange(3), rows[:3], np.arange(3, dtype=np.uint64)))
    delta = Delta.empty().plus(np.arange(3, 4), rows[3:], np.zeros(1, np.uint64))
    queries = rows.indptr, rows.indices, rows.data
    with TemporaryDirectory() as folder:
        snapshot.write(Path(folder), "", 4, [made])
        # Read-only arrays are another type.
        _, mapped = snapshot.read(Path(folder), "", verify=False)
        for segments in ([made], mapped):
            for where in ((), (1,), (4,)):
                search(segments, delta, queries, 4, 2, where, np.zeros(4, np.float32), 1)
