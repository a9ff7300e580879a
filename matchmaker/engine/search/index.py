"""The search index: every listing that is shown, by what everybody finds it by and by what members find it by.

Rows hold what a text says. How rare a word is stays outside, counted exactly in the rows of the reader's own tier, so
that neither results nor their order tell of what the reader may not read.
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
from ..index.snapshot import read_arrays, write_arrays
from . import query as search
from .vocabulary import Vocabulary, roomy

TIERS = ("public", "members")
TAIL = 100  # when none of so many last ones matches, those that were cut off would hardly have
MOST_COMPARED = 50
ROUNDING = 1e-9
AT_ONCE = 1 << 18  # as many as a segment holds

Codes = Mapping[str, Collection[str]]  # facet → codes
Flags = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing as it is put into the index. `members`: what only members find it by; `codes`: facet → its code."""

    listing_id: int
    public: Mapping[str, float]
    members: Mapping[str, float]
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hits:
    """Listing → score of what a search found; `is_cut` when more would match than the ``most`` that it looks at.

    `is_cut_elsewhere` when that holds for what the reader's filters leave out, and facets count.
    """

    scores: Mapping[int, float] = field(default_factory=dict)
    is_cut: bool = False
    is_cut_elsewhere: bool = False
    most: int = 0


class SearchIndex:
    """Listings by number. Its callers take turns.

    Parameters: facets, the codes that a search may be narrowed to; the others make up what is stored.
    """

    def __init__(self, facets: Facets, vocabulary: Vocabulary, tiers: Mapping[str, Tier]) -> None:
        self._facets, self._vocabulary, self._tiers = facets, vocabulary, tiers

    @classmethod
    def build(cls, facets: Facets, entries: Iterable[Entry]) -> SearchIndex:
        """An index of these listings, with room for new words."""
        vocabulary = Vocabulary(size=np.iinfo(np.int32).max)
        batch = _Batch(entries, vocabulary, facets)
        vocabulary.size = roomy(len(vocabulary))
        made = cls(facets, vocabulary, {name: Tier.empty(vocabulary.size) for name in TIERS})
        made._add(batch)
        return made

    @classmethod
    def open(cls, facets: Facets, folder: Path, version: str) -> SearchIndex:
        """What `save` wrote with the same version, mapped. Raises Damaged or NoSnapshot."""
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
        """Write everything into a folder; segments that stand there already stay.

        ``version`` says what the rows and the facets were made with.
        """
        for name, tier in self._tiers.items():
            tier.index.compact()
            tier.index.save(folder / name, version)
        frequencies = {name: tier.frequencies for name, tier in self._tiers.items()}
        write_arrays(folder / "terms", {**self._vocabulary.arrays(), **frequencies})

    def prepare(self, *, wait: bool = False) -> None:
        """Make the first search as fast as the next; see ``Index.prepare``."""
        for tier in self._tiers.values():
            tier.index.prepare(wait=wait)

    def __len__(self) -> int:
        return len(self._tiers["public"].index)

    def put(self, entries: Sequence[Entry]) -> None:
        """Add listings or change them. Raises Full, with no listing changed, when there are too many new words."""
        batch = _Batch(entries, self._vocabulary, self._facets)
        self.withdraw(batch.ids)
        self._add(batch)

    def withdraw(self, listing_ids: Iterable[int]) -> None:
        """Take listings out; those that are not here are passed over."""
        ids = list(listing_ids)
        for tier in self._tiers.values():
            tier.withdraw(ids)

    def find(
        self, readings: Sequence[search.Reading], tier: str, chosen: Codes | None = None
    ) -> Hits:
        """What matches for readers of the tier: of the best `MOST_FOUND`, and of the best so many with the codes."""
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
        """Listings of the kind → how alike they are, of those that share most with the listing."""
        return self._tiers[tier].similar(listing_id, self._facets.where({"kind": (kind,)}))

    def _add(self, batch: _Batch) -> None:
        """Part by part, for what is made on the way takes several times the room of the rows."""
        for name, tier in self._tiers.items():
            rows = batch.rows.pop(name)
            for start in range(0, len(rows), AT_ONCE):
                end = min(start + AT_ONCE, len(rows))
                tier.add(
                    batch.ids[start:end],
                    rows.matrix(tier.columns, start, end),
                    batch.flags[start:end],
                )

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
    """What is asked of the rows: columns, their weights, and covers (columns, ways to match)."""

    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    covers: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tier:
    """The rows of one tier, and in how many of them each term is."""

    index: Index
    frequencies: NDArray[np.int32]

    @classmethod
    def empty(cls, columns: int) -> Tier:
        return cls(Index(columns), np.zeros(columns, np.int32))

    @property
    def columns(self) -> int:
        return self.index.columns if self.frequencies.shape == (self.index.columns,) else -1

    def add(self, ids: Sequence[int], rows: sparse.csr_matrix, flags: Flags) -> None:
        """Put listings that are not here."""
        np.add.at(self.frequencies, rows.indices, 1)
        self.index.put(ids, rows, flags)

    def withdraw(self, ids: Sequence[int]) -> None:
        for row in map(self.row, ids):
            if row is not None:
                self.frequencies[row.indices] -= 1
        self.index.withdraw(ids)

    def row(self, listing_id: int) -> sparse.csr_matrix | None:
        try:
            return self.index.rows([listing_id])
        except KeyError:
            return None

    def rarity(self, columns: NDArray[np.int32]) -> NDArray[np.float64]:
        """As `search.weigh` has it, for terms that are here."""
        counted = self.frequencies[columns]
        return np.log1p((np.maximum(len(self.index) - counted, 0) + 0.5) / (counted + 0.5))

    def best(self, query: Query, where: Where) -> tuple[dict[int, float], bool, bool]:
        """Listing → score; whether more have any of the words; whether more would match, as far as one can tell."""
        ids, _ = self.index.top(query.columns, query.weights, search.MOST_FOUND + 1, where)
        more, ids = len(ids) > search.MOST_FOUND, ids[: search.MOST_FOUND]
        rows = self.index.rows(ids)[:, query.columns].astype(np.float64)
        scores = rows @ query.weights
        rows.data[:] = 1.0
        matches = (rows @ query.covers).max(axis=1, initial=0.0) >= search.COVER - ROUNDING
        found = dict(zip(ids[matches].tolist(), scores[matches].tolist(), strict=True))
        return found, more, bool(more and matches[-TAIL:].any())

    def similar(self, listing_id: int, where: Where) -> dict[int, float]:
        """Cosine, a word counting by how rare it is, of those with the highest dot product."""
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
    """Listings as arrays in the making; new words get columns."""

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
    """Rows in the making, in flat arrays: there may be millions."""

    def __init__(self) -> None:
        self._columns, self._values, self._starts = array("i"), array("f"), array("q", [0])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, columns: Sequence[int], values: Iterable[float]) -> None:
        self._columns.extend(columns)
        self._values.extend(values)
        self._starts.append(len(self._columns))

    def matrix(self, columns: int, start: int, end: int) -> sparse.csr_matrix:
        """The rows from one place to another (rows, columns)."""
        starts = np.array(self._starts[start : end + 1], np.int64)
        part = slice(int(starts[0]), int(starts[-1]))
        values, places = (
            np.array(self._values[part], np.float32),
            np.array(self._columns[part], np.int32),
        )
        return sparse.csr_matrix((values, places, starts - starts[0]), shape=(end - start, columns))
