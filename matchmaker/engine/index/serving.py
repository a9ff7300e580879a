"""Which search serves: scipy's in small indexes and until the kernels are ready, then the compiled.

Nobody waits here. A process that searches a large index looks whether the kernels have been compiled
on this machine. When they have, a thread loads them, and the searches that begin after that use them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from . import plain, ready
from .facets import Where
from .view import Delta, Rows, View

Found = tuple[NDArray[np.int64], NDArray[np.float32]]
Search = Callable[[Sequence[View], Delta, Rows, int, int, Where, NDArray[np.float32], int], Found]

# Listings from which the compiled search gains. Measured on rows of 50 and 215 terms (docs/index.md): with
# fewer, scipy finds the best 2,000 for a query sooner and the listings like one hardly later.
COMPILED_FROM = 100_000

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_compiled: Search | None = None
_looking = True  # whether a large index has still to look for kernels
_has_given_up = False


def search(  # noqa: PLR0917
    views: Sequence[View],
    delta: Delta,
    queries: Rows,
    columns: int,
    k: int,
    where: Where,
    floors: NDArray[np.float32],
    threads: int,
) -> Found:
    """Search with what this process has; see ``compiled.search``."""
    if _compiled is None and _looking and _size(views, delta) >= COMPILED_FROM:
        _look()
    serve = _compiled or plain.search
    return serve(views, delta, queries, columns, k, where, floors, threads)


def prepare(views: Sequence[View], delta: Delta, columns: int, *, wait: bool) -> None:
    """Make the first search as fast as the next: with ``wait``, load ready kernels; else what scipy needs."""
    if wait and _compiled is None and _looking and _size(views, delta) >= COMPILED_FROM:
        _look(wait=True)
    if _compiled is None:
        plain.prepare(views, delta, columns)


def is_compiled() -> bool:
    """Whether this process searches with the compiled kernels."""
    return _compiled is not None


def use(compiled: Search | None) -> None:
    """Let searches that begin from now on use the compiled kernels; None goes back to scipy."""
    global _compiled  # noqa: PLW0603
    _compiled = compiled
    plain.forget()


def give_up(reason: str) -> None:
    """Stay with scipy in this process, and say why once."""
    global _looking, _has_given_up
    with _lock:
        said, _looking, _has_given_up = _has_given_up, False, True
    if not said:
        _log.warning(
            "a large index is searched with scipy, with the same results but slower: %s", reason
        )


def _look(*, wait: bool = False) -> None:
    """Begin to load the kernels where they are ready; with ``wait``, load them."""
    global _looking
    if not ready.has_numba():
        give_up("numba is not installed")
        return
    if not ready.is_ready():
        return
    with _lock:
        first, _looking = _looking, False
    if first:
        from .compile import load

        thread = threading.Thread(target=load, name="kernels", daemon=True)
        thread.start()
        if wait:
            thread.join()


def _size(views: Sequence[View], delta: Delta) -> int:
    return sum(len(view.alive) for view in views) + len(delta)
