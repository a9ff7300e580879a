"""Listings like one that somebody reads, of the same kind and in any language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.listings import concepts, queries
from matchmaker.listings.browsing import tiers_of
from matchmaker.listings.concepts import Tag
from matchmaker.listings.models import Listing
from matchmaker.listings.searching import Searching
from matchmaker.permissions import Actor

MOST, LOOKED_AT, MOST_TOPICS = 5, 15, 3
# The least cosine, by the tier whose rows are compared: short texts are alike by chance more easily. Set by reading pairs of
# the demonstration, which share a topic by chance below, and hardly ever above.
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
    near = sorted((-cosine, other) for other, cosine in alike.items() if cosine >= ALIKE[tiers[-1]])[:LOOKED_AT]
    found = queries.shown_by_ids(session, [other for _, other in near])
    others = [found[other] for _, other in near if other in found]
    others = [other for other in others if other.organisation_id != listing.organisation_id]
    named = queries.named_concepts(session, [listing.id, *(other.id for other in others)] if others else [])
    known = {number: [code for code, tier in codes if tier in tiers] for number, codes in named.items()}
    shared = {other.id: [code for code in known[listing.id] if code in known[other.id]] for other in others}
    return [
        Similar(other, concepts.tags(shared[other.id], language, most=MOST_TOPICS))
        for other in others
        if shared[other.id]
    ][:MOST]
