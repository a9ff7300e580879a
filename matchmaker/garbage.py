"""Python's garbage, collected on a thread of its own.

CPython 3.11 may start a collection inside any allocation, also inside the one that turns the values
of an instance into its ``__dict__``. A finaliser or a weak reference's callback then lets another
thread run. If that thread asks for the ``__dict__`` of the same instance, two dictionaries own the
same values, and the process dies later. From 3.12 on it starts between two bytecodes only.
Here it does on every version: see ``docs/decisions/0012-garbage-on-its-own-thread.md``.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LOOK_SECONDS = 0.05
YOUNG = 20_000  # objects made and not yet freed, after which the young are collected
FULL_EVERY = 25  # collections of the young, after which all are collected

_is_apart = False
_turn = threading.Lock()  # held while collecting: a process forked meanwhile could never collect


def collect_apart() -> None:
    """From now on collect on a thread of its own, in this process and in those it forks."""
    global _is_apart  # noqa: PLW0603
    if not _is_apart:
        _is_apart = True
        os.register_at_fork(
            before=_turn.acquire, after_in_parent=_turn.release, after_in_child=_start_in_child
        )
        _start()


@contextmanager
def none_meanwhile() -> Iterator[None]:
    """Collect nothing while the program is put together: what is made then stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def keep_what_is_here() -> None:
    """Look no more at the objects that are alive now: modules, routes, word lists."""
    gc.collect()
    gc.freeze()


def _start() -> None:
    gc.disable()
    threading.Thread(target=_collect_for_ever, name="garbage", daemon=True).start()


def _start_in_child() -> None:
    _turn.release()
    _start()


def _collect_for_ever() -> None:
    rounds = 0
    while True:
        time.sleep(LOOK_SECONDS)
        if gc.get_count()[0] >= YOUNG:
            rounds += 1
            with _turn:
                gc.collect(2 if rounds % FULL_EVERY == 0 else 1)
