from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.db import reading
from matchmaker.engine import index
from matchmaker.search.live import Searching


def write_search_snapshot(
    session: Session, searching: Searching, *, always: bool = False
) -> int | None:
    """Write the search index to disk if that is due, and return how many listings it has."""
    with reading(session):
        try:
            return searching.save(session, always=always)
        except index.Busy:
            return None  # another worker writes the same


def keep_search_kernels(session: Session, searching: Searching) -> bool | None:
    """Compile the kernels of the search where the catalogue is large enough to gain by them.

    Web processes go on with scipy meanwhile, and take the kernels over by themselves.
    """
    with reading(session):
        size = searching.size(session)
    return index.keep_ready(size)
