"""The search index: listings by their public terms, and by the terms that members may read too.

Rows hold term weights without rarity. Rarity is counted in the rows of the reader's own tier, so
that neither results nor their order reveal texts the reader may not see.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..index import Damaged, Facets, Index, Where
from ..index.arrayfile import read_arrays, write_arrays
from ..spans import spans
from . import query as limits
from .query import NO_QUERY, Query
from .tier import SPANISH, Asked, Tier
from .vocabulary import Vocabulary, roomy
from .weighing import COVER, Frequency, Swap, look_for, mended

TIERS = ("public", "members")
AT_ONCE = 1 << 18  # listings, as many as a segment holds
ANY = 1e-9  # cover that any word gives

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
    has_all : bool
        Whether a hit has something for each word.
    swaps : tuple[Swap, ...]
        Words that no listing has, each with what was looked for instead.
    unknown : tuple[str, ...]
        Words that no listing has, and that nothing took the place of.
    nearest : tuple[Swap, ...]
        Words that no listing has, each with the broader concept that was looked for.
    query : Query
        What was looked for.

    Examples
    --------
    >>> Hits({7: 1.5}).is_cut
    False
    """

    scores: Mapping[int, float] = field(default_factory=dict)
    is_cut: bool = False
    is_cut_elsewhere: bool = False
    most: int = 0
    has_all: bool = True
    swaps: tuple[Swap, ...] = ()
    unknown: tuple[str, ...] = ()
    nearest: tuple[Swap, ...] = ()
    query: Query = NO_QUERY


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
        vocabulary.add([SPANISH])
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
        self, query: Query, tier: str, chosen: Codes | None = None, *, is_prose: bool = False
    ) -> Hits:
        """Search for readers of a tier.

        A word that no listing of the tier has gives way to what is likely meant. Where no listing
        covers half of the query, those that have any of its words are hits.

        Parameters
        ----------
        query : Query
            The query (see ``read_query``).
        tier : str
            "public" or "members".
        chosen : Codes | None
            Facet → codes that narrow the search; unknown ones are ignored.
        is_prose : bool
            Whether the query is a text that nobody typed to search: its rare words are no slips.

        Returns
        -------
        Hits
            Hits among the best 2,000 listings, and among the best 2,000 with the chosen codes.
        """
        place = self._tiers[tier]
        frequency = self._frequency(place)
        query, swaps = (query, ()) if is_prose else mended(query, frequency)
        plan = look_for(query, frequency, len(self))
        said = Hits(swaps=swaps, unknown=plan.unknown, nearest=plan.nearest, query=query)
        if not plan.wanted or not plan.is_possible:
            return said
        asked = Asked.of(plan, self._columns)
        narrowing = self._facets.where(self._facets.known(chosen or {}))
        found = self._found(place, asked, narrowing, COVER)
        if not found.scores and not query.phrases:
            found = self._found(place, asked, narrowing, ANY)
        return replace(
            said,
            scores=found.scores,
            is_cut=found.is_cut,
            is_cut_elsewhere=found.is_cut_elsewhere,
            most=limits.MOST_FOUND,
            has_all=found.has_all and not (plan.unknown or plan.nearest),
        )

    def _found(self, place: Tier, asked: Asked, narrowing: Where, least: float) -> Hits:
        best = place.best(asked, (), least)
        if not (best.more and narrowing):
            return Hits(best.scores, best.is_cut, best.is_cut, has_all=best.has_all)
        narrowed = place.best(asked, narrowing, least)
        return Hits(
            best.scores | narrowed.scores,
            narrowed.is_cut,
            best.is_cut,
            has_all=best.has_all or narrowed.has_all,
        )

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

    def _frequency(self, tier: Tier) -> Frequency:
        """Return what counts the listings of a tier that have a term."""

        @cache
        def count(term: str) -> int:
            column = self._vocabulary.find(term)
            return 0 if column is None else int(tier.frequencies[column])

        return count

    def _columns(self, terms: Sequence[str]) -> NDArray[np.int32]:
        """Return the columns of terms that the index has."""
        found = [self._vocabulary.find(term) for term in terms]
        return np.array([column for column in found if column is not None], np.int32)


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
