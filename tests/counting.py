"""Counting statements that are sent to the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from matchmaker.db import db


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collects the statements that the database receives meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def statements(deed: Callable[[], Any]) -> int:
    """Do it once to warm what is remembered, then count the second time."""
    deed()
    with listening() as seen:
        deed()
    return len(seen)
