from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from benchmarks.load import EMPTY, Site, free_port, served
from matchmaker import deaths, home, server
from matchmaker.errors import ConfigurationError
from matchmaker.search.live import Searching
from matchmaker.server import WorkerProcess
from matchmaker.services import services

SECONDS = 120


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerProcess]:
    monkeypatch.setenv("MATCHMAKER_HOME", str(tmp_path))
    monkeypatch.setenv("MATCHMAKER_SECRET_KEY", "k9vJw2Qx7LmZp4TsRb8NcYd3HfGa6EuW")
    monkeypatch.setattr(server, "WORKER_RESTART_SECONDS", 0.1)
    worker = WorkerProcess(tmp_path)
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


def test_a_worker_that_dies_is_recorded_and_started_again(
    worker: WorkerProcess, tmp_path: Path
) -> None:
    first = pid_other_than(worker, None)
    os.kill(first, signal.SIGKILL)
    assert pid_other_than(worker, first) != first
    assert [(death.process, death.pid, death.cause) for death in deaths.read(tmp_path)] == [
        ("worker", first, "SIGKILL")
    ]


@pytest.fixture(scope="module")
def site(workplace: Path) -> Iterator[Site]:
    with served(workplace / "site", fill=EMPTY, workers=1) as site:
        yield site


def status(site: Site) -> int:
    with urllib.request.urlopen(site.address("/health"), timeout=SECONDS) as answer:
        return int(answer.status)


@pytest.mark.parametrize(
    ("sent", "cause"),
    [(signal.SIGSEGV, "SIGSEGV"), (signal.SIGKILL, "SIGKILL"), (signal.SIGTERM, None)],
)
def test_a_web_process_that_dies_is_replaced_and_recorded(
    site: Site, sent: signal.Signals, cause: str | None
) -> None:
    assert status(site) == 200
    [first], before = site.web_processes(), deaths.read(site.home)
    os.kill(first, sent)
    until = time.monotonic() + SECONDS
    while site.web_processes() in ([], [first]) and time.monotonic() < until:
        time.sleep(0.05)
    assert status(site) == 200
    found = deaths.read(site.home)[: len(deaths.read(site.home)) - len(before)]
    assert [(death.process, death.pid, death.cause) for death in found] == (
        [("web", first, cause)] if cause else []
    )
    assert all("GET /health 200" in death.requests for death in found)


def test_what_the_first_search_needs_is_read_before_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Searching(services(app).settings.home_path / "search-warm")
    monkeypatch.setattr(services(app), "searching", copy)
    server.warm(app)
    assert copy._index is not None


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs, and not only waits for its parent to note its end."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


MASTER = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", '''
import os, time
from matchmaker import worker
worker.SECONDS_TO_END = 0.5
worker.end_with(int(os.environ["MASTER"]))
'''], env={**__import__("os").environ, "MASTER": str(__import__("os").getpid())}).pid, flush=True)
time.sleep(60)
"""


def test_a_worker_ends_when_its_master_was_killed() -> None:
    master = subprocess.Popen([sys.executable, "-c", MASTER], stdout=subprocess.PIPE, text=True)
    assert master.stdout is not None
    with master, master.stdout:
        child = int(master.stdout.readline())
        assert is_alive(child)
        master.kill()
    until = time.monotonic() + SECONDS
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_alive(child)


def test_a_second_server_says_what_is_in_its_way(site: Site) -> None:
    environ = {
        **os.environ,
        "MATCHMAKER_HOME": str(site.home),
        "MATCHMAKER_SECRET_KEY": "only-for-a-load-test-0123456789-abcdefgh",
    }
    done = subprocess.run(
        [sys.executable, "-m", "matchmaker", "serve", "--port", str(free_port())],
        env=environ,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: The data in {site.home} is served already, by process {site.server.pid}"
        f" at http://127.0.0.1:{site.port}. Stop that one first, or set MATCHMAKER_HOME"
        " to another folder.\n"
    )


def test_a_home_whose_server_was_killed_can_be_served_again(tmp_path: Path) -> None:
    held = home.take(tmp_path, "http://127.0.0.1:8000")
    with pytest.raises(ConfigurationError, match=f"process {os.getpid()} at http://127.0.0.1:8000"):
        home.take(tmp_path, "http://127.0.0.1:8001")
    held.close()  # as the system does for a process that ends
    home.take(tmp_path, "http://127.0.0.1:8001").close()


def test_a_worker_stops_with_its_server(worker: WorkerProcess) -> None:
    pid = pid_other_than(worker, None)
    worker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
