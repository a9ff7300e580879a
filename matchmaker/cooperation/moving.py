"""What every move of a match goes through: may it be made, whose turn is it, and its step."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from matchmaker import codelists
from matchmaker.cooperation import rules
from matchmaker.cooperation.models import Match, Step
from matchmaker.cooperation.states import MatchStatus, is_overdue
from matchmaker.db import day_of
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.states import ListingStatus
from matchmaker.permissions import Actor
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


def begin(actor: Actor, match: Match, move: str, version: int | None, *, at: datetime) -> str:
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


def take_turn(session: Session, match: Match, version: int | None) -> None:
    """Hold the match until the commit, as it is now.

    Raises Conflict when it is not the version that the page showed.
    """
    session.refresh(match, ["status", "version"], with_for_update=True)
    _check_version(match, version)


def _check_version(match: Match, version: int | None) -> None:
    if version is not None and match.version != version:
        raise Conflict("match", match.id)


def check_verified(actor: Actor) -> None:
    if not actor.organisation_verified:
        raise Refused(Refusal.OWN_ORGANISATION_UNVERIFIED)


def check_may_go_on(
    session: Session, need: Listing, capability: Listing, *, agreed: bool = False
) -> None:
    refusal = obstacle(session, need, capability, agreed=agreed, lock=True)
    if refusal is not None:
        raise Refused(refusal)


def check_reason(move: str, reason: str) -> None:
    if reason not in codelists.codes(rules.MOVES[move].reasons):
        raise Refused(Refusal.NO_END_REASON)


def make(
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


def follow_marks(session: Session, match: Match) -> None:
    """Let the pair's suggestion show who is interested now."""
    ids = dict(zip(rules.SIDES, match.organisation_ids, strict=True))
    there = match.status not in MatchStatus.ENDED
    willing = [ids[side] for side in interested(match)] if there else []
    recommendation.note_interested(session, match.need_id, match.capability_id, willing)


def touch_version(session: Session, match: Match) -> None:
    """Raise the version though no column changes: of two who move at once the second is told."""
    flag_modified(match, "status")
    _flush(session, match)


def _flush(session: Session, match: Match) -> None:
    """Write now; Conflict when another transaction has raised the version."""
    match_id = match.id
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("match", match_id) from error
