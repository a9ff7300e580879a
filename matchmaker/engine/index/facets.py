"""Filters: a listing's codes (side, status, province …) as bits of one 64-bit number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

Where = tuple[int, ...]  # a listing passes when it has a bit of each number


class Facets:
    """Codes of facets as bits, to filter an ``Index``.

    Parameters
    ----------
    facets : Mapping[str, Iterable[str]]
        Name -> its codes, at most 64 in all; their order must stay, since bits are stored.

    Raises
    ------
    ValueError
        For more than 64 codes.

    Examples
    --------
    >>> facets = Facets({"kind": ["need", "capability"], "province": ["62", "63"]})
    >>> facets.flags({"kind": ["capability"], "province": ["63"]})
    10
    >>> facets.where({"province": ["62", "63"]})
    (12,)
    """

    def __init__(self, facets: Mapping[str, Iterable[str]]) -> None:
        names = [(facet, code) for facet, codes in facets.items() for code in codes]
        if len(names) > 64:
            raise ValueError("facets have more than 64 codes")
        self.names = frozenset(facets)
        self._bits = {name: 1 << place for place, name in enumerate(names)}

    def known(self, codes: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
        """Return the given codes without unknown facets and codes."""
        return {
            facet: [code for code in given if (facet, code) in self._bits]
            for facet, given in codes.items()
            if facet in self.names
        }

    def flags(self, codes: Mapping[str, Iterable[str]]) -> int:
        """Return the bits of a listing.

        Parameters
        ----------
        codes : Mapping[str, Iterable[str]]
            Facet -> the listing's codes.

        Returns
        -------
        int
            One flag for ``Index.put``.

        Raises
        ------
        KeyError
            For an unknown facet or code (see ``known``).
        """
        return sum({self._bits[facet, code] for facet, given in codes.items() for code in given})

    def where(self, codes: Mapping[str, Iterable[str]]) -> Where:
        """Return a filter for searches.

        Parameters
        ----------
        codes : Mapping[str, Iterable[str]]
            Facet -> codes; a listing passes with one of the codes in every facet.

        Returns
        -------
        Where
            A filter for ``Index.top``.

        Raises
        ------
        KeyError
            For an unknown facet or code (see ``known``).
        """
        return tuple(self.flags({facet: given}) for facet, given in codes.items())


def passing(flags: NDArray[np.uint64], where: Where) -> NDArray[np.bool_]:
    """Return whether each listing, given by ``flags`` (n,), passes a filter."""
    mask = np.ones(len(flags), np.bool_)
    for bits in where:
        mask &= (flags & np.uint64(bits)) != 0
    return mask
