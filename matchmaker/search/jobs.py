from __future__ import annotations

from urllib.parse import urlencode

from sqlalchemy.orm import Session

from matchmaker.db import now, reading
from matchmaker.engine import index
from matchmaker.organisations.acting import actor_of
from matchmaker.search import queries, saved
from matchmaker.search.browsing import Filters, published_since
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


def tell_finds(session: Session, searching: Searching) -> int:
    """Tell who saved a search of what was published since and fits; return how many were told.

    One transaction each: a search that fails holds up no other.
    """
    told = 0
    ids = queries.all_saved(session)
    session.commit()
    for saved_id in ids:
        at = now()
        held = queries.locked(session, saved_id)
        actor = actor_of(session, held[0].user_id) if held else None
        if held and actor:
            search, user = held
            filters = saved.filters_of(search)
            found = published_since(session, actor[0], filters, search.looked_at, searching)
            saved.tell(session, user, search, found, address(filters), at=at)
            told += bool(found)
        session.commit()
    return told


def address(filters: Filters) -> str:
    """The path of a search's results."""
    chosen = [(facet, code) for facet, codes in filters.chosen.items() for code in codes]
    words = [("q", filters.q)] if filters.q else []
    return "/listings?" + urlencode([*words, *chosen, ("sort", filters.sort)])
