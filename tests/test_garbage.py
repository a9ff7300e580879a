"""Collections begin on a thread of their own, never inside what another thread is doing."""

from __future__ import annotations

import subprocess
import sys

from matchmaker.paths import ROOT

SCRIPT = """
import gc, os, threading, time
from matchmaker import garbage

where = []
gc.callbacks.append(lambda phase, info: where.append(threading.current_thread().name))
garbage.collect_apart()
garbage.keep_what_is_here()
where.clear()


class Ring:
    made = alive = 0

    def __init__(self):
        self.me = self
        Ring.made += 1
        Ring.alive += 1

    def __del__(self):
        Ring.alive -= 1


def some_are_collected():
    until = time.monotonic() + 120
    while Ring.alive == Ring.made and time.monotonic() < until:
        for _ in range(1_000):
            Ring()
    return Ring.alive < Ring.made


print(some_are_collected(), sorted(set(where)))
child = os.fork()
if not child:
    where.clear()
    Ring.made = Ring.alive
    os._exit(0 if some_are_collected() and set(where) == {"garbage"} else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_garbage_is_collected_apart_here_and_in_a_forked_process() -> None:
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines() == ["True ['garbage']", "0"], done.stderr
