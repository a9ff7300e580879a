"""The worker's rounds: what runs every minute and what at night."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker import worker
from matchmaker.listings.searching import Searching
from tests.listings.conftest import published


@pytest.fixture
def searching(app: Flask, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Searching:
    copy = Searching(tmp_path_factory.mktemp("search"))
    monkeypatch.setitem(app.extensions, "searching", copy)
    return copy


def test_every_job_of_a_round_is_known() -> None:
    assert {*worker.EVERY_MINUTE, *worker.EVERY_NIGHT} <= worker.JOBS.keys()
    assert "keep_search_snapshot" in worker.EVERY_MINUTE
    assert "renew_search_snapshot" in worker.EVERY_NIGHT


def test_a_minute_writes_the_first_snapshot_and_a_night_what_changed(
    app: Flask, session: Session, searching: Searching
) -> None:
    for _ in range(12):
        published()
    assert [worker.keep_search_snapshot(session) for _ in range(2)] == [12, None]
    published()
    assert [worker.keep_search_snapshot(session), worker.renew_search_snapshot(session)] == [None, 13]
    assert worker.renew_search_snapshot(session) is None


def test_writing_a_snapshot_keeps_no_transaction_open(app: Flask, session: Session, searching: Searching) -> None:
    worker.keep_search_snapshot(session)
    assert not session.in_transaction()
