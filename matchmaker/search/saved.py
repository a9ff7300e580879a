"""Searches that somebody saved, to be told of what is published later and fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Refusal, Refused
from matchmaker.listings.models import Listing
from matchmaker.notices.service import notify
from matchmaker.permissions import Actor
from matchmaker.search import queries
from matchmaker.search.browsing import Filters
from matchmaker.search.models import SavedSearch

MOST = 20  # of one account


def save(
    session: Session, actor: Actor, filters: Filters, name: str, *, at: datetime | None = None
) -> SavedSearch:
    """Save a search under the name of what it looks for; the same one is saved once."""
    at = moment(at)
    chosen = {facet: sorted(codes) for facet, codes in filters.chosen.items() if codes}
    held = queries.saved_by(session, actor.user_id)
    same = next((one for one in held if (one.q, one.filters) == (filters.q, chosen)), None)
    if same is not None:
        return same
    if len(held) >= MOST:
        raise Refused(Refusal.TOO_MANY_SEARCHES, number=MOST)
    saved = SavedSearch(
        user_id=actor.user_id,
        name=name[:200],
        q=filters.q,
        filters=chosen,
        created_at=at,
        looked_at=at,
    )
    session.add(saved)
    session.flush()
    audit.record(session, actor, "search.save", "saved_search", saved.id, at=at)
    return saved


def delete(
    session: Session, actor: Actor, saved: SavedSearch, *, at: datetime | None = None
) -> None:
    number = saved.id
    session.delete(saved)
    session.flush()
    audit.record(session, actor, "search.delete", "saved_search", number, at=moment(at))


def filters_of(saved: SavedSearch) -> Filters:
    """The search as its owner would type it now, the newest first."""
    chosen: Mapping[str, tuple[str, ...]] = {
        facet: tuple(codes) for facet, codes in saved.filters.items()
    }
    return Filters(chosen, saved.q, "newest")


def tell(
    session: Session,
    user: User,
    saved: SavedSearch,
    found: Sequence[Listing],
    path: str,
    *,
    at: datetime,
) -> None:
    """Tell of the finds in one notice, and count later ones from now on."""
    saved.looked_at = at
    if found:
        notify(
            session,
            [user],
            "watch.found",
            path,
            search=saved.name,
            number=len(found),
            title=found[0].title,
            at=at,
        )
