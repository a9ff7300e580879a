"""Listings like one that somebody reads, of the same kind and in any language."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.listings import concepts, queries
from matchmaker.listings.concepts import Tag
from matchmaker.listings.models import Listing
from matchmaker.permissions import Actor
from matchmaker.search.browsing import tiers_of
from matchmaker.search.live import Searching

MOST, LOOKED_AT, MOST_TOPICS = 5, 15, 3
# The least cosine, by the tier whose rows are compared: short texts are alike by chance more
# easily. Set by reading pairs of the demonstration: below, a shared topic is chance as often as
# not.
ALIKE = {"public": 0.13, "members": 0.10}


@dataclass(frozen=True, slots=True)
class Similar:
    """A listing, and what it has in common with the one that is read."""

    listing: Listing
    topics: Sequence[Tag]


def similar_to(
    session: Session, actor: Actor, listing: Listing, language: str, searching: Searching
) -> Sequence[Similar]:
    """The most similar first, by what the reader may read of both; only those that share a topic.

    None of the same organisation: its name makes them alike, and its own page lists them.
    """
    tiers = tiers_of(actor)
    alike = searching.similar(session, listing.id, tiers[-1], listing.kind)
    near = sorted((-cosine, other) for other, cosine in alike.items() if cosine >= ALIKE[tiers[-1]])
    others = queries.of_others(session, [other for _, other in near], listing.organisation_id)
    shared = _shared_topics(
        session, listing.id, [other for _, other in near if other in others][:LOOKED_AT], tiers
    )
    chosen = list(shared)[:MOST]
    found = queries.shown_by_ids(session, chosen)
    return [
        Similar(found[other], concepts.tags(shared[other], language, most=MOST_TOPICS))
        for other in chosen
        if other in found
    ]


def _shared_topics(
    session: Session, listing_id: int, others: Sequence[int], tiers: Collection[str]
) -> Mapping[int, Sequence[str]]:
    """Return the others that name what the listing names, in order, with shared concepts."""
    named = queries.named_concepts(session, [listing_id, *others] if others else [])
    known = {
        number: [code for code, tier in codes if tier in tiers] for number, codes in named.items()
    }
    shared = {
        other: [code for code in known[listing_id] if code in known[other]] for other in others
    }
    return {other: codes for other, codes in shared.items() if codes}
