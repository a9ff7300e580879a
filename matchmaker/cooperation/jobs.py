"""What the clocks of matches call for, every night."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from matchmaker.cooperation import clocks, queries, rules, service
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import is_overdue
from matchmaker.db import day_of, today
from matchmaker.permissions import SYSTEM


def expire_matches(session: Session) -> int:
    """End what is overdue and return how many."""
    day = today()

    def expire(match: Match) -> bool:
        if not is_overdue(match.status, match.expires_on, day):
            return False
        clocks.expire(session, match)
        return True

    return _each(session, queries.overdue(session, day), expire)


def keep_clocks(session: Session) -> int:
    """Remind silent sides, note what has stalled, and return with how many that was."""
    day = today()

    def keep(match: Match) -> bool:
        quiet_since = day_of(match.quiet_since)
        if rules.has_stalled(match.status, quiet_since, day):
            service.advance(session, SYSTEM, match, "stall")
            return True
        began = rules.waits_since(match.status, match.expires_on, quiet_since)
        due = rules.reminders_due(match.status, began, day)
        if due <= match.reminders:
            return False
        clocks.remind_by_clock(session, match, due)
        return True

    return _each(session, queries.under_clock(session, day), keep)


def _each(session: Session, ids: Sequence[int], do: Callable[[Match], bool]) -> int:
    """Do something with each match, one transaction each, and return with how many.

    A move that comes at the same moment wins or loses whole.
    """
    session.commit()
    done = 0
    for match_id in ids:
        match = queries.locked(session, match_id)
        done += match is not None and do(match)
        session.commit()
    return done
