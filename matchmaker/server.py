"""Serve with gunicorn, the worker beside it: one process group that starts and stops as one."""

from __future__ import annotations

import faulthandler
import os
import signal
import subprocess  # nosec B404
import sys
import threading
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from matchmaker import deaths, garbage
from matchmaker.app import create_app
from matchmaker.config import Settings
from matchmaker.db import db, now, reading
from matchmaker.engine import search
from matchmaker.recommendation import preview
from matchmaker.services import services

log = structlog.get_logger()
THREADS = 8
KEEP_SECONDS = 20  # longer than a proxy or a reader's browser takes between two requests of a page
WORKER_RESTART_SECONDS = 2.0
EXPECTED = (0, -signal.SIGTERM, -signal.SIGINT, -signal.SIGQUIT)  # how a process ends when told to


def warm(app: Flask) -> None:
    """Read word lists, open the index and the recommender: the first reader would wait."""
    search.warm()
    with app.app_context(), reading(db.session()):
        services(app).searching.refresh(db.session())
        preview.warm(db.session(), services(app).recommender)
    garbage.keep_what_is_here()


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, host: str, port: int, workers: int) -> None:
        self.settings, self.host, self.port, self.workers = settings, host, port, workers
        self.worker = WorkerProcess(settings.home_path)
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"{self.host}:{self.port}",
            "workers": self.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 60,
            "keepalive": KEEP_SECONDS,
            "preload_app": True,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": self.when_ready,
            "post_fork": self.begin,
            "on_exit": lambda _arbiter: self.worker.stop(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        Watcher(self, self.settings.home_path).run()

    def load(self) -> Any:
        """Put the application together once; processes share what was warmed before."""
        app = create_app(self.settings)
        if self.workers > 1:
            warm(app)
            with app.app_context():
                db.engine.dispose()
        return app

    def begin(self, _arbiter: Any, process: Any) -> None:
        """In a new web process: collect garbage apart, and note what every thread is doing."""
        garbage.collect_apart()
        path = files_of(self.settings.home_path, process.pid)
        app = self.wsgi()
        services(app).trail = deaths.Trail(path)
        faulthandler.enable(path.with_suffix(".stacks").open("w"))
        if self.workers == 1:  # the first page comes first
            threading.Thread(target=warm, args=(app,), daemon=True).start()

    def when_ready(self, _arbiter: Any) -> None:
        self.worker.start()
        address = f"http://{self.host}:{self.port}"
        ready = f"matchmaker is served at {address}"
        if self.settings.demo:
            ready = (
                f"The demonstration is ready. Open {address} in a browser and enter with one click"
            )
        print(f"{ready} — stop with Ctrl-C", flush=True)


class Watcher(Arbiter):  # type: ignore[misc]
    """gunicorn's master. It replaces a web process that dies; here it also records the death."""

    def __init__(self, server: Server, home: Path) -> None:
        self.home = home
        for left in files_of(home, 0).parent.glob("*"):  # by a server that was killed
            left.unlink()
        super().__init__(server)

    def reap_workers(self) -> None:
        for pid in list(self.WORKERS):
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is not None:
                self.look_at(ended)
        super().reap_workers()

    def look_at(self, ended: os.waitid_result) -> None:
        """Record the end of a web process, unless it was told to stop."""
        trail = files_of(self.home, ended.si_pid)
        status = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        if status not in EXPECTED:
            requests = deaths.read_trail(trail)
            record_death(self.home, "web", ended.si_pid, status, requests)
            stacks = trail.with_suffix(".stacks")
            if stacks.exists():
                log.error("web.stacks", pid=ended.si_pid, stacks=stacks.read_text(errors="replace"))
        for file in (trail, trail.with_suffix(".stacks")):
            file.unlink(missing_ok=True)


def files_of(home: Path, pid: int) -> Path:
    """Where a web process notes its requests, and with the ending `.stacks`, its fatal errors."""
    return home / "web" / str(pid)


def record_death(
    home: Path, process: str, pid: int, status: int, requests: tuple[str, ...] = ()
) -> None:
    death = deaths.Death(now(), process, pid, deaths.cause_of(status), requests)
    log.error("process.died", process=process, pid=pid, cause=death.cause, requests=requests)
    deaths.record(home, death)


class WorkerProcess:
    """The `matchmaker worker` command as a child process, started again when it dies."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        threading.Thread(target=self._keep_running, daemon=True).start()

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen(  # noqa: S603  # nosec B603
                [sys.executable, "-m", "matchmaker", "worker", "--master", str(os.getpid())]
            )
            status = self._process.wait()
            if self._stopping.is_set():
                return
            if status not in EXPECTED:
                record_death(self._home, "worker", self._process.pid, status)
            self._stopping.wait(WORKER_RESTART_SECONDS)

    def stop(self) -> None:
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
