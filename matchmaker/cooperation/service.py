"""Every move of a match: one function each, audited, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from matchmaker import codelists
from matchmaker.audit import service as audit
from matchmaker.cooperation import messages, queries, rules
from matchmaker.cooperation.models import ConfidentialityAcceptance, Interest, Match, Step
from matchmaker.cooperation.states import MatchStatus, is_overdue, standing
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.states import ListingStatus
from matchmaker.permissions import SYSTEM, Actor, may
from matchmaker.recommendation import queries as recommendations
from matchmaker.recommendation import service as recommendation


def side_of(actor: Actor, need: Listing, capability: Listing) -> str:
    """The side that the actor's organisation stands on. Raises NotAllowed when on neither."""
    for side, listing in (("need", need), ("capability", capability)):
        if actor.organisation_id is not None and listing.organisation_id == actor.organisation_id:
            return side
    raise NotAllowed


def interested(match: Match) -> frozenset[str]:
    return frozenset(interest.side for interest in match.interests)


def made(step: Step) -> rules.Made:
    return rules.Made(step.move, step.user_id, step.at, step.match_version)


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
    side = side_of(actor, need, capability)
    _check_verified(actor)
    _check_may_go_on(session, need, capability)
    match = queries.match_of_pair(session, need.id, capability.id)
    before = standing(match.status, match.expires_on, day_of(at)) if match else rules.NO_MATCH
    if match is None:
        match = _create(session, need, capability, MatchStatus.ONE_SIDE_INTERESTED, at=at)
        before = match.status if match.interests else before  # the other side was faster
    status = rules.after_interest(before, interested(match), side)
    if status is None:
        raise Refused(Refusal.INTEREST_EXPRESSED)
    if before in MatchStatus.ENDED:
        _reopen(session, match)
    match.interests.append(_interest(actor, side, message, at=at))
    move = "accept" if before in MatchStatus.OPEN else "interest"
    _move(session, actor, match, move, status, side=side, before=before, at=at)
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
    side = _begin(actor, match, "accept", version, at=at)
    _check_verified(actor)
    _check_may_go_on(session, match.need, match.capability)
    status = rules.after_interest(match.status, interested(match), side)
    match.interests.append(_interest(actor, side, message, at=at))
    _move(session, actor, match, "accept", str(status), side=side, at=at)
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
    side = _begin(actor, match, "decline", version, at=at)
    _leave(session, actor, match, "decline", side, reason=reason, words=words, at=at)
    recommendation.note_decline(
        session, actor, match.need_id, match.capability_id, rules.MEANINGS.get(reason, ""), at=at
    )
    if interested(match):
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
    side = _begin(actor, match, "cancel", version, at=at)
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
    _check_may_go_on(session, need, capability)
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
    _move(session, actor, match, "propose", MatchStatus.PROPOSED, before=before, at=at)
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
    side = _begin(actor, match, "end", version, at=at)
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
        _check_may_go_on(session, match.need, match.capability, agreed=True)
    _take_turn(session, match, version)
    if version is None and _is_there(session, match, move, at=at):
        return match
    status = rules.after(move, match.status, interested(match), who, aim=match.last_together)
    if status is None:
        raise Conflict("match", match.id)
    side = who if who in rules.SIDES else ""
    _move(session, actor, match, move, status, side=side, at=at)
    audit.record(session, actor, f"match.{move}", "match", match.id, **_side(side), at=at)
    if version is not None or move not in rules.TOLD_ELSEWHERE:
        messages.tell_moved(session, match, actor, at=at)
    return match


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
    side, last = side_of(actor, match.need, match.capability), match.last_step
    if last is not None and last.after in MatchStatus.ENDED:
        agreed = last.before in MatchStatus.TOGETHER
        _check_may_go_on(session, match.need, match.capability, agreed=agreed)
    _take_turn(session, match, version)
    if last is None or not rules.is_own_last(made(last), actor.user_id, match.version):
        raise Conflict("match", match.id)
    if not rules.may_take_back(made(last), actor.user_id, match.version, at):
        raise Refused(Refusal.TAKE_BACK_TOO_LATE)
    _undo(match, last, at=at)
    _move(session, actor, match, "take_back", last.before, side=side, at=at)
    last.taken_back_at = match.steps[-1].taken_back_at = at
    _follow_marks(session, match)
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
        _check_may_go_on(session, match.need, match.capability, agreed=True)
    _take_turn(session, match, version)
    before = standing(match.status, match.expires_on, day_of(at))
    _check_reason("put_right", reason)
    if status not in rules.right_states(before, interested(match)):
        raise Refused(Refusal.NOT_TO_THIS_STATE)
    match.end_reason = match.end_note = ""
    if status in MatchStatus.ENDED:
        for promise in match.acceptances:
            promise.ended_at = promise.ended_at or at
    _move(
        session, actor, match, "put_right", status,
        before=before, reason=reason, note=words, at=at,
    )  # fmt: skip
    _follow_marks(session, match)
    audit.record(
        session, actor, "match.put_right", "match", match.id,
        reason=reason, before=before, after=status, at=at,
    )  # fmt: skip
    messages.tell_put_right(session, match, words, at=at)
    return match


def promise_confidentiality(
    session: Session, actor: Actor, match: Match, *, at: datetime | None = None
) -> None:
    """Record that the actor's organisation will not disclose; the other's annex opens to it.

    The promise is for the annex as it is now.
    """
    at = moment(at)
    side = _begin(actor, match, "promise", None, at=at)
    _check_verified(actor)
    _check_may_go_on(session, match.need, match.capability, agreed=True)
    if match.has_promised(actor.organisation_id):
        raise Conflict("match", match.id)
    if older := match.promise_of(actor.organisation_id):
        older.ended_at = at
        _touch_version(session, match)
    annex = match.capability if side == "need" else match.need
    match.acceptances.append(
        ConfidentialityAcceptance(
            organisation_id=actor.organisation_id,
            user_id=actor.user_id,
            at=at,
            annex_version=annex.annex_version,
        )
    )
    _touch_version(session, match)
    audit.record(session, actor, "match.promise", "match", match.id, side=side, at=at)


def revoke_promise(
    session: Session, actor: Actor, match: Match, *, at: datetime | None = None
) -> None:
    """Take the promise back: the other's annex closes. What was read stays under the promise."""
    at = moment(at)
    side = _begin(actor, match, "revoke", None, at=at)
    promise = match.promise_of(actor.organisation_id)
    if promise is None:
        raise Conflict("match", match.id)
    promise.ended_at = at
    _touch_version(session, match)
    audit.record(session, actor, "match.revoke", "match", match.id, side=side, at=at)
    messages.tell_revoked(session, match, side, at=at)


def obstacle(
    session: Session,
    need: Listing,
    capability: Listing,
    *,
    agreed: bool = False,
    lock: bool = False,
) -> Refusal | None:
    """Return why the pair may not go on now, None if it may."""
    held_back = recommendations.is_held_back(session, need.id, capability.id, lock=lock)
    pair = rules.Pair(
        is_held_back=held_back,
        are_listings_shown=_stands(session, need, capability)
        and _stands(session, capability, need),
        are_organisations_shown=need.organisation.is_shown and capability.organisation.is_shown,
    )
    return rules.obstacle(pair, agreed=agreed)


def _stands(session: Session, listing: Listing, partner: Listing) -> bool:
    """The listing is shown, or is a draft that was made for this very match."""
    return listing.is_shown or (
        listing.status in ListingStatus.UNPUBLISHED
        and listings.is_made_for(session, listing.id, partner.id)
    )


def remind(session: Session, match: Match, *, at: datetime | None = None) -> None:
    """Ask the sides that have not answered once more."""
    at = moment(at)
    for side in rules.waiting(match.status, interested(match)):
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
    _move(session, SYSTEM, match, "expire", MatchStatus.EXPIRED, at=at)
    recommendation.note_end(session, match.need_id, match.capability_id)
    audit.record(session, SYSTEM, "match.expire", "match", match.id, at=at)
    messages.tell_expired(session, match, at=at)


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
    _touch_version(session, match)


def _interest(actor: Actor, side: str, message: str, *, at: datetime) -> Interest:
    return Interest(side=side, user_id=actor.user_id or 0, message=message, at=at)


def _move(
    session: Session,
    actor: Actor,
    match: Match,
    move: str,
    status: str,
    *,
    side: str = "",
    before: str | None = None,
    reason: str = "",
    note: str = "",
    at: datetime,
) -> None:
    """Write the new state and its step. `before`: where it stood, if not as it is stored."""
    step = Step(
        move=move,
        before=match.status if before is None else before,
        after=status,
        side=side,
        user_id=actor.user_id,
        reason=reason,
        note=note,
        at=at,
    )
    match.status = status
    if status in MatchStatus.OPEN:
        last_day = day_of(at) if move == "take_back" else rules.answer_by(day_of(at))
        match.expires_on = max(match.expires_on, last_day)
    match.updated_at = match.active_at = at
    match.reminders = 0
    flag_modified(match, "status")
    _flush(session, match)
    step.match_version = match.version
    match.steps.append(step)
    session.flush()


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
    _check_reason(move, reason)
    match.end_reason, match.end_note = reason, words
    _move(session, actor, match, move, rules.MOVES[move].to, side=side, reason=reason, at=at)
    recommendation.note_end(session, match.need_id, match.capability_id)
    audit.record(
        session, actor, f"match.{move}", "match", match.id, side=side, reason=reason, at=at
    )


def _check_reason(move: str, reason: str) -> None:
    if reason not in codelists.codes(rules.MOVES[move].reasons):
        raise Refused(Refusal.NO_END_REASON)


def _undo(match: Match, last: Step, *, at: datetime) -> None:
    """Take away what the step left beside the state."""
    if last.move == "accept":
        match.interests = [one for one in match.interests if one.side != last.side]
    if last.after in MatchStatus.ENDED:
        match.end_reason = match.end_note = ""
        for promise in match.acceptances:
            if promise.ended_at == last.at:
                promise.ended_at = None


def _follow_marks(session: Session, match: Match) -> None:
    """Let the pair's suggestion show who is interested now."""
    ids = dict(zip(rules.SIDES, match.organisation_ids, strict=True))
    there = match.status not in MatchStatus.ENDED
    willing = [ids[side] for side in interested(match)] if there else []
    recommendation.note_interested(session, match.need_id, match.capability_id, willing)


def _who(actor: Actor, match: Match) -> str:
    """Return what the actor is to the match; raises NotAllowed when nothing."""
    if actor == SYSTEM:
        return rules.By.SYSTEM
    if may(actor, "match.put_right", match):
        return rules.By.CURATOR
    return side_of(actor, match.need, match.capability)


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


def _take_turn(session: Session, match: Match, version: int | None) -> None:
    """Hold the match until the commit, as it is now.

    Raises Conflict when it is not the version that the page showed.
    """
    session.refresh(match, ["status", "version"], with_for_update=True)
    _check_version(match, version)


def _flush(session: Session, match: Match) -> None:
    """Write now; Conflict when another transaction has raised the version."""
    match_id = match.id
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("match", match_id) from error


def _tell_after_interest(
    session: Session, actor: Actor, match: Match, side: str, *, at: datetime
) -> None:
    if match.status in MatchStatus.TOGETHER:
        messages.tell_agreed(session, match, actor, at=at)
    elif rules.other(side) in rules.waiting(match.status, interested(match)):
        messages.tell_interest(session, match, side, at=at)


def _touch_version(session: Session, match: Match) -> None:
    """Raise the version though no column changes: of two who move at once the second is told."""
    flag_modified(match, "status")
    _flush(session, match)


def _begin(actor: Actor, match: Match, move: str, version: int | None, *, at: datetime) -> str:
    """Check that the move is open, and return the side of the actor.

    Raises Conflict when somebody was first, Refused when the time to answer is over.
    """
    side = side_of(actor, match.need, match.capability)
    _check_version(match, version)
    if is_overdue(match.status, match.expires_on, day_of(at)):
        raise Refused(Refusal.ANSWER_TOO_LATE)
    if not rules.may(move, match.status, interested(match), side):
        raise Conflict("match", match.id)
    return side


def _check_version(match: Match, version: int | None) -> None:
    if version is not None and match.version != version:
        raise Conflict("match", match.id)


def _check_verified(actor: Actor) -> None:
    if not actor.organisation_verified:
        raise Refused(Refusal.OWN_ORGANISATION_UNVERIFIED)


def _check_may_go_on(
    session: Session, need: Listing, capability: Listing, *, agreed: bool = False
) -> None:
    refusal = obstacle(session, need, capability, agreed=agreed, lock=True)
    if refusal is not None:
        raise Refused(refusal)
