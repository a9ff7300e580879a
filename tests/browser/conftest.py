"""The product as a person meets it: `matchmaker demo`, its worker, and Chromium."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from matchmaker.paths import ROOT

START_SECONDS = 900
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


class Site:
    """A running demonstration and a browser to visit it with."""

    def __init__(self, address: str, browser: Browser, folder: Path) -> None:
        self.address, self.browser, self.folder = address, browser, folder

    def visitor(self, language: str = "en", **options: object) -> BrowserContext:
        """A fresh browser profile that asks for pages in the language."""
        locale = {"zh": "zh-CN", "en": "en-GB", "es": "es-ES"}[language]
        context = self.browser.new_context(
            base_url=self.address,
            locale=locale,
            reduced_motion="reduce",  # a colour half way between two is nobody's
            **options,
        )  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        return context

    def enter(self, role: str, language: str = "en", **options: object) -> Page:
        """A page, signed in by one click as a role of the demonstration."""
        page = self.visitor(language, **options).new_page()
        page.goto("/demo")
        page.locator(f"button[name=role][value='{role}']").click()
        page.wait_for_url("**/home")
        with page.expect_navigation():  # the account's own language is Chinese
            page.locator(f".top form.languages button[value={language}]").click()
        return page


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is not installed. Run: sh tests/install-chromium"
    return found


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    found = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "browser"
    found.mkdir(exist_ok=True)
    return found


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    """The demonstration's address. The first process starts it, and ends it after all others."""
    note, mine = folder / "address", folder / f"visitor-{os.getpid()}"
    with locked(folder):
        server = None if note.exists() else _start(folder)
        mine.touch()
    yield note.read_text()
    with locked(folder):
        mine.unlink()
    if server is not None:
        _end(server, folder, note)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")
    }
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "matchmaker", "demo", "--port", str(port)],
            cwd=ROOT,
            env={**environ, "MATCHMAKER_HOME": str(folder)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    _wait(f"http://127.0.0.1:{port}/ready", server, folder / "log")
    (folder / "address").write_text(f"http://127.0.0.1:{port}")
    return server


def _end(server: subprocess.Popen[bytes], folder: Path, note: Path) -> None:
    while True:
        with locked(folder):
            if not list(folder.glob("visitor-*")):
                note.unlink()
                break
        time.sleep(0.2)
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=90)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, f"the demonstration stopped:\n{log.read_text()[-3000:]}"
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the demonstration does not answer:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(address: str, browser: Browser, folder: Path) -> Site:
    return Site(address, browser, folder)
