"""Jobs beside each other in one process."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from matchmaker import worker


@pytest.mark.parametrize(("other", "runs"), [("deliver_mail", True), ("verify_suggestions", False)])
def test_a_long_job_holds_up_itself_but_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, other: str, runs: bool
) -> None:
    started, end = threading.Event(), threading.Event()
    done: list[str] = []

    def verify(session: object) -> None:
        started.set()
        end.wait(10)
        done.append("verify_suggestions")

    jobs = {"verify_suggestions": verify, "deliver_mail": lambda session: done.append("deliver_mail")}
    monkeypatch.setattr(worker, "JOBS", jobs)
    night = threading.Thread(target=worker.run_job, args=(app, "verify_suggestions"))
    night.start()
    assert started.wait(10)
    worker.run_job(app, other)
    assert done == (["deliver_mail"] if runs else [])
    end.set()
    night.join()
    assert done[-1] == "verify_suggestions"


def test_a_job_that_failed_runs_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []

    def fail(session: object) -> None:
        ran.append(1)
        raise RuntimeError("no")

    monkeypatch.setattr(worker, "JOBS", {"deliver_mail": fail})
    for _ in range(2):
        worker.run_job(app, "deliver_mail")
    assert len(ran) == 2
