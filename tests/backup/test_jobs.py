from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.backup.jobs import make_backup
from matchmaker.config import Settings
from matchmaker.operations.schedule import EVERY_NIGHT
from matchmaker.services import services


@pytest.mark.parametrize(("told", "made"), [(True, 1), (False, 0)])
def test_the_worker_backs_up_at_night_if_it_is_told_where(
    app: Flask, session: Session, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, *, told: bool, made: int,
) -> None:  # fmt: skip
    folder = tmp_path / "nights"
    told_so = replace(settings, backup_folder=str(folder) if told else "")
    monkeypatch.setattr(services(app), "settings", told_so)
    result = make_backup(session)
    assert (result is not None) is told
    assert len(list(tmp_path.rglob("*.tar.gz"))) == made
    assert "make_backup" in EVERY_NIGHT
