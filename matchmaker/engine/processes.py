"""The same work for many items by several processes, copies of this one, where that is safe."""

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

_work: tuple[Callable[[Any], Any], Sequence[Any]]  # in a copy: the work it was made for


def cores() -> int:
    """Return the number of cores that this process may use.

    Examples
    --------
    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(function: Callable[[T], R], items: Sequence[T], n_jobs: int = 1) -> Iterator[R]:
    """Apply a function to items in several processes.

    Processes are copies of this one, so only results are pickled. This process works alone where
    copies may hang: outside Linux, and while it has other threads.

    Parameters
    ----------
    function : Callable[[T], R]
        Any function; its results must be picklable.
    items : Sequence[T]
        Its arguments.
    n_jobs : int
        Number of processes (see ``cores``).

    Yields
    ------
    Iterator[R]
        ``function(item)`` of every item, in order.

    Examples
    --------
    >>> list(spread(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    if min(n_jobs, len(items)) < 2 or sys.platform != "linux" or threading.active_count() > 1:
        yield from map(function, items)
        return
    with _copies(function, items, n_jobs) as pool:
        yield from pool.map(_done, range(len(items)))


def _copies(function: Callable[[T], R], items: Sequence[T], n_jobs: int) -> ProcessPoolExecutor:
    import multiprocessing  # noqa: PLC0415  # most processes never make copies
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # as above

    fork = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(
        min(n_jobs, len(items)), fork, initializer=_begin, initargs=(function, items)
    )
    with warnings.catch_warnings():
        # Python warns of any thread. The linear algebra library keeps some and survives copying.
        warnings.simplefilter("ignore", DeprecationWarning)
        pool.submit(int).result()  # the copies are made with the first task
    return pool


def _begin(function: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _work  # noqa: PLW0603  # a copy has one work only
    gc.disable()  # it would touch, and so copy, all shared memory
    _work = function, items
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends its copies


def _done(number: int) -> Any:
    function, items = _work
    return function(items[number])
