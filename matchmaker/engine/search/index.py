"""The search index: listings by their public terms, and by the terms that members may read too.

Rows hold term weights without rarity. Rarity is counted in the rows of the reader's own tier, so
that neither results nor their order reveal texts the reader may not see.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..index import Damaged, Facets, Index, Where
from ..index.arrayfile import read_arrays, write_arrays
from ..spans import spans
from . import query as search
from .vocabulary import Vocabulary, roomy

TIERS = ("public", "members")
TAIL = 100  # last candidates; when none of them is a hit, later ones hardly are
MOST_COMPARED = 50
ROUNDING = 1e-9
AT_ONCE = 1 << 18  # listings, as many as a segment holds

Codes = Mapping[str, Collection[str]]  # facet → codes
Flags = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing for the index.

    Parameters
    ----------
    listing_id : int
        The listing's number.
    public : Mapping[str, float]
        Term → weight, from public texts (see ``search_row``).
    members : Mapping[str, float]
        Term → weight, of terms that members alone may find it by.
    codes : Mapping[str, str]
        Facet → the listing's code.

    Examples
    --------
    >>> Entry(7, {"pump": 3.0}, {}, {"kind": "need"}).listing_id
    7
    """

    listing_id: int
    public: Mapping[str, float]
    members: Mapping[str, float]
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hits:
    """Result of a search.

    Parameters
    ----------
    scores : Mapping[int, float]
        Listing → score.
    is_cut : bool
        Whether more listings would be hits than the search looks at.
    is_cut_elsewhere : bool
        The same for listings outside the reader's filters, which facets count.
    most : int
        Number of listings that the search looks at.

    Examples
    --------
    >>> Hits({7: 1.5}).is_cut
    False
    """

    scores: Mapping[int, float] = field(default_factory=dict)
    is_cut: bool = False
    is_cut_elsewhere: bool = False
    most: int = 0


class SearchIndex:
    """Listings by number, searched by readers of two tiers; use one thread at a time.

    Make one with ``build`` or ``open``.

    Parameters
    ----------
    facets : Facets
        Codes that narrow a search.
    vocabulary : Vocabulary
        Terms and their columns.
    tiers : Mapping[str, Tier]
        Name of ``TIERS`` → its rows.

    Examples
    --------
    >>> from matchmaker.engine.search import read_query
    >>> facets = Facets({"kind": ["need", "capability"]})
    >>> index = SearchIndex.build(facets, [
    ...     Entry(7, {"brine": 2.0, "pump": 2.0}, {"seal": 1.0}, {"kind": "need"}),
    ...     Entry(8, {"barley": 2.0}, {}, {"kind": "capability"}),
    ... ])
    >>> list(index.find(read_query("brine pump"), "public").scores)
    [7]
    >>> list(index.find(read_query("seal"), "public").scores)
    []
    >>> list(index.find(read_query("seal"), "members").scores)
    [7]
    """

    def __init__(self, facets: Facets, vocabulary: Vocabulary, tiers: Mapping[str, Tier]) -> None:
        self._facets, self._vocabulary, self._tiers = facets, vocabulary, tiers

    @classmethod
    def build(cls, facets: Facets, entries: Iterable[Entry]) -> SearchIndex:
        """Build an index with room for new words.

        Parameters
        ----------
        facets : Facets
            Codes that narrow a search.
        entries : Iterable[Entry]
            Listings, each number once.

        Raises
        ------
        ValueError
            When two listings have the same number.
        """
        vocabulary = Vocabulary(size=np.iinfo(np.int32).max)
        batch = _Batch(entries, vocabulary, facets)
        vocabulary.size = roomy(len(vocabulary))
        made = cls(facets, vocabulary, {name: Tier.empty(vocabulary.size) for name in TIERS})
        made._add(batch)
        return made

    @classmethod
    def open(cls, facets: Facets, folder: Path, version: str) -> SearchIndex:
        """Open a saved index; its arrays are mapped from the files.

        Parameters
        ----------
        facets : Facets
            The facets that the index was built with.
        folder : Path
            The folder that ``save`` wrote to.
        version : str
            The version that ``save`` was given.

        Raises
        ------
        NoSnapshot
            When the folder holds no index of this version.
        Damaged
            When a file is missing or differs from the one that was written.
        """
        try:
            arrays = read_arrays(folder / "terms", verify=True)
            vocabulary = Vocabulary(arrays)
            tiers = {
                name: Tier(Index.open(folder / name, version), np.array(arrays[name]))
                for name in TIERS
            }
        except (OSError, KeyError) as error:
            raise Damaged(f"{folder} is incomplete, or may not be read: {error}") from error
        if any(tier.columns != vocabulary.size for tier in tiers.values()):
            raise Damaged(f"{folder} holds terms of another index")
        return cls(facets, vocabulary, tiers)

    def save(self, folder: Path, version: str) -> None:
        """Write the index to a folder; segments that are already there stay.

        Parameters
        ----------
        folder : Path
            The folder to write to.
        version : str
            A name of the code and settings that made rows and facets.

        Raises
        ------
        Busy
            When another process is writing to the folder.
        """
        for name, tier in self._tiers.items():
            tier.index.compact()
            tier.index.save(folder / name, version)
        frequencies = {name: tier.frequencies for name, tier in self._tiers.items()}
        write_arrays(folder / "terms", {**self._vocabulary.arrays(), **frequencies})

    def prepare(self, *, wait: bool = False) -> None:
        """Make the first search as fast as the next.

        Parameters
        ----------
        wait : bool
            See ``Index.prepare``.
        """
        for tier in self._tiers.values():
            tier.index.prepare(wait=wait)

    def __len__(self) -> int:
        return len(self._tiers["public"].index)

    def put(self, entries: Sequence[Entry]) -> None:
        """Add listings, and replace those with the same number.

        Parameters
        ----------
        entries : Sequence[Entry]
            Listings, each number once.

        Raises
        ------
        Full
            When there are too many new words; no listing is changed then.
        """
        batch = _Batch(entries, self._vocabulary, self._facets)
        self.withdraw(batch.ids)
        self._add(batch)

    def withdraw(self, listing_ids: Iterable[int]) -> None:
        """Take listings out.

        Parameters
        ----------
        listing_ids : Iterable[int]
            Numbers; unknown ones are ignored.
        """
        ids = list(listing_ids)
        for tier in self._tiers.values():
            tier.withdraw(ids)

    def find(
        self, readings: Sequence[search.Reading], tier: str, chosen: Codes | None = None
    ) -> Hits:
        """Search for readers of a tier.

        Parameters
        ----------
        readings : Sequence[search.Reading]
            The query (see ``read_query``).
        tier : str
            "public" or "members".
        chosen : Codes | None
            Facet → codes that narrow the search; unknown ones are ignored.

        Returns
        -------
        Hits
            Hits among the best 2,000 listings, and among the best 2,000 with the chosen codes.
        """
        place = self._tiers[tier]
        query = self._query(readings, place)
        if query is None:
            return Hits()
        scores, more, open_is_cut = place.best(query, ())
        narrowing = self._facets.where(self._facets.known(chosen or {}))
        if not (more and narrowing):
            return Hits(scores, open_is_cut, open_is_cut, search.MOST_FOUND)
        narrowed, _, is_cut = place.best(query, narrowing)
        return Hits(scores | narrowed, is_cut, open_is_cut, search.MOST_FOUND)

    def similar(self, listing_id: int, tier: str, kind: str) -> Mapping[int, float]:
        """Find similar listings.

        Parameters
        ----------
        listing_id : int
            The listing to compare with.
        tier : str
            "public" or "members"; terms of this tier count.
        kind : str
            Code of the facet "kind" that the listings have.

        Returns
        -------
        Mapping[int, float]
            Listing → cosine, 0..1, of at most 50 listings; empty for an unknown listing.
        """
        return self._tiers[tier].similar(listing_id, self._facets.where({"kind": (kind,)}))

    def _add(self, batch: _Batch) -> None:
        """Add listings part by part, to bound the memory that the work takes."""
        for name, tier in self._tiers.items():
            rows = batch.rows.pop(name)
            for span in spans(len(rows), AT_ONCE):
                matrix = rows.matrix(tier.columns, span.start, span.stop)
                tier.add(batch.ids[span], matrix, batch.flags[span])

    def _query(self, readings: Sequence[search.Reading], tier: Tier) -> Query | None:
        asked = {term for reading in readings for term in reading.terms}
        columns = {
            term: column for term in asked if (column := self._vocabulary.find(term)) is not None
        }
        frequencies = {term: int(tier.frequencies[column]) for term, column in columns.items()}
        terms = search.weigh(readings, frequencies, len(self))
        if not terms:
            return None
        return Query(
            np.array([columns[term.term] for term in terms], np.int32),
            np.array([term.weight for term in terms], np.float32),
            np.array([term.covers for term in terms]),
        )


@dataclass(frozen=True, slots=True)
class Query:
    """A query as columns (m,), their weights (m,), and covers (m, ways to read it)."""

    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    covers: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tier:
    """The rows of one tier, and the number of rows (columns,) that hold each term."""

    index: Index
    frequencies: NDArray[np.int32]

    @classmethod
    def empty(cls, columns: int) -> Tier:
        """Return a tier without listings."""
        return cls(Index(columns), np.zeros(columns, np.int32))

    @property
    def columns(self) -> int:
        """The number of terms, or -1 if the parts of the tier disagree."""
        return self.index.columns if self.frequencies.shape == (self.index.columns,) else -1

    def add(self, ids: Sequence[int], rows: sparse.csr_matrix, flags: Flags) -> None:
        """Add listings that are not in the index."""
        np.add.at(self.frequencies, rows.indices, 1)
        self.index.put(ids, rows, flags)

    def withdraw(self, ids: Sequence[int]) -> None:
        """Take listings out; those that are not in the tier are passed over."""
        for row in map(self.row, ids):
            if row is not None:
                self.frequencies[row.indices] -= 1
        self.index.withdraw(ids)

    def row(self, listing_id: int) -> sparse.csr_matrix | None:
        """Return the terms of a listing, of shape (1, columns), if it is in the tier."""
        try:
            return self.index.rows([listing_id])
        except KeyError:
            return None

    def rarity(self, columns: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the inverse document frequency of terms, as ``query.weigh`` does."""
        counted = self.frequencies[columns]
        return np.log1p((np.maximum(len(self.index) - counted, 0) + 0.5) / (counted + 0.5))

    def best(self, query: Query, where: Where) -> tuple[dict[int, float], bool, bool]:
        """Return scores by listing, whether more have a word, and whether more are hits."""
        ids, _ = self.index.top(query.columns, query.weights, search.MOST_FOUND + 1, where)
        more, ids = len(ids) > search.MOST_FOUND, ids[: search.MOST_FOUND]
        rows = self.index.rows(ids)[:, query.columns].astype(np.float64)
        scores = rows @ query.weights
        rows.data[:] = 1.0
        hits = (rows @ query.covers).max(axis=1, initial=0.0) >= search.COVER - ROUNDING
        found = dict(zip(ids[hits].tolist(), scores[hits].tolist(), strict=True))
        return found, more, bool(more and hits[-TAIL:].any())

    def similar(self, listing_id: int, where: Where) -> dict[int, float]:
        """Return the rarity-weighted cosine of the listings with the highest dot products."""
        own = self.row(listing_id)
        if own is None or not own.nnz:
            return {}
        asked = (own.data * self.rarity(own.indices) ** 2).astype(np.float32)
        ids, _ = self.index.top(own.indices, asked, MOST_COMPARED + 1, where)
        ids = ids[ids != listing_id]
        rows = sparse.vstack([own, self.index.rows(ids)], format="csr").astype(np.float64)
        rows.data *= self.rarity(rows.indices)
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        alike = (rows[1:] @ rows[0].T).toarray().ravel() / (lengths[1:] * lengths[0])
        return dict(zip(ids.tolist(), alike.tolist(), strict=True))


class _Batch:
    """Listings as growing arrays; new words get columns."""

    def __init__(self, entries: Iterable[Entry], vocabulary: Vocabulary, facets: Facets) -> None:
        self.ids: list[int] = []
        self.rows = {name: _Rows() for name in TIERS}
        flags: list[int] = []
        for entry in entries:
            self.ids.append(entry.listing_id)
            flags.append(
                facets.flags(facets.known({name: (code,) for name, code in entry.codes.items()}))
            )
            for name, row in (
                ("public", entry.public),
                ("members", {**entry.members, **entry.public}),
            ):
                self.rows[name].append(vocabulary.add(row), row.values())
        self.flags = np.array(flags, np.uint64)


class _Rows:
    """Growing rows in flat arrays, for millions of them."""

    def __init__(self) -> None:
        self._columns, self._values, self._starts = array("i"), array("f"), array("q", [0])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, columns: Sequence[int], values: Iterable[float]) -> None:
        self._columns.extend(columns)
        self._values.extend(values)
        self._starts.append(len(self._columns))

    def matrix(self, columns: int, start: int, end: int) -> sparse.csr_matrix:
        """Return the rows from ``start`` to ``end`` - 1, (rows, columns)."""
        starts = np.array(self._starts[start : end + 1], np.int64)
        part = slice(int(starts[0]), int(starts[-1]))
        values, places = (
            np.array(self._values[part], np.float32),
            np.array(self._columns[part], np.int32),
        )
        return sparse.csr_matrix((values, places, starts - starts[0]), shape=(end - start, columns))
