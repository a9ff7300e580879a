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
    alive = 0

    def __init__(self):
        self.me = self
        Ring.alive += 1

    def __del__(self):
        Ring.alive -= 1


def make(seconds):
    until = time.monotonic() + seconds
    most = 0
    while time.monotonic() < until:
        for _ in range(1_000):
            Ring()
        most = max(most, Ring.alive)
    return most


most = make(2)
print(sorted(set(where)), most < 1_000_000, Ring.alive < most)
child = os.fork()
if not child:
    where.clear()
    make(2)
    os._exit(0 if set(where) == {"garbage"} else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_garbage_is_collected_apart_here_and_in_a_forked_process() -> None:
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["['garbage'] True True", "0"], done.stderr
