"""Compile the kernels once, so that no request waits for it: ``python -m matchmaker.engine.index.compile``."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy import sparse

from .index import Index
from .jit import COMPILED


def warm() -> None:
    """Search a tiny index in every way; numba keeps what it compiles beside the modules, or in the user's cache."""
    rows = sparse.csr_matrix(np.eye(4, dtype=np.float32))
    index = Index(4)
    index.put([1, 2, 3], rows[:3], [1, 2, 3])
    index.seal()
    index.put([4], rows[3])
    with TemporaryDirectory() as folder:
        index.save(Path(folder), "")
        opened = Index.open(Path(folder), "")  # what is mapped may not be written to: other types to compile for
        for one in (index, opened):
            one.put([5], rows[3])
            for where in ((), (1,), (4,)):
                one.top_many(rows, 2, where)


def main() -> int:
    """Compile and say how long it took."""
    if not COMPILED:
        return 1
    start = time.perf_counter()
    warm()
    print(f"Kernels ready in {time.perf_counter() - start:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
