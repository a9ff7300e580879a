from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from matchmaker import server
from matchmaker.listings.searching import Searching
from matchmaker.server import WorkerProcess

SECONDS = 30


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerProcess]:
    monkeypatch.setenv("MATCHMAKER_HOME", str(tmp_path))
    monkeypatch.setenv("MATCHMAKER_SECRET_KEY", "k9vJw2Qx7LmZp4TsRb8NcYd3HfGa6EuW")
    monkeypatch.setattr(server, "WORKER_RESTART_SECONDS", 0.1)
    worker = WorkerProcess()
    worker.start()
    yield worker
    worker.stop()


def pid_other_than(worker: WorkerProcess, old: int | None) -> int:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if worker.pid not in (None, old):
            return int(worker.pid)  # type: ignore[arg-type]
        time.sleep(0.05)
    raise AssertionError("no worker was started in time")


def test_a_worker_that_dies_is_started_again(worker: WorkerProcess) -> None:
    first = pid_other_than(worker, None)
    os.kill(first, signal.SIGKILL)
    assert pid_other_than(worker, first) != first


def test_what_the_first_search_needs_is_read_before_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Searching(app.extensions["settings"].home_path / "search-warm")
    monkeypatch.setitem(app.extensions, "searching", copy)
    server.warm(app)
    assert copy._index is not None


def test_a_worker_stops_with_its_server(worker: WorkerProcess) -> None:
    pid = pid_other_than(worker, None)
    worker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
