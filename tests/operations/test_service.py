from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.operations import queries
from matchmaker.operations.service import note_beat, note_run

pytestmark = pytest.mark.both_databases
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)


def test_the_last_run_is_kept_and_when_it_last_went_well(session: Session) -> None:
    note_run(session, "deliver_mail", 1.5, result=7, at=NOON)
    note_run(session, "deliver_mail", 2.5, error=OSError("no"), at=LATER)
    note_run(session, "make_backup", 9.0, at=NOON)
    session.commit()
    runs = queries.runs(session)
    mail, backup = runs["deliver_mail"], runs["make_backup"]
    assert (mail.finished_at, mail.succeeded_at, mail.seconds) == (LATER, NOON, 2.5)
    assert (mail.result, mail.error) == ("", "OSError: no")
    assert (backup.result, backup.error, backup.succeeded_at) == ("", "", NOON)


def test_of_each_machine_the_last_sign_of_life_is_kept(session: Session) -> None:
    note_beat(session, "one", 1, NOON, at=LATER)
    note_beat(session, "two", 2, NOON, at=NOON)
    note_beat(session, "two", 3, NOON, at=LATER + timedelta(minutes=1))
    session.commit()
    assert [(beat.host, beat.pid) for beat in queries.beats(session)] == [("two", 3), ("one", 1)]


def test_the_database_has_a_size(session: Session) -> None:
    assert queries.database_size(session) > 100_000
