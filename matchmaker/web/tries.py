"""Counts of tries in an SQLite file of their own, for Flask-Limiter.

All processes of a machine share it, and a restart keeps it. Nobody waits there for the writers of
the site's database. A count is one statement; the file is opened for each. Nothing waits for the
disk: after a power cut the file may have to be deleted, which forgives the tries.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from limits.storage import Storage

SCHEME = "tries"
FILE = "tries.sqlite"
SECONDS_TO_WAIT = 2  # for another process that counts
TABLE = """
CREATE TABLE IF NOT EXISTS tries (key TEXT PRIMARY KEY, count INTEGER, expires REAL) WITHOUT ROWID
"""
COUNT = """
INSERT INTO tries VALUES (:key, :amount, :expires)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN tries.expires > :now THEN tries.count ELSE 0 END + :amount,
    expires = CASE WHEN tries.expires > :now THEN tries.expires ELSE :expires END
RETURNING count
"""


def address(home: Path) -> str:
    """Return where Flask-Limiter finds the counts of a home folder."""
    return f"{SCHEME}://{home / FILE}"


class Tries(Storage):
    """Counts by key, each until it expires; keys are kept as hashes."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  # as the library has it

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._path = uri.removeprefix(f"{SCHEME}://")

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        values = {"key": _hash(key), "amount": amount, "expires": now + expiry, "now": now}
        with self._opened() as file:
            file.execute("DELETE FROM tries WHERE expires <= ?", (now,))
            return int(file.execute(COUNT, values).fetchone()[0])

    def get(self, key: str) -> int:
        found = self._row(key)
        return found[0] if found else 0

    def get_expiry(self, key: str) -> float:
        found = self._row(key)
        return found[1] if found else time.time()

    def check(self) -> bool:
        try:
            self.get("")
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        with self._opened() as file:
            return file.execute("DELETE FROM tries").rowcount

    def clear(self, key: str) -> None:
        with self._opened() as file:
            file.execute("DELETE FROM tries WHERE key = ?", (_hash(key),))

    def _row(self, key: str) -> tuple[int, float] | None:
        query = "SELECT count, expires FROM tries WHERE key = ? AND expires > ?"
        with self._opened() as file:
            row: tuple[int, float] | None = file.execute(
                query, (_hash(key), time.time())
            ).fetchone()
        return row

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        file = sqlite3.connect(self._path, timeout=SECONDS_TO_WAIT)
        try:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = OFF")
            file.execute(TABLE)
            with file:
                yield file
        finally:
            file.close()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
