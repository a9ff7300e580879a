"""What people sent is in a backup with the rows that name it; what is being checked is not."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from matchmaker.backup.service import back_up, restore
from matchmaker.config import Settings
from matchmaker.db import db
from matchmaker.files import rules
from matchmaker.files.models import StoredFile
from matchmaker.permissions import Actor
from tests import factories
from tests.files.conftest import store


@pytest.mark.both_databases
def test_files_come_back_with_their_rows(
    app: Flask, session: Session, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    actor = Actor(user_id=factories.UserFactory().id)
    kept = store(session, actor)
    session.commit()
    half = settings.home_path / rules.INCOMING / "half"
    half.write_bytes(b"half")
    back_up(settings, db.engine, tmp_path / "backup.tar.gz")
    half.unlink()
    restore(elsewhere, tmp_path / "backup.tar.gz")
    engine = create_engine(elsewhere.database)
    with Session(engine) as restored:
        row = restored.scalars(select(StoredFile)).one()
        assert (row.key, row.sha256) == (kept.key, kept.sha256)
    engine.dispose()
    place = rules.place(elsewhere.home_path, kept.key)
    assert place.read_bytes() == rules.place(settings.home_path, kept.key).read_bytes()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert not (elsewhere.home_path / rules.INCOMING).exists()
