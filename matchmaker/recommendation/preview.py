"""Who could meet a draft: compared at once, for its author alone, and never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import KINDS, content_of
from matchmaker.permissions import Actor
from matchmaker.recommendation.rules import whole
from matchmaker.recommendation.run import pair
from matchmaker.recommendation.run.pair import Comparison
from matchmaker.search.browsing import tiers_of
from matchmaker.search.live import Searching

MOST_COMPARED, MOST_SHOWN = 12, 5
MOST_ASKED = 300  # characters of the draft that the search reads
WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Partner:
    """A listing that could meet a draft; `points` of 100, and the band that they lie in."""

    listing: Listing
    band: str
    points: int


def candidates(
    session: Session, actor: Actor, draft: Listing, searching: Searching
) -> Sequence[Listing]:
    """Return the listings of others that a search for the draft's words finds first."""
    content = content_of(draft)
    said = " ".join((content.title, content.summary, *content.must_haves, content.description))
    kinds = {"kind": tuple(kind for kind in KINDS if kind != draft.kind)}
    hits = searching.find(session, said[:MOST_ASKED], tiers_of(actor)[-1], kinds)
    ranked = sorted(hits.scores, key=lambda found: (-hits.scores[found], found))
    theirs = listings.of_others(session, ranked, draft.organisation_id)
    return listings.shown_whole(session, [one for one in ranked if one in theirs][:MOST_COMPARED])


def read(session: Session, draft: Listing, found: Sequence[Listing]) -> Comparison:
    """Read the draft with the listings that it is compared with."""
    is_need = draft.kind == "need"
    return pair.read(session, [(draft, one) if is_need else (one, draft) for one in found])


def compare(draft: Listing, found: Sequence[Listing], comparison: Comparison) -> list[Partner]:
    """Return those that are worth a look, the best first. No transaction need be open."""
    scores = pair.compare(comparison, explain=False)
    place = 1 if draft.kind == "need" else 0
    by_partner = {ids[place]: scored.pair for ids, scored in scores.items()}
    partners = [
        Partner(one, by_partner[one.id].band, whole(by_partner[one.id].score))
        for one in found
        if by_partner[one.id].band != WEAK
    ]
    return sorted(partners, key=lambda one: (-one.points, one.listing.id))[:MOST_SHOWN]
