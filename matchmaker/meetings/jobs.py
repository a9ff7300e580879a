"""Meetings that begin tomorrow, and meetings of matches that have ended."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.db import now
from matchmaker.meetings import queries, service


def tend_meetings(session: Session) -> int:
    """Call off what cannot be, remind of what is near; return how many meetings it was.

    Each has a transaction of its own, and is looked at again once nobody else can change it.
    """
    at, done = now(), 0
    for find, act in (
        (queries.of_ended_matches, service.call_off),
        (queries.due_reminders, service.remind),
    ):
        ids = find(session, at)
        session.commit()
        for meeting_id in ids:
            meeting = queries.locked(session, meeting_id)
            if meeting is not None and meeting_id in find(session, at):
                act(session, meeting, at=at)
                done += 1
            session.commit()
    return done
