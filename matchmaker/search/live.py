"""A process's copy of the search index: the snapshot, brought up to date from the audit log.

Every move of a listing or an organisation is audited in its own transaction. A search that begins
after a publication was committed finds it, in any process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from sqlalchemy.orm import Session

from matchmaker.audit import queries as audit
from matchmaker.audit.queries import Mark, Since
from matchmaker.db import reading
from matchmaker.engine import search
from matchmaker.listings import marks
from matchmaker.listings import queries as listings
from matchmaker.listings.rules import trl_band
from matchmaker.search import queries as stored
from matchmaker.search import snapshot
from matchmaker.search.rules import FACETS

if TYPE_CHECKING:
    from matchmaker.engine.search import Codes, Entry, Hits, Labels, Query, SearchIndex
    from matchmaker.search.snapshot import Stamp

log = structlog.get_logger()

FOLLOWED = ("listing", "organisation")
# So many changes since the snapshot, or one listing in so many, are worth a new one.
MANY, SHARE = 1_000, 10
MOST_COUNTED = 200

T = TypeVar("T")


class Searching:
    """Parameter: the folder of the snapshots. May be used by several threads: they take turns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._index: SearchIndex | None = None
        self._mark = Mark()
        self._stamp: Stamp | None = None  # of the snapshot that was last looked at
        self._on_snapshot = False
        self._changed: set[int] = set()  # since the snapshot
        self._counted: dict[Hashable, Any] = {}  # a new one with every change

    def find(self, session: Session, q: str, tier: str, chosen: Codes | None = None) -> Hits:
        """Return what a search finds for readers of the tier, under filters if it can."""
        return self.find_read(session, search.read_query(q, _labels(session)), tier, chosen)

    def find_read(
        self, session: Session, query: Query, tier: str, chosen: Codes | None = None
    ) -> Hits:
        """As `find`, for a query that is read."""
        with self._turn(session):
            return self._current(session)[0].find(query, tier, chosen)

    def find_prose(self, session: Session, text: str, tier: str, chosen: Codes) -> Hits:
        """As `find`, for a text that nobody typed to search: no word of it is taken for a slip."""
        query = search.read_query(text, _labels(session))
        with self._turn(session):
            return self._current(session)[0].find(query, tier, chosen, is_prose=True)

    def similar(
        self, session: Session, listing_id: int, tier: str, kind: str
    ) -> Mapping[int, float]:
        """Listings of the kind → how alike they are, as readers of the tier may know."""
        with self._turn(session):
            return self._current(session)[0].similar(listing_id, tier, kind)

    def counted(self, session: Session, what: Hashable, count: Callable[[], T]) -> T:
        """Return what `count` says of all shown listings, kept until something changes."""
        with self._turn(session):
            _, is_latest = self._current(session)
            kept = self._counted if is_latest else {}
        found: T | None = kept.get(what)
        if found is None:
            if len(kept) >= MOST_COUNTED:
                kept.clear()
            found = kept[what] = count()
        return found

    def refresh(self, session: Session) -> None:
        """Open or build the index with all that searches need, so that none waits for it."""
        search.warm(_labels(session))
        with self._turn(session):
            self._current(session)[0].prepare(wait=True)

    def size(self, session: Session) -> int:
        """How many listings a search looks through."""
        with self._turn(session):
            return len(self._current(session)[0])

    def save(self, session: Session, *, always: bool = False) -> int | None:
        """Write a snapshot if one is due, or if `always` and anything changed; return its size.

        Raises Busy while another process writes one.
        """
        with self._turn(session):
            if self._on_snapshot and snapshot.stamp(self._folder) is None:
                self._index = (
                    None  # somebody could not open it, so what is mapped here may be damaged
                )
            index, _ = self._current(session)
            if not (self._is_due(len(index)) or (always and self._changed)):
                return None
            snapshot.write(self._folder, index, self._mark)
            self._stamp = snapshot.stamp(self._folder)
            self._on_snapshot, self._changed = True, set()
            return len(index)

    @contextmanager
    def _turn(self, session: Session) -> Iterator[None]:
        """Begin the transaction first: a wait for the database then holds up nobody."""
        session.connection()
        with self._lock:
            yield

    def _is_due(self, size: int) -> bool:
        return not self._on_snapshot or len(self._changed) > min(MANY, size // SHARE)

    def _current(self, session: Session) -> tuple[SearchIndex, bool]:
        """The index as of now; and whether the transaction sees all that is in it."""
        stamp = snapshot.stamp(self._folder)
        if self._index is None or stamp not in (self._stamp, None):
            self._stamp = stamp
            self._open()
        since = audit.since(session, self._mark, FOLLOWED) if self._index is not None else None
        if self._index is None or (since is None and not self._is_ahead_of(session)):
            return self._build(session), True
        if since is None:
            return self._index, False
        if ("listing", None) in since.subjects:
            return self._build(session), True
        return self._follow(session, self._index, since), True

    def _is_ahead_of(self, session: Session) -> bool:
        """Return whether the transaction began before what other threads have followed since."""
        with Session(session.get_bind()) as latest, reading(latest):
            return audit.since(latest, self._mark, ()) is not None

    def _open(self) -> None:
        """Take the snapshot, if it can be had; else go on with what is there."""
        try:
            index, self._mark = snapshot.read(self._folder)
            if self._index is not None:
                index.prepare()  # while the one before is here: they share most segments
            self._index = index
        except snapshot.NoSnapshot as reason:
            log.info("search.no_snapshot", reason=str(reason))
        except snapshot.Damaged as reason:
            log.warning("search.damaged_snapshot", reason=str(reason))
            snapshot.forget(self._folder)
        else:
            self._on_snapshot, self._changed, self._counted = True, set(), {}

    def _build(self, session: Session) -> SearchIndex:
        """From the rows in the database: they need no analysis."""
        mark = audit.head(session)  # before the rows: what is done meanwhile is then read again
        self._index = search.SearchIndex.build(FACETS, _entries(stored.shown(session)))
        self._mark, self._on_snapshot, self._changed, self._counted = mark, False, set(), {}
        log.info("search.built", listings=len(self._index))
        return self._index

    def _follow(self, session: Session, index: SearchIndex, since: Since) -> SearchIndex:
        """Read what has changed since the mark."""
        ids = {
            number for kind, number in since.subjects if kind == "listing" and number is not None
        }
        organisations = [
            number
            for kind, number in since.subjects
            if kind == "organisation" and number is not None
        ]
        if organisations:
            ids |= stored.listings_of(session, organisations)
        if ids:
            entries = list(_entries(stored.shown_of(session, ids)))
            try:
                index.put(entries)
            except search.Full:
                return self._build(session)
            index.withdraw(ids - {entry.listing_id for entry in entries})
            self._changed |= ids
            self._counted = {}
        self._mark = since.mark
        return index


def _labels(session: Session) -> Labels:
    return marks.labels_of(listings.task_titles(session))


def _entries(rows: Iterable[stored.Found]) -> Iterator[Entry]:
    for listing_id, public, members, kind, language, goal, trl, province in rows:
        codes = {
            "kind": kind,
            "language": language,
            "goal": goal,
            "trl": trl_band(trl),
            "province": province,
        }
        yield search.Entry(listing_id, public, members, codes)
