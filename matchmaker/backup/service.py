"""Back up an installation, and put a backup into an empty place."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Engine, make_url

from matchmaker import __version__, schema
from matchmaker.backup import databases
from matchmaker.backup.archive import (
    DATABASE,
    FILES,
    FORMAT,
    Manifest,
    checksum,
    pack,
    unpack,
    write_manifest,
)
from matchmaker.backup.encryption import SUFFIX, decrypt, public_keys
from matchmaker.config import SECRETS, Settings
from matchmaker.db import moment
from matchmaker.errors import ConfigurationError, UnusableFile
from matchmaker.home import SERVED, prepare
from matchmaker.web import tries

# In the home folder: what is secret, and what can be made again.
LEFT_OUT = {"jobs.sqlite", "metrics", "recommender", "rematch", "search", "secret_key", "web"}
LEFT_OUT |= {SERVED, tries.FILE}
NAME = "matchmaker-{:%Y%m%d-%H%M%S}.tar.gz"


def back_up(
    settings: Settings, engine: Engine, target: Path, *, at: datetime | None = None
) -> Manifest:
    """Write a backup of the database and the home folder, while others write to both.

    Raises ConfigurationError when the file would be in the way, or the database cannot be copied.
    """
    target, keys = target.resolve(), public_keys(settings.backup_recipients)
    if target.is_relative_to(settings.home_path):
        raise ConfigurationError("Choose a file outside the home folder: that one is backed up.")
    if target.exists():
        raise ConfigurationError(f"{target} is there already.")
    if not target.parent.is_dir():
        raise ConfigurationError(f"There is no folder {target.parent}.")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as name:
            manifest = _collect(settings, engine, Path(name), moment(at))
            pack(Path(name), target, keys)
            return manifest
    except (OSError, sqlite3.Error) as error:
        raise ConfigurationError(f"The backup could not be written: {error}") from error


def _collect(settings: Settings, engine: Engine, folder: Path, at: datetime) -> Manifest:
    """Put into the folder what a backup holds."""
    _copy_files(settings, folder / FILES)  # an anchor is of a record that the database's copy has
    counts = databases.copy(engine, folder / DATABASE)
    _copy_files(settings, folder / FILES)  # a row of that copy names a file that is here
    with engine.connect() as connection:
        revision = schema.revision(connection)
    manifest = Manifest(
        format=FORMAT,
        version=__version__,
        made_at=at.isoformat(),
        dialect=engine.dialect.name,
        revision=revision,
        counts=counts,
        settings=_told(settings),
        checksums={
            str(path.relative_to(folder)): checksum(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
    )
    write_manifest(folder, manifest)
    return manifest


def back_up_nightly(
    settings: Settings, engine: Engine, *, at: datetime | None = None
) -> Manifest | None:
    """Write a backup into the folder of the settings, and keep as many as they say."""
    if not settings.backup_folder:
        return None
    folder = Path(settings.backup_folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = NAME.format(moment(at)) + (SUFFIX if settings.backup_recipients else "")
    manifest = back_up(settings, engine, folder / name, at=at)
    for old in nightly(settings)[settings.backups_kept :]:
        old.unlink()
    return manifest


def nightly(settings: Settings) -> list[Path]:
    """Return the backups of the nights, the newest first."""
    if not settings.backup_folder:
        return []
    folder = Path(settings.backup_folder)
    patterns = ("matchmaker-*-*.tar.gz", f"matchmaker-*-*.tar.gz{SUFFIX}")
    return sorted((file for one in patterns for file in folder.glob(one)), reverse=True)


def restore(settings: Settings, source: Path, identity: Path | None = None) -> Manifest:
    """Put a backup into an empty home folder and an empty database. All or nothing is put there.

    `identity` is a file of private keys, for an encrypted one. Raises ConfigurationError when the
    place is not empty or a key is missing, UnusableFile for a broken backup or one of another kind
    of database or of a later release.
    """
    home, url = settings.home_path, make_url(settings.database)
    if (home.exists() and any(home.iterdir())) or not databases.is_empty(url):
        raise ConfigurationError(
            f"{home} or its database is not empty. A backup is put into an empty place only."
        )
    prepare(home)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as name:
        folder = Path(name)
        manifest = unpack(decrypt(source, identity, folder / "decrypted"), folder)
        if manifest.dialect != url.get_backend_name():
            raise UnusableFile(
                f"{source} is of a {manifest.dialect} database, and MATCHMAKER_DATABASE_URL names"
                f" a {url.get_backend_name()} one."
            )
        if not schema.is_known(manifest.revision):
            raise UnusableFile(f"{source} was made by a later release, {manifest.version}.")
        _move(folder, url, home)
    return manifest


def _move(folder: Path, url: URL, home: Path) -> None:
    """Put the files and the database into their places, or leave those empty."""
    moved = []
    try:
        for path in (folder / FILES).glob("*"):
            moved.append(path.replace(home / path.name))
        databases.put_back(url, folder / DATABASE, home)
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _files(settings: Settings) -> Iterator[Path]:
    """Yield the files of the home folder that cannot be made again."""
    home, kept = settings.home_path, Path(settings.backup_folder or "/").resolve()
    database = Path(make_url(settings.database).database or "").name
    for path in sorted(home.rglob("*")):
        first = path.relative_to(home).parts[0]
        left_out = first.removesuffix("-wal").removesuffix("-shm") in LEFT_OUT | {database}
        inside_backups = settings.backup_folder and path.is_relative_to(kept)
        if path.is_file() and not left_out and not inside_backups and not first.startswith("."):
            yield path


def _copy_files(settings: Settings, folder: Path) -> None:
    """Copy the files of the home folder that are not copied yet."""
    for source in _files(settings):
        target = folder / source.relative_to(settings.home_path)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # removed meanwhile
                shutil.copy2(source, target)


def _told(settings: Settings) -> dict[str, object]:
    """The settings without secrets, and the database's address without its password."""
    told = {name: value for name, value in asdict(settings).items() if name not in SECRETS}
    return told | {"database_url": make_url(settings.database).render_as_string()}
