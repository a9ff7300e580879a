from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import create_engine, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import prepare_engine, today
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 15000)],
)
def test_sqlite_is_set_to_lose_nothing(tmp_path: Path, pragma: str, value: object) -> None:
    """As the product sets it: the other tests' database does not wait for the disk."""
    engine = create_engine(f"sqlite:///{tmp_path / 'here.sqlite'}")
    prepare_engine(engine)
    with engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == value
    engine.dispose()


@pytest.mark.both_databases
def test_times_come_back_as_utc(session: Session) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    user = UserFactory(created_at=noon)
    session.expire_all()
    assert session.get_one(User, user.id).created_at == noon


def test_a_time_without_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="naive"):
        UserFactory(created_at=datetime(2026, 11, 23))
    session.rollback()


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-11-23T15:59:59Z", date(2026, 11, 23)), ("2026-11-23T16:00:00Z", date(2026, 11, 24))],
)
def test_a_day_begins_when_it_begins_in_china(moment: str, day: date) -> None:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        assert today() == day
