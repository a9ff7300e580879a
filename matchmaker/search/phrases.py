"""A search for words in quotation marks: the index finds the words, the texts tell their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from matchmaker.engine import search
from matchmaker.search import queries
from matchmaker.search.live import Searching

if TYPE_CHECKING:
    from matchmaker.engine.search import Codes, Hits


def find(
    session: Session, searching: Searching, q: str, tiers: Collection[str], chosen: Codes
) -> tuple[Hits, tuple[str, ...]]:
    """Return what a search finds, and the phrases that no listing has.

    Where no listing has the phrases, their words are looked for one by one.
    """
    tier = max(tiers, key=search.TIERS.index)
    hits = searching.find(session, q, tier, chosen)
    phrases = hits.query.phrases
    if not phrases:
        return hits, ()
    missing: defaultdict[int, set[str]] = defaultdict(lambda: set(phrases))
    for listing_id, text in queries.texts_of(session, hits.scores, tiers):
        missing[listing_id] -= {one for one in phrases if search.holds(text, one)}
    kept = {number: score for number, score in hits.scores.items() if not missing[number]}
    if kept:
        return replace(hits, scores=kept), ()
    return searching.find_read(session, search.unquoted(hits.query), tier, chosen), phrases
