"""The same work for many items, by several processes where that is safe: copies of this one, which know all it knows."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

_work: tuple[Callable[[Any], Any], Sequence[Any]]  # of a copy: what it was made for


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(function: Callable[[T], R], items: Sequence[T], n_jobs: int = 1) -> Iterator[R]:
    """Yield ``function(item)`` of every item in order, computed by ``n_jobs`` processes.

    Neither the function nor the items are sent to the processes, only results come back. This process works alone
    where copies of it may hang: outside Linux, and while it has other threads.
    """
    if min(n_jobs, len(items)) < 2 or sys.platform != "linux" or threading.active_count() > 1:
        yield from map(function, items)
        return
    with _copies(function, items, n_jobs) as pool:
        yield from pool.map(_done, range(len(items)))


def _copies(function: Callable[[T], R], items: Sequence[T], n_jobs: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    fork = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(
        min(n_jobs, len(items)), fork, initializer=_begin, initargs=(function, items)
    )
    with warnings.catch_warnings():
        # Python warns of any thread. Those of the linear algebra library remain, which is made for being copied.
        warnings.simplefilter("ignore", DeprecationWarning)
        pool.submit(int).result()  # the copies are made with the first task
    return pool


def _begin(function: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _work  # noqa: PLW0603  # a copy has one work only
    gc.disable()  # it would look through, and so copy, all that is shared
    _work = function, items
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the first process hears Ctrl-C, and ends its copies


def _done(number: int) -> Any:
    function, items = _work
    return function(items[number])
