"""Filters: what a listing is by side, status, province and the like, as bits of one 64-bit number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

Where = tuple[int, ...]  # a listing is let through when it has a bit of each


class Facets:
    """Give every code of every facet a bit.

    Parameters: facets, name -> its codes, at most 64 in all; their order must stay, since bits are stored.
    """

    def __init__(self, facets: Mapping[str, Iterable[str]]) -> None:
        names = [(facet, code) for facet, codes in facets.items() for code in codes]
        if len(names) > 64:
            raise ValueError("facets have more than 64 codes")
        self.names = frozenset(facets)
        self._bits = {name: 1 << place for place, name in enumerate(names)}

    def known(self, codes: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
        """Return the codes of the facets there are; a code that a facet does not have is left out."""
        return {
            facet: [code for code in given if (facet, code) in self._bits]
            for facet, given in codes.items()
            if facet in self.names
        }

    def flags(self, codes: Mapping[str, Iterable[str]]) -> int:
        """Return the bits of a listing with these codes."""
        return sum({self._bits[facet, code] for facet, given in codes.items() for code in given})

    def where(self, codes: Mapping[str, Iterable[str]]) -> Where:
        """Return the filter that lets listings through which have, in every facet named, one of the codes."""
        return tuple(self.flags({facet: given}) for facet, given in codes.items())


def passing(flags: NDArray[np.uint64], where: Where) -> NDArray[np.bool_]:
    """Return whether each listing, ``flags`` (n,), is let through."""
    mask = np.ones(len(flags), np.bool_)
    for bits in where:
        mask &= (flags & np.uint64(bits)) != 0
    return mask
