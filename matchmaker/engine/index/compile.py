"""Compile the kernels and use them: ``python -m matchmaker.engine.index.compile``.

The worker does so by itself for a large catalogue. The command serves a machine without a worker,
or compiles before a large site starts.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

from . import ready, serving

_log = logging.getLogger(__name__)


def make_ready() -> bool:
    """Compile or load the kernels and search with them from now on; False when that fails.

    Among several processes, one compiles while the others wait and then load.
    """
    if serving.is_compiled():
        return True
    if not ready.has_numba():
        serving.give_up("numba is not installed")
        return False
    if ready.is_ready():
        return serving.load()
    _log.info("The search of large tables is compiled now: a minute's work, once on this machine.")
    try:
        with ready.one_at_a_time():
            if serving.load():
                ready.note(_files())
    except OSError as error:
        serving.give_up(str(error))
    return serving.is_compiled()


def keep_ready(size: int) -> bool | None:
    """Compile the kernels, up to a minute's work, when an index is large enough to gain by them.

    Parameters
    ----------
    size : int
        Number of listings in the index.

    Returns
    -------
    bool | None
        Whether this process now searches with the kernels; None when there was nothing to do.

    Examples
    --------
    >>> keep_ready(1_000) is None
    True
    """
    if size < serving.COMPILED_FROM or ready.is_ready():
        return None
    return make_ready()


def _files() -> list[Path]:
    """Return the files in which numba keeps the kernels."""
    from .kernels import search  # noqa: PLC0415  # numba

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
