"""`/health` and `/ready`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from matchmaker import home
from matchmaker.db import now
from matchmaker.operations.service import note_beat
from tests.client import PageClient

pytestmark = pytest.mark.both_databases
BEATS = timedelta(minutes=1)
SILENT = timedelta(minutes=3)


def beat(session: Session, ago: timedelta) -> None:
    note_beat(session, "here", 1, now() - SILENT, at=now() - ago)
    session.commit()


@pytest.mark.parametrize(
    ("beaten", "free", "status", "said"),
    [
        (BEATS, 2**30, 200, "ready"),
        (SILENT, 2**30, 503, "worker silent"),
        (None, 2**30, 503, "worker silent"),
        (BEATS, 2**20, 503, "disk full"),
    ],
)
def test_a_site_is_ready_when_it_can_work(
    client: PageClient,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    beaten: timedelta | None,
    free: int,
    status: int,
    said: str,
) -> None:
    monkeypatch.setattr(home, "free_space", lambda _: free)
    if beaten is not None:
        beat(session, beaten)
    response = client.get("/ready")
    assert (response.status_code, response.json) == (status, {"status": said})
    assert client.get("/health").json == {"status": "alive"}


def test_an_old_schema_is_not_ready(client: PageClient, session: Session) -> None:
    beat(session, BEATS)
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    response = client.get("/ready")
    assert (response.status_code, response.json) == (503, {"status": "not migrated"})
