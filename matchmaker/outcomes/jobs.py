"""How matches go, asked 30, 90 and 365 days after both sides said yes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of, now
from matchmaker.outcomes import queries, rules, service


def ask_how_it_goes(session: Session) -> int:
    """Ask about matches that are due, one transaction each, and return how many."""
    at = now()
    due = {
        one: days
        for one in queries.underway(session, at)
        if (days := rules.follow_up_due(day_of(one.since), day_of(at), (one.asked or 0,)))
    }
    session.commit()
    asked = 0
    for one, days in due.items():
        match = cooperation.locked(session, one.match_id)
        goes_on = (
            match is not None and match.status in MatchStatus.UNDER_WAY and match.opens_contacts
        )
        if match and goes_on and not queries.was_asked(session, match.id, one.since, days):
            service.ask(session, match, one.since, days, at=at)
            asked += 1
        session.commit()
    return asked
