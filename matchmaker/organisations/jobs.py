from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.db import today
from matchmaker.organisations import identity, queries


def lapse_verifications(session: Session) -> int:
    """Verifications lapse on the day after they run out; the number that did. Owners are told."""
    lapsed = queries.lock_lapsed(session, today())
    for organisation in lapsed:
        identity.lapse(session, organisation)
    session.commit()
    return len(lapsed)
