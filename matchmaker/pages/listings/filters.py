"""The filters of a list of listings, as an address has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from matchmaker import codelists, regions
from matchmaker.listings import concepts
from matchmaker.listings.resources import codes
from matchmaker.listings.rules import KINDS, TRL_BANDS
from matchmaker.search.browsing import FACETS, SORTS, Filters
from matchmaker.web.forms import trimmed
from matchmaker.web.i18n import reader_language

ALLOWED: Mapping[str, Any] = {
    "kind": lambda: KINDS,
    "resource": codes,
    "sector": lambda: codelists.codes("sector"),
    "concept": lambda: concepts.labels(reader_language()),
    "province": lambda: tuple(regions.all_regions()),
    "mode": lambda: codelists.codes("mode"),
    "goal": lambda: codelists.codes("goal"),
    "language": lambda: codelists.LANGUAGES,
    "trl": lambda: tuple(TRL_BANDS),
}


def read_filters(args: MultiDict[str, str], task_codes: Sequence[str]) -> Filters:
    """Read the filters of an address; unknown values are left out."""
    chosen: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        allowed = set(task_codes if facet == "task" else ALLOWED[facet]())
        values = tuple(value for value in dict.fromkeys(args.getlist(facet)) if value in allowed)
        if values:
            chosen[facet] = values
    q = trimmed(args.get("q"))[:200]
    fallback = "relevance" if q else "newest"
    sort = args.get("sort", fallback)
    if sort not in SORTS or (sort == "relevance" and not q):
        sort = fallback
    return Filters(chosen, q, sort)
