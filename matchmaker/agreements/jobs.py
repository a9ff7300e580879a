"""Milestones whose day is over."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.agreements import messages, queries
from matchmaker.db import now, today


def tell_overdue_milestones(session: Session) -> int:
    """Tell both sides, once for each milestone, and return of how many."""
    at = now()
    found = queries.overdue_untold(session, today())
    for milestone in found:
        messages.tell_overdue(session, milestone, at=at)
        milestone.told_at = at
    session.commit()
    return len(found)
