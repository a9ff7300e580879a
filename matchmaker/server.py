"""Serve with gunicorn, the worker beside it: one process group that starts and stops as one."""

from __future__ import annotations

import subprocess  # nosec B404
import sys
import threading
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication

from matchmaker.app import create_app
from matchmaker.config import Settings
from matchmaker.db import db, reading
from matchmaker.listings import search

log = structlog.get_logger()
THREADS = 8
WORKER_RESTART_SECONDS = 2.0


def warm(app: Flask) -> None:
    """Read word lists, compile the index and open it while the first pages are served: the first search would wait."""
    from matchmaker.engine.index import compile as kernels

    search.warm()
    kernels.warm()
    with app.app_context(), reading(db.session()):
        app.extensions["searching"].refresh(db.session())


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, host: str, port: int, workers: int) -> None:
        self.settings, self.host, self.port, self.workers = settings, host, port, workers
        self.worker = WorkerProcess()
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"{self.host}:{self.port}",
            "workers": self.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 60,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": self.when_ready,
            "on_exit": lambda arbiter: self.worker.stop(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        app = create_app(self.settings)
        threading.Thread(target=warm, args=(app,), daemon=True).start()
        return app

    def when_ready(self, arbiter: Any) -> None:
        self.worker.start()
        address = f"http://{self.host}:{self.port}"
        print(f"matchmaker is served at {address} — stop with Ctrl-C", flush=True)


class WorkerProcess:
    """The `matchmaker worker` command as a child process, started again when it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        threading.Thread(target=self._keep_running, daemon=True).start()

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen([sys.executable, "-m", "matchmaker", "worker"])  # nosec B603
            status = self._process.wait()
            if not self._stopping.is_set():
                log.error("worker.died", status=status)
                self._stopping.wait(WORKER_RESTART_SECONDS)

    def stop(self) -> None:
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
