"""A database copied as of one moment while others write, and put back into an empty place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess  # nosec B404
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, text

from matchmaker.errors import ConfigurationError

Counts = Mapping[str, int]


def copy(engine: Engine, target: Path) -> Counts:
    """Write the database into a file and return the rows of each table in it."""
    return _dump(engine, target) if engine.dialect.name == "postgresql" else _copy(engine, target)


def put_back(url: URL, source: Path, folder: Path) -> None:
    """Make a file that `copy` wrote the database of this address; `folder` is the home folder."""
    if url.get_backend_name() == "postgresql":
        _run("pg_restore", url, "--exit-on-error", "--single-transaction", str(source))
        return
    source.replace(folder / Path(url.database or "").name)


def is_empty(url: URL) -> bool:
    """Return whether the database of this address holds no tables."""
    if url.get_backend_name() != "postgresql":
        return not Path(url.database or "").exists()
    engine = create_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def count_rows(connection: Connection) -> Counts:
    """Return the rows of each table."""
    quote = connection.dialect.identifier_preparer.quote
    return {
        table: connection.scalar(text(f"SELECT count(*) FROM {quote(table)}")) or 0  # noqa: S608  # nosec B608
        for table in sorted(inspect(connection).get_table_names())
    }


def _copy(engine: Engine, target: Path) -> Counts:
    """By SQLite's own backup, in one step: writers go on beside it, in the write-ahead log."""
    with (
        closing(sqlite3.connect(str(engine.url.database))) as source,
        closing(sqlite3.connect(target)) as copied,
    ):
        source.backup(copied)
        copied.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        [[verdict]] = copied.execute("PRAGMA quick_check(1)").fetchall()
    if verdict != "ok":
        raise ConfigurationError(f"The database is damaged: {verdict}")
    copy = create_engine(f"sqlite:///{target}")
    try:
        with copy.connect() as connection:
            return count_rows(connection)
    finally:
        copy.dispose()


def _dump(engine: Engine, target: Path) -> Counts:
    """By pg_dump, in the snapshot that the rows are counted in."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        counts = count_rows(connection)
        _run("pg_dump", engine.url, "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
    return counts


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password stays out of the list of processes."""
    found = shutil.which(program)
    if found is None:
        raise ConfigurationError(f"{program} was not found. Install PostgreSQL's client programs.")
    address = url.set(drivername="postgresql", password=None).render_as_string()
    environ = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run(  # noqa: S603  # nosec B603
        [found, "--no-owner", "--no-privileges", f"--dbname={address}", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ConfigurationError(f"{program} failed: {done.stderr.strip()}")
