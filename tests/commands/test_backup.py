"""`matchmaker backup` and `matchmaker restore`, from one folder into another."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.commands.test_main import ADMINISTRATOR, SECRET, Machine


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """An installation with a backup beside its home folder."""
    machine = Machine(tmp_path_factory.mktemp("backed_up"))
    machine.run("init", *ADMINISTRATOR)
    done = machine.run("backup", "backup.tar.gz", MATCHMAKER_MAIL_HOST="smtp.example.org")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Backed up ")
    return machine


@pytest.fixture
def elsewhere(backed_up: Machine, tmp_path: Path) -> Machine:
    """An empty machine that has been given the backup."""
    shutil.copy(backed_up.folder / "backup.tar.gz", tmp_path)
    return Machine(tmp_path)


def test_nobody_else_reads_a_backup(backed_up: Machine) -> None:
    assert (backed_up.folder / "backup.tar.gz").stat().st_mode & 0o777 == 0o600


def test_a_restored_installation_is_checked_and_other_settings_are_told(
    elsewhere: Machine,
) -> None:
    done = elsewhere.run("restore", "backup.tar.gz")
    assert done.returncode == 0, done.stderr
    assert "MATCHMAKER_MAIL_HOST was 'smtp.example.org' and is ''." in done.stdout
    assert "Counts, audit log and pages are right." in done.stdout
    assert elsewhere.sql("SELECT email FROM users") == [("ana@example.org",)]
    assert elsewhere.run("audit", "verify").returncode == 0


def test_another_secret_than_the_log_was_sealed_with_is_told(elsewhere: Machine) -> None:
    done = elsewhere.run("restore", "backup.tar.gz", MATCHMAKER_SECRET_KEY=SECRET[::-1])
    assert done.returncode == 1
    assert "Wrong: audit record 1: it is not sealed with this secret key" in done.stderr


def test_a_place_in_use_is_refused_with_a_sentence(elsewhere: Machine) -> None:
    elsewhere.run("restore", "backup.tar.gz")
    before = elsewhere.sql("SELECT count(*) FROM audit_records")
    done = elsewhere.run("restore", "backup.tar.gz")
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert elsewhere.sql("SELECT count(*) FROM audit_records") == before


def test_a_database_goes_back_to_an_earlier_release_and_comes_again(elsewhere: Machine) -> None:
    elsewhere.run("restore", "backup.tar.gz")
    done = elsewhere.run("migrate", "--back-to", "0007")
    assert done.stdout == "The database is at revision 0007.\n"
    columns = {row[1] for row in elsewhere.sql("PRAGMA table_info(audit_records)")}
    assert "seal" not in columns
    assert elsewhere.run("migrate").returncode == 0
    assert elsewhere.run("audit", "verify").returncode == 0
    [(action, detail)] = elsewhere.sql(
        "SELECT action, detail FROM audit_records ORDER BY id DESC LIMIT 1"
    )
    assert (action, json.loads(str(detail))) == ("audit.seal", {"records": 3})


def test_an_unknown_revision_is_named(elsewhere: Machine) -> None:
    elsewhere.run("restore", "backup.tar.gz")
    done = elsewhere.run("migrate", "--back-to", "9999")
    assert done.stderr == "Error: There is no revision 9999.\n"
