"""The record of processes that died."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matchmaker import deaths
from matchmaker.deaths import Death, Trail

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST = Death(NOON - timedelta(days=8), "worker", 7, "SIGKILL")
LAST = Death(NOON, "web", 8, "SIGSEGV", ("GET /listings", "GET / 200"))


@pytest.mark.parametrize(
    ("status", "cause"),
    [(0, "status 0"), (3, "status 3"), (-9, "SIGKILL"), (-11, "SIGSEGV"), (-63, "signal 63")],
)
def test_a_status_has_a_name(status: int, cause: str) -> None:
    assert deaths.cause_of(status) == cause


def test_deaths_are_kept_the_newest_first(tmp_path: Path) -> None:
    assert deaths.read(tmp_path) == []
    for death in (FIRST, LAST):
        deaths.record(tmp_path, death)
    with (tmp_path / deaths.FILE).open("a") as file:
        file.write('{"at": "2026-05-0')  # the disk was full
    assert deaths.read(tmp_path) == [LAST, FIRST]


@pytest.mark.parametrize(("days", "count"), [(0, 1), (7, 1), (8, 2)])
def test_deaths_are_counted_since_a_moment(tmp_path: Path, days: int, count: int) -> None:
    for death in (FIRST, LAST):
        deaths.record(tmp_path, death)
    assert deaths.count_since(tmp_path, NOON - timedelta(days=days)) == count


def test_a_trail_holds_the_last_request_of_each_thread(tmp_path: Path) -> None:
    trail = Trail(tmp_path / "web" / "8")
    trail.note("GET /listings 200")
    other = threading.Thread(target=trail.note, args=("GET /" + "长" * 200,))
    other.start()
    other.join()
    trail.note("GET /plan")
    found = deaths.read_trail(tmp_path / "web" / "8")
    assert found[0] == "GET /plan"
    assert found[1].startswith("GET /长长")
    assert len(found) == 2


def test_no_trail_is_an_empty_one(tmp_path: Path) -> None:
    assert deaths.read_trail(tmp_path / "nothing") == ()
