"""What the clocks of a match call for: reminders, and its end when nobody answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.cooperation import messages, moving, rules
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import moment
from matchmaker.permissions import SYSTEM
from matchmaker.recommendation import service as recommendation


def remind(session: Session, match: Match, *, at: datetime | None = None) -> None:
    """Ask the sides that have not answered once more."""
    at = moment(at)
    for side in rules.waiting(match.status, moving.interested(match)):
        messages.tell_reminder(session, match, side, at=at)


def remind_by_clock(
    session: Session, match: Match, due: int, *, at: datetime | None = None
) -> None:
    """Remind who has not answered, or both sides of a match in which nothing happens, once.

    `due`: how many reminders the clock has called for so far.
    """
    at = moment(at)
    if match.status in MatchStatus.OPEN:
        remind(session, match, at=at)
    else:
        messages.tell_quiet(session, match, at=at)
    session.execute(
        update(Match)
        .where(Match.id == match.id)
        .values(reminders=due)
        .execution_options(synchronize_session=False)
    )


def note_meetings(session: Session, match_id: int, latest: datetime | None) -> None:
    """Note the latest time of the match's meetings: its clock waits for it.

    The version stays, so that open forms remain valid.
    """
    session.execute(
        update(Match)
        .where(Match.id == match_id)
        .values(meets_at=latest, reminders=0)
        .execution_options(synchronize_session=False)
    )


def expire(session: Session, match: Match, *, at: datetime | None = None) -> None:
    """Nobody answered in time."""
    at = moment(at)
    moving.make(session, SYSTEM, match, "expire", MatchStatus.EXPIRED, at=at)
    recommendation.note_end(session, match.need_id, match.capability_id)
    audit.record(session, SYSTEM, "match.expire", "match", match.id, at=at)
    messages.tell_expired(session, match, at=at)
