"""numba where it can be had; without it the plain scipy search stands in."""

from __future__ import annotations

import logging

try:
    import numba

    njit = numba.njit
    COMPILED = True
except ImportError:
    COMPILED = False
    logging.getLogger(__name__).warning(
        "numba cannot be imported: the index searches with scipy, with the same results but many times slower"
    )
