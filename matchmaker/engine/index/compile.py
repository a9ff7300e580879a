"""Compile the kernels and take them into use: ``python -m matchmaker.engine.index.compile``.

The worker does it by itself for a large catalogue. The command is for a machine without a worker, or
for having them ready before a large site starts.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy import sparse

from . import ready, serving, snapshot
from .segment import build
from .view import Delta, View

_log = logging.getLogger(__name__)


def make_ready() -> bool:
    """Compile or load the kernels, however long it takes, and search with them; False where they cannot be had.

    Of several processes one compiles; the others wait and load.
    """
    if serving.is_compiled():
        return True
    if not ready.has_numba():
        serving.give_up("numba is not installed")
        return False
    if ready.is_ready():
        return load()
    _log.info("The search of large tables is compiled now: a minute's work, once on this machine.")
    try:
        with ready.one_at_a_time():
            if load():
                ready.mark(_files())
    except OSError as error:
        serving.give_up(str(error))
    return serving.is_compiled()


def keep_ready(size: int) -> bool | None:
    """As ``make_ready`` where an index of this size gains by the kernels; None where there is nothing to do."""
    if size < serving.COMPILED_FROM or ready.is_ready():
        return None
    return make_ready()


def load() -> bool:
    """Load the kernels, which compiles what numba does not have, and search with them; False where they fail."""
    try:
        from .compiled import search

        warm(search)
    except (
        ImportError,
        RuntimeError,
    ) as error:  # without a folder that it may write to, numba raises the latter
        serving.give_up(str(error))
        return False
    serving.use(search)
    return True


def warm(search: serving.Search) -> None:
    """Search a tiny index in every way: each kind of arrays is compiled for by itself."""
    rows = sparse.csr_matrix(np.eye(4, dtype=np.float32))
    made = View.of(build(np.arange(3), rows[:3], np.arange(3, dtype=np.uint64)))
    delta = Delta.empty().plus(np.arange(3, 4), rows[3:], np.zeros(1, np.uint64))
    queries = rows.indptr, rows.indices, rows.data
    with TemporaryDirectory() as folder:
        snapshot.write(Path(folder), "", 4, [made])
        _, mapped = snapshot.read(
            Path(folder), "", verify=False
        )  # may not be written to, another type
        for views in ([made], mapped):
            for where in ((), (1,), (4,)):
                search(views, delta, queries, 4, 2, where, np.zeros(4, np.float32), 1)


def _files() -> list[Path]:
    """What numba keeps of the kernels."""
    from .kernels import search

    folder = Path(search.stats.cache_path or "")
    return [path for name in ready.SOURCES for path in folder.glob(f"{name}.*.nb[ic]")]


def main() -> int:
    """Compile and say how long it took."""
    start = time.perf_counter()
    if not make_ready():
        return 1
    print(f"Kernels ready in {time.perf_counter() - start:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
