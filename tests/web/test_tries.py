"""Counts of tries: shared by processes, kept over a restart, and given up for memory if need be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from matchmaker.app import create_app
from matchmaker.config import Settings
from matchmaker.db import db, now
from matchmaker.schema import migrate
from matchmaker.web.limits import limiter
from matchmaker.web.tries import Tries, address
from tests.client import PageClient
from tests.conftest import SECRET


@pytest.fixture
def tries(tmp_path: Path) -> Tries:
    return Tries(address(tmp_path))


def hit(uri: str, times: int) -> None:
    for _ in range(times):
        Tries(uri).incr("somebody", 600)


def test_counts_add_up_until_they_expire(tries: Tries) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert [tries.incr("a", 600), tries.incr("a", 600), tries.incr("b", 600)] == [1, 2, 1]
        clock.shift(599)
        assert tries.get("a") == 2
        clock.shift(1)
        assert (tries.get("a"), tries.incr("a", 600)) == (0, 1)


def test_the_first_try_says_when_the_count_ends(tries: Tries) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        tries.incr("a", 600)
        first = tries.get_expiry("a")
        clock.shift(100)
        tries.incr("a", 600)
        assert tries.get_expiry("a") == first


def test_a_count_can_be_forgotten_and_all_of_them(tries: Tries) -> None:
    for key in ("a", "b"):
        tries.incr(key, 600)
    tries.clear("a")
    assert (tries.get("a"), tries.get("b")) == (0, 1)
    tries.reset()
    assert tries.get("b") == 0


def test_the_file_holds_no_address(tries: Tries, tmp_path: Path) -> None:
    tries.incr("ana@example.org 198.51.100.7", 600)
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"198.51.100.7" not in held


def test_of_several_processes_no_count_is_lost(tries: Tries, tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes:
        list(processes.map(hit, [address(tmp_path)] * 4, [25] * 4))
    assert tries.get("somebody") == 100


@pytest.fixture(autouse=True)
def other_tests_count_where_they_did() -> Iterator[None]:
    kept = dict(vars(limiter))
    yield
    vars(limiter).update(kept)


def wrong(browser: PageClient) -> int:
    data = {"email": "ana@example.org", "password": "not the password"}
    return browser.submit("/sign-in", data).status_code


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], PageClient]]:
    """Start a process of the site, and return a browser there."""
    settings = Settings(home=str(tmp_path), secret_key=SECRET, secure_cookies=False)
    apps: list[Flask] = []

    def site() -> PageClient:
        app = create_app(settings, testing=True)
        app.test_client_class = PageClient
        app.config["ARGON2"] = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
        apps.append(app)
        with app.app_context():
            migrate(db.engine)
        return app.test_client()  # type: ignore[return-value]

    yield site
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def test_a_restart_forgives_nothing(start: Callable[[], PageClient]) -> None:
    before = start()
    assert [wrong(before) for _ in range(6)] == [422] * 6
    after = start()
    assert [wrong(after) for _ in range(5)] == [422] * 4 + [429]
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert wrong(after) == 422


def test_without_the_file_each_process_counts_in_memory(
    tmp_path: Path, start: Callable[[], PageClient]
) -> None:
    browser = start()
    (tmp_path / "tries.sqlite").mkdir()
    assert [wrong(browser) for _ in range(11)] == [422] * 10 + [429]
