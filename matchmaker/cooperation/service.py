"""The moves of the two sides, and a curator's proposal: one function each, audited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.cooperation import messages, moving, queries, rules
from matchmaker.cooperation.models import Interest, Match
from matchmaker.cooperation.states import MatchStatus, standing
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings.models import Listing
from matchmaker.organisations.queries import check_stands
from matchmaker.permissions import SYSTEM, Actor, may
from matchmaker.recommendation import queries as recommendations
from matchmaker.recommendation import service as recommendation


def express_interest(
    session: Session,
    actor: Actor,
    need: Listing,
    capability: Listing,
    message: str = "",
    *,
    at: datetime | None = None,
) -> Match:
    """Say that one's side wants to meet.

    That opens a match, joins the one that waits for us, or reopens one that ended.
    """
    at = moment(at)
    check_stands(session, need.organisation_id, capability.organisation_id)
    side = moving.side_of(actor, need, capability)
    moving.check_verified(actor)
    moving.check_may_go_on(session, need, capability)
    match = queries.match_of_pair(session, need.id, capability.id)
    before = standing(match.status, match.expires_on, day_of(at)) if match else rules.NO_MATCH
    if match is None:
        match = _create(session, need, capability, MatchStatus.ONE_SIDE_INTERESTED, at=at)
        before = match.status if match.interests else before  # the other side was faster
    status = rules.after_interest(before, moving.interested(match), side)
    if status is None:
        raise Refused(Refusal.INTEREST_EXPRESSED)
    if before in MatchStatus.ENDED:
        _reopen(session, match)
    match.interests.append(_interest(actor, side, message, at=at))
    move = "accept" if before in MatchStatus.OPEN else "interest"
    moving.make(session, actor, match, move, status, side=side, before=before, at=at)
    recommendation.note_interest(session, actor, match.need_id, match.capability_id, at=at)
    audit.record(session, actor, "match.interest", "match", match.id, side=side, at=at)
    _count_interest(session, actor, match, side, at=at)
    _tell_after_interest(session, actor, match, side, at=at)
    return match


def accept(
    session: Session,
    actor: Actor,
    match: Match,
    message: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Match:
    """Say yes to the other side, or to a curator's proposal.

    `version`: of the match as the page showed it.
    """
    at = moment(at)
    side = moving.begin(actor, match, "accept", version, at=at)
    moving.check_verified(actor)
    moving.check_may_go_on(session, match.need, match.capability)
    status = rules.after_interest(match.status, moving.interested(match), side)
    match.interests.append(_interest(actor, side, message, at=at))
    moving.make(session, actor, match, "accept", str(status), side=side, at=at)
    recommendation.note_interest(session, actor, match.need_id, match.capability_id, at=at)
    audit.record(session, actor, "match.accept", "match", match.id, side=side, at=at)
    _tell_after_interest(session, actor, match, side, at=at)
    return match


def decline(
    session: Session,
    actor: Actor,
    match: Match,
    reason: str,
    words: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Match:
    """Say no, with a coded reason and, if one likes, words for the other side."""
    at = moment(at)
    side = moving.begin(actor, match, "decline", version, at=at)
    _leave(session, actor, match, "decline", side, reason=reason, words=words, at=at)
    recommendation.note_decline(
        session, actor, match.need_id, match.capability_id, rules.MEANINGS.get(reason, ""), at=at
    )
    if moving.interested(match):
        messages.tell_declined(session, match, side, reason, at=at)
    return match


def cancel(
    session: Session,
    actor: Actor,
    match: Match,
    reason: str,
    words: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Match:
    """Take one's interest back before the other side has answered.

    That ends the match; either side may begin again.
    """
    at = moment(at)
    side = moving.begin(actor, match, "cancel", version, at=at)
    _leave(session, actor, match, "cancel", side, reason=reason, words=words, at=at)
    messages.tell_cancelled(session, match, side, at=at)
    return match


def propose(
    session: Session,
    actor: Actor,
    need: Listing,
    capability: Listing,
    note: str,
    *,
    at: datetime | None = None,
) -> Match:
    """A curator asks both sides. Who may curate the pair is the caller's check."""
    at = moment(at)
    moving.check_may_go_on(session, need, capability)
    match = queries.match_of_pair(session, need.id, capability.id)
    before = standing(match.status, match.expires_on, day_of(at)) if match else rules.NO_MATCH
    if before not in rules.MOVES["propose"].before:
        raise Refused(Refusal.PAIR_IS_MATCH)
    if recommendations.of_pair(session, need.id, capability.id) is None:
        recommendation.add_by_hand(session, actor, need, capability, note, at=at)
    if match is None:
        match = _create(session, need, capability, MatchStatus.PROPOSED, at=at)
    else:
        _reopen(session, match)
    match.proposed_by_id, match.proposal_note = actor.user_id, note
    moving.make(session, actor, match, "propose", MatchStatus.PROPOSED, before=before, at=at)
    audit.record(session, actor, "match.propose", "match", match.id, at=at)
    limits.count(session, actor, Act.PROPOSAL, at=at)
    messages.tell_proposed(session, match, at=at)
    return match


def end(
    session: Session,
    actor: Actor,
    match: Match,
    reason: str,
    words: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Leave what both wanted. Contacts and annexes close; either side may begin again."""
    at = moment(at)
    side = moving.begin(actor, match, "end", version, at=at)
    for promise in match.acceptances:
        promise.ended_at = promise.ended_at or at
    _leave(session, actor, match, "end", side, reason=reason, words=words, at=at)
    messages.tell_ended(session, match, side, reason, at=at)


def advance(
    session: Session,
    actor: Actor,
    match: Match,
    move: str,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Match:
    """Bring a match that both sides want a step further.

    `version`: of the match as the page showed it. Without it the move follows from what was
    recorded elsewhere: a match that is already there, or further, stays where it is.

    Raises Conflict when the move is not open, Refused when something stands in the pair's way,
    NotAllowed when the actor is neither of a side nor a curator of one.
    """
    at = moment(at)
    who = _who(actor, match)
    if version is None and _is_there(session, match, move, at=at):
        return match
    if rules.MOVES[move].goes_on:
        moving.check_may_go_on(session, match.need, match.capability, agreed=True)
    moving.take_turn(session, match, version)
    if version is None and _is_there(session, match, move, at=at):
        return match
    status = rules.after(move, match.status, moving.interested(match), who, aim=match.last_together)
    if status is None:
        raise Conflict("match", match.id)
    side = who if who in rules.SIDES else ""
    moving.make(session, actor, match, move, status, side=side, at=at)
    audit.record(session, actor, f"match.{move}", "match", match.id, **_side(side), at=at)
    if version is not None or move not in rules.TOLD_ELSEWHERE:
        messages.tell_moved(session, match, actor, at=at)
    return match


def _count_interest(
    session: Session, actor: Actor, match: Match, side: str, *, at: datetime
) -> None:
    """Count for the pair of organisations: nobody uses up what others may send to a third."""
    partner = match.capability if side == "need" else match.need
    pair = f"{actor.organisation_id}>{partner.organisation_id}"
    limits.count(session, actor, Act.INTEREST, pair, at=at)


def _create(
    session: Session, need: Listing, capability: Listing, status: str, *, at: datetime
) -> Match:
    """A new match of the pair, or the one that the other side has just created."""
    match = Match(
        need=need,
        capability=capability,
        plan_id=need.plan_id,
        status=status,
        interests=[],
        acceptances=[],
        steps=[],
        created_at=at,
        updated_at=at,
        active_at=at,
        expires_on=rules.answer_by(day_of(at)),
        curator_invitations=[],
    )
    try:
        with session.begin_nested():
            session.add(match)
    except IntegrityError:
        found = queries.match_of_pair(session, need.id, capability.id)
        if found is None:
            raise
        return found
    return match


def _reopen(session: Session, match: Match) -> None:
    """Forget what was said before the match ended; the audit record keeps that it was."""
    match.interests.clear()
    match.end_reason = match.end_note = match.proposal_note = ""
    match.proposed_by_id = match.nudged_at = match.followed_up_at = None
    moving.touch_version(session, match)


def _interest(actor: Actor, side: str, message: str, *, at: datetime) -> Interest:
    return Interest(side=side, user_id=actor.user_id or 0, message=message, at=at)


def _leave(
    session: Session,
    actor: Actor,
    match: Match,
    move: str,
    side: str,
    *,
    reason: str,
    words: str,
    at: datetime,
) -> None:
    """A side goes, for a coded reason and in its words."""
    moving.check_reason(move, reason)
    match.end_reason, match.end_note = reason, words
    moving.make(session, actor, match, move, rules.MOVES[move].to, side=side, reason=reason, at=at)
    recommendation.note_end(session, match.need_id, match.capability_id)
    audit.record(
        session, actor, f"match.{move}", "match", match.id, side=side, reason=reason, at=at
    )


def _who(actor: Actor, match: Match) -> str:
    """Return what the actor is to the match; raises NotAllowed when nothing."""
    if actor == SYSTEM:
        return rules.By.SYSTEM
    if may(actor, "match.put_right", match):
        return rules.By.CURATOR
    return moving.side_of(actor, match.need, match.capability)


def _side(side: str) -> dict[str, str]:
    return {"side": side} if side else {}


def _is_there(session: Session, match: Match, move: str, *, at: datetime) -> bool:
    """Return whether the match needs no such move any more; that it lives is noted.

    The version stays, so that open forms remain valid.
    """
    if not rules.is_past(move, match.status):
        return False
    session.execute(
        update(Match)
        .where(Match.id == match.id)
        .values(active_at=at, reminders=0)
        .execution_options(synchronize_session=False)
    )
    return True


def _tell_after_interest(
    session: Session, actor: Actor, match: Match, side: str, *, at: datetime
) -> None:
    if match.status in MatchStatus.TOGETHER:
        messages.tell_agreed(session, match, actor, at=at)
    elif rules.other(side) in rules.waiting(match.status, moving.interested(match)):
        messages.tell_interest(session, match, side, at=at)
