"""Encrypted backups: only who has the private key puts one in place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from flask import Flask

from matchmaker.backup.service import back_up, back_up_nightly, nightly, restore
from matchmaker.config import Settings
from matchmaker.db import db
from matchmaker.errors import ConfigurationError, UnusableFile

OWN, ANOTHERS = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()


def key_file(folder: Path, key: pyrage.x25519.Identity) -> Path:
    """A file as `age-keygen` writes it."""
    file = folder / "key.txt"
    file.write_text(f"# created: 2026-05-01\n# public key: {key.to_public()}\n{key}\n")
    return file


@pytest.fixture
def sealing(settings: Settings) -> Settings:
    return replace(settings, backup_recipients=f"{ANOTHERS.to_public()} {OWN.to_public()}")


@pytest.fixture
def backup(app: Flask, sealing: Settings, tmp_path: Path) -> Path:
    back_up(sealing, db.engine, tmp_path / "backup.tar.gz.age")
    return tmp_path / "backup.tar.gz.age"


@pytest.mark.parametrize("key", [OWN, ANOTHERS], ids=["one key", "the other"])
def test_each_of_the_keys_puts_it_in_place(
    backup: Path, elsewhere: Settings, tmp_path: Path, key: pyrage.x25519.Identity
) -> None:
    manifest = restore(elsewhere, backup, key_file(tmp_path, key))
    assert manifest.counts["plans"] >= 0
    assert elsewhere.home_path.joinpath("matchmaker.sqlite").is_file()
    assert not list(elsewhere.home_path.glob("**/decrypted"))


def test_nothing_of_it_can_be_read(backup: Path) -> None:
    assert backup.read_bytes().startswith(b"age-encryption.org/v1")
    assert b"manifest" not in backup.read_bytes()
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]


def test_a_backup_says_that_it_needs_a_key(backup: Path, elsewhere: Settings) -> None:
    with pytest.raises(ConfigurationError, match="is encrypted"):
        restore(elsewhere, backup)


def test_a_wrong_key_puts_nothing_in_place(
    backup: Path, elsewhere: Settings, tmp_path: Path
) -> None:
    for text in (str(pyrage.x25519.Identity.generate()), "AGE-SECRET-KEY-1NONSENSE", "nothing"):
        file = tmp_path / "wrong.txt"
        file.write_text(text)
        with pytest.raises(UnusableFile, match="cannot be decrypted"):
            restore(elsewhere, backup, file)
        assert list(elsewhere.home_path.iterdir()) == []


def test_an_altered_one_is_refused(backup: Path, elsewhere: Settings, tmp_path: Path) -> None:
    whole = bytearray(backup.read_bytes())
    whole[len(whole) // 2] ^= 1
    backup.write_bytes(whole)
    with pytest.raises(UnusableFile, match="cannot be decrypted"):
        restore(elsewhere, backup, key_file(tmp_path, OWN))


def test_what_is_no_key_is_said_before_anything_is_copied(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="BACKUP_RECIPIENTS"):
        back_up(replace(settings, backup_recipients="age1nothing"), db.engine, tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_nights_with_and_without_keys_are_kept_in_order(
    app: Flask, sealing: Settings, tmp_path: Path
) -> None:
    sealing = replace(sealing, backup_folder=str(tmp_path), backups_kept=2)
    for day, recipients in ((1, ""), (2, sealing.backup_recipients), (3, "")):
        at = datetime(2026, 5, day, tzinfo=UTC)
        back_up_nightly(replace(sealing, backup_recipients=recipients), db.engine, at=at)
    names = [file.name for file in nightly(sealing)]
    assert names == ["matchmaker-20260503-000000.tar.gz", "matchmaker-20260502-000000.tar.gz.age"]
