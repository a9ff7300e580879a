"""Every move of a meeting: one function each, audited, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.audit import service as audit
from matchmaker.cooperation import clocks, moving
from matchmaker.cooperation import queries as matches
from matchmaker.cooperation import service as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.meetings import messages, queries, rules
from matchmaker.meetings.models import Attendance, Meeting, MeetingTime, Minutes
from matchmaker.meetings.rules import MOVES, REMIND_BEFORE, Proposal
from matchmaker.meetings.states import MeetingStatus, standing
from matchmaker.permissions import SYSTEM, Actor


def propose(
    session: Session,
    actor: Actor,
    match: Match,
    proposal: Proposal,
    *,
    at: datetime | None = None,
) -> Meeting:
    """Propose times for a meeting to the other side."""
    at = moment(at)
    side = moving.side_of(actor, match.need, match.capability)
    _check_may_go_on(session, actor, match)
    _check(proposal, at)
    meeting = Meeting(
        match=match,
        status=MeetingStatus.PROPOSED,
        uid=str(uuid4()),
        sequence=0,
        created_at=at,
        times=[],
        attendances=[],
        records=[],
    )
    _put(actor, meeting, side, proposal, at=at)
    session.add(meeting)
    session.flush()
    _note_on_match(session, meeting)
    audit.record(session, actor, "meeting.propose", "meeting", meeting.id, side=side, at=at)
    _count(session, actor, match, at=at)
    messages.tell_proposed(session, meeting, at=at)
    return meeting


def accept(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    time_id: int,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Choose one of the times. `version`: of the meeting as the page showed it.

    The first meeting that is arranged brings the match into contact.
    """
    at = moment(at)
    side = _begin(session, actor, meeting, "accept", version, at=at)
    chosen = next((time for time in meeting.times if time.id == time_id), None)
    if chosen is None:
        raise NotAllowed
    if chosen.starts_at <= at:
        raise Refused(Refusal.TIME_PASSED)
    meeting.status, meeting.starts_at = MeetingStatus.ACCEPTED, chosen.starts_at
    meeting.sequence += 1
    # Who has just arranged a meeting for tomorrow needs no reminder of it.
    meeting.reminded_at = at if chosen.starts_at - at <= REMIND_BEFORE else None
    _touch(session, meeting, at=at)
    audit.record(session, actor, "meeting.accept", "meeting", meeting.id, side=side, at=at)
    cooperation.advance(session, actor, meeting.match, "note_contact", at=at)
    messages.tell_accepted(session, meeting, at=at)


def move(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    proposal: Proposal,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Propose other times: in answer, or for a meeting that was arranged."""
    at = moment(at)
    side = _begin(session, actor, meeting, "move", version, at=at)
    _check(proposal, at)
    settled = meeting.starts_at
    if settled is not None:
        meeting.sequence += 1
    meeting.status, meeting.starts_at, meeting.reminded_at = MeetingStatus.PROPOSED, None, None
    _put(actor, meeting, side, proposal, at=at)
    _touch(session, meeting, at=at)
    audit.record(session, actor, "meeting.move", "meeting", meeting.id, side=side, at=at)
    _count(session, actor, meeting.match, at=at)
    messages.tell_moved(session, meeting, settled, at=at)


def cancel(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    words: str,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Say that the meeting will not take place, with words for the other side."""
    at = moment(at)
    side = _begin(session, actor, meeting, "cancel", version, at=at)
    _cancel(session, meeting, side, words, at=at)
    audit.record(session, actor, "meeting.cancel", "meeting", meeting.id, side=side, at=at)
    messages.tell_cancelled(session, meeting, at=at)


def call_off(session: Session, meeting: Meeting, *, at: datetime | None = None) -> None:
    """Cancel a meeting whose match has ended."""
    at = moment(at)
    _cancel(session, meeting, "", "", at=at)
    audit.record(session, SYSTEM, "meeting.call_off", "meeting", meeting.id, at=at)
    messages.tell_cancelled(session, meeting, at=at)


def remind(session: Session, meeting: Meeting, *, at: datetime | None = None) -> None:
    """Tell both sides that their meeting begins within a day."""
    at = moment(at)
    meeting.reminded_at = at
    _flush(session, meeting)
    audit.record(session, SYSTEM, "meeting.remind", "meeting", meeting.id, at=at)
    messages.tell_reminder(session, meeting, at=at)


def note_attendance(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    *,
    we_came: bool,
    they_came: bool,
    at: datetime | None = None,
) -> None:
    """Say who came. Each side says so for itself, and may correct what it has said."""
    at = moment(at)
    side = _begin(session, actor, meeting, "note_attendance", None, at=at)
    said = meeting.attendance_by(side)
    was_missed = said is not None and not said.they_came
    if said is None:
        said = Attendance(side=side)
        meeting.attendances.append(said)
    said.user_id, said.at = actor.user_id or 0, at
    said.we_came, said.they_came = we_came, they_came
    _flush(session, meeting)
    audit.record(
        session,
        actor,
        "meeting.note_attendance",
        "meeting",
        meeting.id,
        side=side,
        we_came=we_came,
        they_came=they_came,
        at=at,
    )
    if not they_came and not was_missed:
        messages.tell_no_show(session, meeting, side, at=at)


def write_minutes(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    text: str,
    *,
    number: int,
    at: datetime | None = None,
) -> None:
    """Write the minutes, or a new version of them. `number`: of the version that the page showed.

    Raises Conflict when there is a later one.
    """
    at = moment(at)
    side = _begin(session, actor, meeting, "write_minutes", None, at=at)
    if number != (meeting.records[0].number if meeting.records else 0):
        raise Conflict("meeting", meeting.id)
    record = Minutes(number=number + 1, side=side, user_id=actor.user_id or 0, at=at, text=text)
    meeting.records.insert(0, record)
    _flush(session, meeting)
    audit.record(session, actor, "meeting.write_minutes", "meeting", meeting.id, side=side, at=at)
    messages.tell_minutes(session, meeting, side, at=at)


def _begin(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    move: str,
    version: int | None,
    *,
    at: datetime,
) -> str:
    """Check that the move is open, and return the side of the actor.

    Raises Conflict when somebody was first, Refused when the two may not go on.
    """
    match = meeting.match
    side = moving.side_of(actor, match.need, match.capability)
    if version is not None and meeting.version != version:
        raise Conflict("meeting", meeting.id)
    times = [time.starts_at for time in meeting.times]
    now_stands = standing(meeting.status, times, meeting.starts_at, at)
    if not rules.may(move, now_stands, meeting.proposed_by, side):
        raise Conflict("meeting", meeting.id)
    if MOVES[move].goes_on:
        _check_may_go_on(session, actor, match)
    return side


def obstacle(session: Session, actor: Actor, match: Match, *, lock: bool = False) -> Refusal | None:
    """Return why the actor may not arrange a meeting of the match now, None if they may."""
    if match.status not in MatchStatus.TOGETHER:
        return Refusal.NOT_TOGETHER
    if not actor.organisation_verified:
        return Refusal.OWN_ORGANISATION_UNVERIFIED
    return moving.obstacle(session, match.need, match.capability, agreed=True, lock=lock)


def _check_may_go_on(session: Session, actor: Actor, match: Match) -> None:
    refusal = obstacle(session, actor, match, lock=True)
    if refusal is not None:
        raise Refused(refusal)


def _check(proposal: Proposal, at: datetime) -> None:
    refusal = rules.fault(proposal, at)
    if refusal is not None:
        raise Refused(refusal)


def _put(actor: Actor, meeting: Meeting, side: str, proposal: Proposal, *, at: datetime) -> None:
    """Put a proposal in the place of what was proposed before."""
    meeting.proposed_by, meeting.user_id = side, actor.user_id or 0
    meeting.topic, meeting.minutes = proposal.topic, proposal.minutes
    meeting.place, meeting.link = proposal.place, proposal.link
    meeting.times = [MeetingTime(starts_at=time) for time in sorted(proposal.times)]
    meeting.updated_at = at


def _cancel(session: Session, meeting: Meeting, side: str, words: str, *, at: datetime) -> None:
    meeting.status = MeetingStatus.CANCELLED
    meeting.cancelled_by, meeting.cancel_note = side, words
    if meeting.starts_at is not None:
        meeting.sequence += 1
    _touch(session, meeting, at=at)


def _touch(session: Session, meeting: Meeting, *, at: datetime) -> None:
    """Raise the version, though perhaps no column changes: of two at once the second is told."""
    meeting.updated_at = at
    flag_modified(meeting, "status")
    _flush(session, meeting)
    _note_on_match(session, meeting)


def _note_on_match(session: Session, meeting: Meeting) -> None:
    """A match does not stall before its meetings; of two that change at once the second counts."""
    matches.hold(session, meeting.match_id)
    latest = queries.latest_time(session, meeting.match_id)
    clocks.note_meetings(session, meeting.match_id, latest)


def _count(session: Session, actor: Actor, match: Match, *, at: datetime) -> None:
    limits.count(session, actor, Act.MEETING, f"match {match.id}", at=at)


def _flush(session: Session, meeting: Meeting) -> None:
    """Write now; Conflict when another transaction was first."""
    meeting_id = meeting.id
    try:
        session.flush()
    except (StaleDataError, IntegrityError) as error:
        raise Conflict("meeting", meeting_id) from error
