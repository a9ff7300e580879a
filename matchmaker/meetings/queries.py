"""Meetings as the two sides of a match see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.cooperation import queries as matches
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import asking, capability, join_sides, need, offering
from matchmaker.meetings.models import Attendance, Meeting, MeetingTime, Minutes
from matchmaker.meetings.rules import REMIND_BEFORE, WRITE_UP_WITHIN
from matchmaker.meetings.states import MeetingStatus
from matchmaker.permissions import Actor

_LEFT = tuple(set(MatchStatus.ENDED) - {MatchStatus.STALLED})


def meeting(session: Session, meeting_id: int) -> Meeting | None:
    """One meeting with its match, as pages of a match need it, and all that was said of it."""
    found = session.scalar(_whole().where(Meeting.id == meeting_id))
    if found is not None:
        matches.match(session, found.match_id)  # fills in what that match lacks
    return found


def of_match(session: Session, match_id: int) -> Sequence[Meeting]:
    """The meetings of a match, the newest first."""
    query = select(Meeting).where(Meeting.match_id == match_id).options(*_said())
    return session.scalars(query.order_by(Meeting.created_at.desc(), Meeting.id.desc())).all()


def _whole() -> Select[tuple[Meeting]]:
    sides = (
        joinedload(side).joinedload(Listing.organisation) for side in (Match.need, Match.capability)
    )
    return select(Meeting).options(joinedload(Meeting.match).options(*sides), *_said())


def _said() -> tuple[ORMOption, ...]:
    return (
        selectinload(Meeting.times),
        selectinload(Meeting.attendances),
        selectinload(Meeting.records),
    )


def to_answer(actor: Actor, at: datetime) -> Select[tuple[Meeting]]:
    """Those that the actor's organisation has to choose a time for, the earliest first."""
    first = _first_time(at)
    asked = or_(
        and_(Meeting.proposed_by == "need", offering.id == actor.organisation_id),
        and_(Meeting.proposed_by == "capability", asking.id == actor.organisation_id),
    )
    return (
        _of_sides()
        .where(Meeting.status == MeetingStatus.PROPOSED, asked, first.is_not(None))
        .order_by(first, Meeting.id)
    )


def _first_time(at: datetime) -> ScalarSelect[datetime]:
    """Select the earliest time that can still be chosen."""
    return (
        select(MeetingTime.starts_at)
        .where(MeetingTime.meeting_id == Meeting.id, MeetingTime.starts_at > at)
        .order_by(MeetingTime.starts_at)
        .limit(1)
        .scalar_subquery()
    )


def to_write_up(actor: Actor, at: datetime) -> Select[tuple[Meeting]]:
    """Those of which the actor's organisation has yet to say what came of them, the oldest first.

    They wait for its word on who came and, where both did, for minutes of either side.
    """
    own = actor.organisation_id
    side = or_(
        and_(Attendance.side == "need", asking.id == own),
        and_(Attendance.side == "capability", offering.id == own),
    )
    said = exists().where(Attendance.meeting_id == Meeting.id, side)
    missed = exists().where(
        Attendance.meeting_id == Meeting.id, side, ~(Attendance.we_came & Attendance.they_came)
    )
    written = exists().where(Minutes.meeting_id == Meeting.id)
    return (
        _of_sides()
        .where(Meeting.status == MeetingStatus.ACCEPTED, or_(asking.id == own, offering.id == own))
        .where(Meeting.starts_at <= at, Meeting.starts_at > at - WRITE_UP_WITHIN)
        .where(or_(~said, and_(~missed, ~written)))
        .order_by(Meeting.starts_at, Meeting.id)
    )


def _of_sides() -> Select[tuple[Meeting]]:
    """Select meetings that may go on, joined with their sides, for lists."""
    query = (
        select(Meeting).join(Match, Match.id == Meeting.match_id).where(*matches.opens_contacts())
    )
    loaded = contains_eager(Meeting.match)
    return join_sides(query, Match).options(
        loaded.contains_eager(Match.need.of_type(need)).contains_eager(
            need.organisation.of_type(asking)
        ),
        loaded.contains_eager(Match.capability.of_type(capability)).contains_eager(
            capability.organisation.of_type(offering)
        ),
    )


def latest_time(session: Session, match_id: int) -> datetime | None:
    """The latest time of the meetings of a match that were proposed or arranged."""
    arranged = Meeting.status == MeetingStatus.ACCEPTED
    time: ColumnElement[datetime | None] = case(
        (arranged, Meeting.starts_at), else_=MeetingTime.starts_at
    )
    return session.scalar(
        select(func.max(time))
        .outerjoin(MeetingTime, MeetingTime.meeting_id == Meeting.id)
        .where(Meeting.match_id == match_id, Meeting.status != MeetingStatus.CANCELLED)
    )


def ids_of_match(session: Session, match_id: int) -> Sequence[int]:
    return session.scalars(select(Meeting.id).where(Meeting.match_id == match_id)).all()


def due_reminders(session: Session, at: datetime) -> Sequence[int]:
    """Meetings that begin within a day and that nobody was reminded of."""
    query = select(Meeting.id).join(Match, Match.id == Meeting.match_id)
    return session.scalars(
        query.where(
            Meeting.status == MeetingStatus.ACCEPTED,
            Meeting.starts_at > at,
            Meeting.starts_at <= at + REMIND_BEFORE,
            Meeting.reminded_at.is_(None),
            Match.status.in_(MatchStatus.TOGETHER),
        ).order_by(Meeting.id)
    ).all()


def of_ended_matches(session: Session, at: datetime) -> Sequence[int]:
    """Meetings still to come of matches that a side has left. One that stalled can be resumed."""
    query = select(Meeting.id).join(Match, Match.id == Meeting.match_id)
    to_come = or_(
        Meeting.status == MeetingStatus.PROPOSED,
        and_(Meeting.status == MeetingStatus.ACCEPTED, Meeting.starts_at > at),
    )
    return session.scalars(query.where(to_come, Match.status.in_(_LEFT)).order_by(Meeting.id)).all()


def locked(session: Session, meeting_id: int) -> Meeting | None:
    """One meeting as it is now, held until the commit; None when another worker has it."""
    return session.scalar(
        _whole()
        .where(Meeting.id == meeting_id)
        .with_for_update(of=Meeting, skip_locked=True)
        .execution_options(populate_existing=True)
    )
