from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.curation import untaken
from matchmaker.db import today


def forget_untaken(session: Session) -> int:
    """Delete organisations that nobody took over in time; return how many.

    A transaction each: nobody waits for more than one of them.
    """
    forgotten = 0
    ids = untaken.due(session, today())
    session.commit()
    for organisation_id in ids:
        forgotten += untaken.forget(session, organisation_id)
        session.commit()
    return forgotten
