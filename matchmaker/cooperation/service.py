"""Every move of a match: one function each, audited, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from matchmaker import codelists
from matchmaker.audit import service as audit
from matchmaker.cooperation import messages, queries, rules
from matchmaker.cooperation.models import ConfidentialityAcceptance, Interest, Match
from matchmaker.cooperation.states import MatchStatus, is_overdue, standing
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.states import ListingStatus
from matchmaker.permissions import SYSTEM, Actor
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
    if match is None:
        match = _create(session, need, capability, MatchStatus.ONE_SIDE_INTERESTED, at=at)
    before = standing(match.status, match.expires_on, day_of(at))
    status = rules.after_interest(before, interested(match), side)
    if status is None:
        raise Refused(Refusal.INTEREST_EXPRESSED)
    if before in MatchStatus.ENDED:
        _reopen(session, match)
    _join(session, actor, match, Interest(side=side, message=message), status, at=at)
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
    _join(session, actor, match, Interest(side=side, message=message), str(status), at=at)
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
    if reason not in codelists.codes("decline_reason"):
        raise Refused(Refusal.NO_DECLINE_REASON)
    asked = interested(match)
    match.end_reason, match.end_note = reason, words
    _end(session, match, MatchStatus.DECLINED, side, at=at)
    audit.record(
        session, actor, "match.decline", "match", match.id, side=side, reason=reason, at=at
    )
    recommendation.note_decline(
        session, actor, match.need_id, match.capability_id, rules.MEANINGS.get(reason, ""), at=at
    )
    if asked:
        messages.tell_declined(session, match, side, reason, at=at)
    return match


def withdraw(
    session: Session,
    actor: Actor,
    match: Match,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Match:
    """Take one's interest back before the other side has answered.

    That ends the match; either side may begin anew.
    """
    at = moment(at)
    side = _begin(actor, match, "withdraw", version, at=at)
    _end(session, match, MatchStatus.CANCELLED, side, at=at)
    audit.record(session, actor, "match.withdraw", "match", match.id, side=side, at=at)
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
    before = standing(match.status, match.expires_on, day_of(at)) if match else None
    if before is not None and before not in MatchStatus.ENDED:
        raise Refused(Refusal.PAIR_IS_MATCH)
    if recommendations.of_pair(session, need.id, capability.id) is None:
        recommendation.add_by_hand(session, actor, need, capability, note, at=at)
    if match is None:
        match = _create(session, need, capability, MatchStatus.PROPOSED, at=at)
    else:
        _reopen(session, match)
    match.status, match.proposed_by_id, match.proposal_note = (
        MatchStatus.PROPOSED,
        actor.user_id,
        note,
    )
    _touch(match, at=at)
    _flush(session, match)
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
    """End what both had agreed. Contacts and annexes close; either side may begin again."""
    at = moment(at)
    side = _begin(actor, match, "end", version, at=at)
    if reason not in codelists.codes("end_reason"):
        raise Refused(Refusal.NO_END_REASON)
    match.end_reason, match.end_note = reason, words
    for promise in match.acceptances:
        promise.ended_at = promise.ended_at or at
    _end(session, match, MatchStatus.TERMINATED, side, at=at)
    audit.record(session, actor, "match.end", "match", match.id, side=side, reason=reason, at=at)
    messages.tell_ended(session, match, side, reason, at=at)


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


def expire(session: Session, match: Match, *, at: datetime | None = None) -> None:
    """Nobody answered in time."""
    at = moment(at)
    _end(session, match, MatchStatus.EXPIRED, "", at=at)
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
    )
    match.created_at = at
    _touch(match, at=at)
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
    match.end_reason = match.end_note = match.ended_by = match.proposal_note = ""
    match.proposed_by_id = match.nudged_at = None
    _touch_version(session, match)


def _join(
    session: Session, actor: Actor, match: Match, interest: Interest, status: str, *, at: datetime
) -> None:
    interest.user_id, interest.at = actor.user_id or 0, at
    match.interests.append(interest)
    match.status = status
    _touch(match, at=at)
    _flush(session, match)
    recommendation.note_interest(session, actor, match.need_id, match.capability_id, at=at)


def _end(session: Session, match: Match, status: str, ended_by: str, *, at: datetime) -> None:
    match.status, match.ended_by = status, ended_by
    match.updated_at = at
    _flush(session, match)
    recommendation.note_end(session, match.need_id, match.capability_id)


def _touch(match: Match, *, at: datetime) -> None:
    match.updated_at = at
    match.expires_on = rules.answer_by(day_of(at))


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
    if version is not None and match.version != version:
        raise Conflict("match", match.id)
    if is_overdue(match.status, match.expires_on, day_of(at)):
        raise Refused(Refusal.ANSWER_TOO_LATE)
    if not rules.may(move, match.status, interested(match), side):
        raise Conflict("match", match.id)
    return side


def _check_verified(actor: Actor) -> None:
    if not actor.organisation_verified:
        raise Refused(Refusal.OWN_ORGANISATION_UNVERIFIED)


def _check_may_go_on(
    session: Session, need: Listing, capability: Listing, *, agreed: bool = False
) -> None:
    refusal = obstacle(session, need, capability, agreed=agreed, lock=True)
    if refusal is not None:
        raise Refused(refusal)
