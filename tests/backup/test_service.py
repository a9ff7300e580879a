"""A backup holds all that was acknowledged before it began, and goes into an empty place only."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.audit.models import AuditRecord
from matchmaker.backup import databases
from matchmaker.backup.service import back_up, back_up_nightly, nightly, restore
from matchmaker.config import Settings
from matchmaker.db import db
from matchmaker.errors import ConfigurationError, UnusableFile
from matchmaker.permissions import SYSTEM

both = pytest.mark.both_databases
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@contextmanager
def session_of(settings: Settings) -> Iterator[Session]:
    engine = create_engine(settings.database)
    with Session(engine) as session:
        yield session
    engine.dispose()


@contextmanager
def writers(app: Flask, number: int = 4) -> Iterator[list[int]]:
    """Write without pause; the ledger has the number of each record whose commit has returned."""
    ledger: list[int] = []
    stop = threading.Event()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                record = audit.record(db.session(), SYSTEM, "listing.create", "listing", 1)
                db.session.commit()
                ledger.append(record.id)
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield ledger
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def wait_for(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(2400):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it did not happen in time")


@both
def test_what_was_acknowledged_before_a_backup_under_load_is_in_it(
    app: Flask, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    with writers(app) as ledger:
        wait_for(lambda: len(ledger) >= 50)
        acknowledged = set(ledger)
        back_up(settings, db.engine, file)
        after = len(ledger)
    assert len(ledger) >= after > 50
    manifest = restore(elsewhere, file)
    with session_of(elsewhere) as session:
        found = set(session.scalars(select(AuditRecord.id)))
        assert acknowledged - found == set()
        assert databases.count_rows(session.connection()) == dict(manifest.counts)
        assert audit.verify(session) is None


def test_a_copy_of_the_file_alone_loses_what_a_backup_has(
    app: Flask, settings: Settings, elsewhere: Settings, session: Session, tmp_path: Path
) -> None:
    audit.record(session, SYSTEM, "listing.create", "listing", 1)
    session.commit()
    lone = tmp_path / "lone.sqlite"
    lone.write_bytes((settings.home_path / "matchmaker.sqlite").read_bytes())
    with closing(sqlite3.connect(lone)) as copy:
        assert copy.execute("SELECT count(*) FROM audit_records").fetchone() == (0,)
    back_up(settings, db.engine, tmp_path / "backup.tar.gz")
    restore(elsewhere, tmp_path / "backup.tar.gz")
    with session_of(elsewhere) as restored:
        assert restored.scalars(select(AuditRecord.id)).all() == [1]


def test_files_go_along_and_secrets_and_what_can_be_made_again_do_not(
    app: Flask, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    home = settings.home_path
    there = {"deaths.jsonl": "kept", "annexes/7.pdf": "kept", "secret_key": "s", "search/lock": ""}
    for name, content in there.items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(content)
    made = replace(
        settings, mail_password="three herons", metrics_token="sixteen characters", mail_host="smtp"
    )
    file = tmp_path / "backup.tar.gz"
    manifest = back_up(made, db.engine, file)
    for name in there:
        (home / name).unlink()
    assert manifest.settings["mail_host"] == "smtp"
    with tarfile.open(file) as archive:
        texts = [archive.extractfile(member).read() for member in archive]  # type: ignore[union-attr]
    assert not any(b"three herons" in text or b"sixteen char" in text for text in texts)
    restore(elsewhere, file)
    restored = {name for name in there if (elsewhere.home_path / name).exists()}
    assert restored == {"deaths.jsonl", "annexes/7.pdf"}
    assert (elsewhere.home_path / "annexes/7.pdf").read_text() == "kept"


@both
def test_a_place_that_is_not_empty_is_left_alone(
    app: Flask, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    back_up(settings, db.engine, file)
    elsewhere.home_path.mkdir()
    (elsewhere.home_path / "mine").write_text("mine")
    with pytest.raises(ConfigurationError, match="not empty"):
        restore(elsewhere, file)
    assert [path.name for path in elsewhere.home_path.iterdir()] == ["mine"]
    (elsewhere.home_path / "mine").unlink()
    restore(elsewhere, file)
    filled = elsewhere
    if elsewhere.database_url:  # the home folder is empty, and the database is not
        filled = replace(elsewhere, home=str(tmp_path / "third"))
    with pytest.raises(ConfigurationError, match="not empty"):
        restore(filled, file)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def turned(data: bytes) -> bytes:
    """The same archive with one file changed and packed again."""
    target = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(data)) as old,
        tarfile.open(fileobj=target, mode="w:gz") as new,
    ):
        for member in old:
            content = old.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == "database":
                content = content[:-1] + bytes([content[-1] ^ 1])
            new.addfile(member, io.BytesIO(content))
    return target.getvalue()


def changed(**values: object) -> Callable[[bytes], bytes]:
    """The same archive with another manifest."""

    def change(data: bytes) -> bytes:
        target = io.BytesIO()
        with (
            tarfile.open(fileobj=io.BytesIO(data)) as old,
            tarfile.open(fileobj=target, mode="w:gz") as new,
        ):
            for member in old:
                content = old.extractfile(member).read()  # type: ignore[union-attr]
                if member.name == "manifest.json":
                    content = json.dumps(json.loads(content) | values).encode()
                    member.size = len(content)
                new.addfile(member, io.BytesIO(content))
        return target.getvalue()

    return change


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda data: b"", "broken or is not a backup"),
        (lambda data: b"\0" * 2000, "broken or is not a backup"),
        (cut, "broken"),
        (turned, "database is not what was backed up"),
        (changed(format=9, version="7.0"), "another release, 7.0"),
        (changed(revision="9999", version="7.0"), "later release, 7.0"),
        (changed(dialect="postgresql"), "of a postgresql database"),
        (changed(checksums={}), "which it does not list"),
        (changed(counts=None, colour="red"), "manifest cannot be read"),
    ],
)
def test_a_broken_backup_is_named_and_nothing_is_put_in_place(
    app: Flask,
    settings: Settings,
    elsewhere: Settings,
    tmp_path: Path,
    spoil: Callable[[bytes], bytes],
    complaint: str,
) -> None:
    file = tmp_path / "backup.tar.gz"
    back_up(settings, db.engine, file)
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(UnusableFile, match=complaint):
        restore(elsewhere, file)
    assert list(elsewhere.home_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "complaint"),
    [("home", "outside the home folder"), ("missing", "no folder"), ("taken", "there already")],
)
def test_a_backup_is_in_nobodys_way(
    app: Flask, settings: Settings, tmp_path: Path, place: str, complaint: str
) -> None:
    (tmp_path / "taken").write_text("mine")
    target = {
        "home": settings.home_path / "backup.tar.gz",
        "missing": tmp_path / "missing" / "backup.tar.gz",
        "taken": tmp_path / "taken",
    }[place]
    with pytest.raises(ConfigurationError, match=complaint):
        back_up(settings, db.engine, target)


@pytest.mark.parametrize(("kept", "left"), [(1, 1), (3, 3), (9, 5)])
def test_of_the_nights_backups_the_newest_are_kept(
    app: Flask, settings: Settings, tmp_path: Path, kept: int, left: int
) -> None:
    set_so = replace(settings, backup_folder=str(tmp_path / "nights"), backups_kept=kept)
    for night in range(5):
        back_up_nightly(set_so, db.engine, at=NOON + timedelta(days=night))
    names = [path.name for path in nightly(set_so)]
    assert len(names) == left
    assert names[0] == "matchmaker-20260505-120000.tar.gz"
    assert back_up_nightly(settings, db.engine) is None


def test_a_backup_that_cannot_be_written_is_told(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matchmaker.backup.service.pack", full)
    with pytest.raises(ConfigurationError, match="No space left"):
        back_up(settings, db.engine, tmp_path / "backup.tar.gz")
    assert list(tmp_path.iterdir()) == []


def test_without_postgresqls_programs_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="pg_restore was not found"):
        databases.put_back(
            create_engine("postgresql+psycopg://x/y").url, tmp_path / "file", tmp_path
        )
