"""Partners who talk about a listing: they are told when its text is no longer what they read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.cooperation.queries import partners_over
from matchmaker.listings.models import Listing
from matchmaker.notices import service as notices
from matchmaker.organisations.belonging import writers


def tell_listing_changed(session: Session, listing: Listing, *, at: datetime) -> None:
    """Tell the partners of a listing's matches that its text, as readers see it, has changed."""
    path = f"/listings/{listing.id}#changed"
    for organisation_id in partners_over(session, listing.id, listing.organisation_id):
        notices.notify(
            session,
            writers(session, organisation_id),
            "match.listing_changed",
            path,
            title=listing.approved_title,
            concerning=organisation_id,
            at=at,
        )
