"""Choice of the search: scipy's for small indexes and until the kernels are ready, then compiled.

Nobody waits. A process that searches a large index checks whether this machine has compiled the
kernels. If so, a thread loads them, and later searches use them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from . import loading, plain, ready
from .facets import Where
from .live import Delta, LiveSegment, Queries
from .plain import Best, Search

# Listings from which the compiled search gains, on rows of 50 and 215 terms (docs/index.md). With
# fewer, scipy finds the best 2,000 sooner and similar listings hardly later.
COMPILED_FROM = 100_000

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_compiled: Search | None = None
_looking = True  # whether a large index has still to look for kernels
_has_given_up = False


def search(  # noqa: PLR0917
    segments: Sequence[LiveSegment],
    delta: Delta,
    queries: Queries,
    columns: int,
    k: int,
    where: Where,
    floors: NDArray[np.float32],
    threads: int,
) -> Best:
    """Search with the kernels if this process has them, else with scipy."""
    if _compiled is None and _looking and _size(segments, delta) >= COMPILED_FROM:
        _look()
    serve = _compiled or plain.search
    return serve(segments, delta, queries, columns, k, where, floors, threads)


def prepare(segments: Sequence[LiveSegment], delta: Delta, columns: int, *, wait: bool) -> None:
    """Make the first search as fast as the next; with ``wait``, load kernels that are ready."""
    if wait and _compiled is None and _looking and _size(segments, delta) >= COMPILED_FROM:
        _look(wait=True)
    if _compiled is None:
        plain.prepare(segments, delta, columns)


def is_compiled() -> bool:
    """Whether this process searches with the compiled kernels."""
    return _compiled is not None


def use(compiled: Search | None) -> None:
    """Use the compiled kernels for later searches; None goes back to scipy."""
    global _compiled  # noqa: PLW0603
    _compiled = compiled
    plain.forget()


def give_up(reason: str) -> None:
    """Stay with scipy in this process, and log the reason once."""
    global _looking, _has_given_up
    with _lock:
        said, _looking, _has_given_up = _has_given_up, False, True
    if not said:
        _log.warning(
            "a large index is searched with scipy, with the same results but slower: %s", reason
        )


def load() -> bool:
    """Load the kernels, compile missing ones, and search with them; False when that fails."""
    try:
        use(loading.load())
    except (ImportError, RuntimeError) as error:  # numba raises the latter without a cache folder
        give_up(str(error))
        return False
    return True


def _look(*, wait: bool = False) -> None:
    """Start to load the kernels if they are ready; with ``wait``, finish."""
    global _looking
    if not ready.has_numba():
        give_up("numba is not installed")
        return
    if not ready.is_ready():
        return
    with _lock:
        first, _looking = _looking, False
    if first:
        thread = threading.Thread(target=load, name="kernels", daemon=True)
        thread.start()
        if wait:
            thread.join()


def _size(segments: Sequence[LiveSegment], delta: Delta) -> int:
    return sum(len(live.alive) for live in segments) + len(delta)
