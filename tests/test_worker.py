"""Jobs beside each other in one process, and the worker's rounds by minute and by night."""

from __future__ import annotations

import os
import socket
import threading
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker import worker
from matchmaker.engine.index import compile as kernels
from matchmaker.engine.index import ready, serving
from matchmaker.operations import queries
from matchmaker.search.live import Searching
from matchmaker.services import services
from tests.listings.conftest import published


@pytest.fixture
def searching(
    app: Flask, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Searching:
    copy = Searching(tmp_path_factory.mktemp("search"))
    monkeypatch.setattr(services(app), "searching", copy)
    return copy


def test_every_job_of_a_round_is_known() -> None:
    assert {*worker.EVERY_MINUTE, *worker.EVERY_NIGHT} <= worker.JOBS.keys()
    assert "keep_search_snapshot" in worker.EVERY_MINUTE
    assert "keep_kernels" in worker.EVERY_MINUTE
    assert "renew_search_snapshot" in worker.EVERY_NIGHT


@pytest.mark.parametrize(
    ("large", "is_ready", "compiles"),
    [(3, False, True), (3, True, False), (4, False, False), (4, True, False)],
)
def test_the_worker_compiles_the_kernels_for_a_large_catalogue(
    app: Flask,
    session: Session,
    searching: Searching,
    monkeypatch: pytest.MonkeyPatch,
    *,
    large: int,
    is_ready: bool,
    compiles: bool,
) -> None:
    made: list[bool] = []
    monkeypatch.setattr(serving, "COMPILED_FROM", large)
    monkeypatch.setattr(ready, "is_ready", lambda: is_ready)
    monkeypatch.setattr(kernels, "make_ready", lambda: made.append(True) or True)
    for _ in range(3):
        published()
    assert worker.keep_kernels(session) is (True if compiles else None)
    assert bool(made) is compiles
    assert not session.in_transaction()


def test_a_minute_writes_the_first_snapshot_and_a_night_what_changed(
    app: Flask, session: Session, searching: Searching
) -> None:
    for _ in range(12):
        published()
    assert [worker.keep_search_snapshot(session) for _ in range(2)] == [12, None]
    published()
    assert [worker.keep_search_snapshot(session), worker.renew_search_snapshot(session)] == [
        None,
        13,
    ]
    assert worker.renew_search_snapshot(session) is None


def test_writing_a_snapshot_keeps_no_transaction_open(
    app: Flask, session: Session, searching: Searching
) -> None:
    worker.keep_search_snapshot(session)
    assert not session.in_transaction()


@pytest.mark.parametrize(("other", "runs"), [("deliver_mail", True), ("verify_suggestions", False)])
def test_a_long_job_holds_up_itself_but_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, other: str, runs: bool
) -> None:
    started, end = threading.Event(), threading.Event()
    done: list[str] = []

    def verify(session: object) -> None:
        started.set()
        end.wait(60)
        done.append("verify_suggestions")

    jobs = {
        "verify_suggestions": verify,
        "deliver_mail": lambda session: done.append("deliver_mail"),
    }
    monkeypatch.setattr(worker, "JOBS", jobs)
    night = threading.Thread(target=worker.run_job, args=(app, "verify_suggestions"))
    night.start()
    assert started.wait(60)
    worker.run_job(app, other)
    assert done == (["deliver_mail"] if runs else [])
    end.set()
    night.join()
    assert done[-1] == "verify_suggestions"


def test_what_became_of_a_job_is_noted(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(worker, "JOBS", {"deliver_mail": fail, "keep_kernels": lambda session: 7})
    for name in ("deliver_mail", "keep_kernels"):
        worker.run_job(app, name)
    runs = queries.runs(session)
    assert (runs["deliver_mail"].error, runs["deliver_mail"].succeeded_at) == (
        "RuntimeError: no",
        None,
    )
    assert (runs["keep_kernels"].error, runs["keep_kernels"].result) == ("", "7")


def test_a_worker_gives_signs_of_life_until_it_stops(app: Flask, session: Session) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=worker.beat_for_ever, args=(app, stop))
    thread.start()
    stop.set()
    thread.join(60)
    [beat] = queries.beats(session)
    assert (beat.host, beat.pid) == (socket.gethostname(), os.getpid())


def test_a_job_that_failed_runs_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []

    def fail(session: object) -> None:
        ran.append(1)
        raise RuntimeError("no")

    monkeypatch.setattr(worker, "JOBS", {"deliver_mail": fail})
    for _ in range(2):
        worker.run_job(app, "deliver_mail")
    assert len(ran) == 2


@pytest.mark.parametrize(
    ("utc", "night"),
    [
        ("2026-11-30 18:09", "2026-11-30"),
        ("2026-11-30 18:10", "2026-12-01"),  # ten past two in Beijing
        ("2026-12-01 02:10", "2026-12-01"),
        ("2026-12-01 16:30", "2026-12-01"),
    ],
)
def test_the_night_is_beijings(utc: str, night: str) -> None:
    at = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert worker.last_night(at).isoformat() == night


@pytest.fixture
def nights(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The night's jobs that were run; no night has been worked in yet."""
    ran: list[str] = []
    monkeypatch.setattr(
        worker,
        "JOBS",
        {name: lambda session, name=name: ran.append(name) for name in worker.EVERY_NIGHT},
    )
    services(app).queue.get(worker.LAST_NIGHT)  # reading takes it away
    return ran


def test_a_night_is_worked_in_once_and_a_missed_one_made_up_for(
    app: Flask, nights: list[str]
) -> None:
    rounds = []
    for moment in ("2026-11-30 12:00", "2026-11-30 18:09", "2026-11-30 18:10", "2026-12-04 03:00"):
        with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
            worker.keep_nights(app)
            worker.keep_nights(app)
        rounds.append(len(nights) // len(worker.EVERY_NIGHT))
    assert rounds == [1, 1, 2, 3]


def test_a_night_that_was_cut_short_is_worked_in_again(
    app: Flask, nights: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(app: Flask, name: str) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(worker, "run_job", die)
        with pytest.raises(SystemExit):
            worker.keep_nights(app)
    worker.keep_nights(app)
    assert tuple(nights) == worker.EVERY_NIGHT
