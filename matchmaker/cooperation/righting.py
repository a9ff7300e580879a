"""Setting a match right: its author takes a move back, or a curator says where it stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.cooperation import messages, moving, rules
from matchmaker.cooperation.models import Match, Step
from matchmaker.cooperation.states import MatchStatus, standing
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.permissions import Actor, may


def take_back(
    session: Session,
    actor: Actor,
    match: Match,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Match:
    """Undo one's own last move within a day: the match is again where it was.

    Raises Conflict when somebody has moved since, Refused after a day.
    """
    at = moment(at)
    side, last = moving.side_of(actor, match.need, match.capability), match.last_step
    if last is not None and last.after in MatchStatus.ENDED:
        agreed = last.before in MatchStatus.TOGETHER
        moving.check_may_go_on(session, match.need, match.capability, agreed=agreed)
    moving.take_turn(session, match, version)
    if last is None or not rules.is_own_last(moving.made(last), actor.user_id, match.version):
        raise Conflict("match", match.id)
    if not rules.may_take_back(moving.made(last), actor.user_id, match.version, at):
        raise Refused(Refusal.TAKE_BACK_TOO_LATE)
    _undo(match, last, at=at)
    moving.make(session, actor, match, "take_back", last.before, side=side, at=at)
    last.taken_back_at = match.steps[-1].taken_back_at = at
    moving.follow_marks(session, match)
    audit.record(session, actor, "match.take_back", "match", match.id, side=side, at=at)
    messages.tell_taken_back(session, match, side, at=at)
    return match


def put_right(
    session: Session,
    actor: Actor,
    match: Match,
    status: str,
    *,
    reason: str,
    words: str,
    version: int | None = None,
    at: datetime | None = None,
) -> Match:
    """A curator between others says where the match really stands; both sides are told.

    Raises NotAllowed for anybody else, Refused for a state or a reason that is none to choose.
    """
    at = moment(at)
    if not may(actor, "match.put_right", match):
        raise NotAllowed
    if status in MatchStatus.TOGETHER:
        moving.check_may_go_on(session, match.need, match.capability, agreed=True)
    moving.take_turn(session, match, version)
    before = standing(match.status, match.expires_on, day_of(at))
    moving.check_reason("put_right", reason)
    if status not in rules.right_states(before, moving.interested(match)):
        raise Refused(Refusal.NOT_TO_THIS_STATE)
    match.end_reason = match.end_note = ""
    if status in MatchStatus.ENDED:
        for promise in match.acceptances:
            promise.ended_at = promise.ended_at or at
    moving.make(
        session, actor, match, "put_right", status,
        before=before, reason=reason, note=words, at=at,
    )  # fmt: skip
    moving.follow_marks(session, match)
    audit.record(
        session, actor, "match.put_right", "match", match.id,
        reason=reason, before=before, after=status, at=at,
    )  # fmt: skip
    messages.tell_put_right(session, match, words, at=at)
    return match


def _undo(match: Match, last: Step, *, at: datetime) -> None:
    """Take away what the step left beside the state."""
    if last.move == "accept":
        match.interests = [one for one in match.interests if one.side != last.side]
    if last.after in MatchStatus.ENDED:
        match.end_reason = match.end_note = ""
        for promise in match.acceptances:
            if promise.ended_at == last.at:
                promise.ended_at = None
