"""Constants of the search index: codes for narrowing, and the version of its files."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from matchmaker import codelists, regions
from matchmaker.engine import ENGINE_VERSION
from matchmaker.engine.index import Facets
from matchmaker.listings.rules import KINDS, TRL_BANDS

CODES: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "language": codelists.LANGUAGES,
    "goal": tuple(codelists.codes("goal")),
    "trl": tuple(TRL_BANDS),
    "province": tuple(regions.all_regions()),
}
FACETS = Facets(CODES)
VERSION = f"2-{ENGINE_VERSION}-{zlib.crc32(repr(CODES).encode()):08x}"
