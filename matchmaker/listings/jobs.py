from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.db import reading, today
from matchmaker.listings import queries, service
from matchmaker.listings.searching import Searching
from matchmaker.permissions import SYSTEM

BATCH = 100


def expire_listings(session: Session) -> int:
    """Take down what has passed its deadline; the number of listings. Each batch is a transaction of its own."""
    expired = 0
    while batch := queries.past_deadline(session, today(), BATCH):
        service.expire(session, SYSTEM, batch)
        session.commit()
        expired += len(batch)
    session.rollback()  # nothing is left open: the last look wrote nothing
    return expired


def write_search_snapshot(session: Session, searching: Searching, *, always: bool = False) -> int | None:
    """Write the search index to disk for other processes to open, if one is due; the number of listings in it."""
    from matchmaker.listings.search_snapshot import Busy

    with reading(session):
        try:
            return searching.save(session, always=always)
        except Busy:
            return None  # another worker writes the same


def keep_search_kernels(session: Session, searching: Searching) -> bool | None:
    """Compile the kernels of the search on this machine where the catalogue is large enough to gain by them.

    Web processes go on with scipy meanwhile, and take the kernels over by themselves.
    """
    from matchmaker.engine.index import compile as kernels
    from matchmaker.engine.index import ready, serving

    with reading(session):
        size = searching.size(session)
    if size < serving.COMPILED_FROM or ready.is_ready():
        return None
    return kernels.make_ready()
