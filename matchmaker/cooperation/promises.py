"""Promises of silence, which open the other side's confidential annex."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.cooperation import messages, moving
from matchmaker.cooperation.models import ConfidentialityAcceptance, Match
from matchmaker.db import moment
from matchmaker.errors import Conflict
from matchmaker.permissions import Actor


def promise_confidentiality(
    session: Session, actor: Actor, match: Match, *, at: datetime | None = None
) -> None:
    """Record that the actor's organisation will not disclose; the other's annex opens to it.

    The promise is for the annex as it is now.
    """
    at = moment(at)
    side = moving.begin(actor, match, "promise", None, at=at)
    moving.check_verified(actor)
    moving.check_may_go_on(session, match.need, match.capability, agreed=True)
    if match.has_promised(actor.organisation_id):
        raise Conflict("match", match.id)
    if older := match.promise_of(actor.organisation_id):
        older.ended_at = at
        moving.touch_version(session, match)
    annex = match.capability if side == "need" else match.need
    match.acceptances.append(
        ConfidentialityAcceptance(
            organisation_id=actor.organisation_id,
            user_id=actor.user_id,
            at=at,
            annex_version=annex.annex_version,
        )
    )
    moving.touch_version(session, match)
    audit.record(session, actor, "match.promise", "match", match.id, side=side, at=at)


def revoke_promise(
    session: Session, actor: Actor, match: Match, *, at: datetime | None = None
) -> None:
    """Take the promise back: the other's annex closes. What was read stays under the promise."""
    at = moment(at)
    side = moving.begin(actor, match, "revoke", None, at=at)
    promise = match.promise_of(actor.organisation_id)
    if promise is None:
        raise Conflict("match", match.id)
    promise.ended_at = at
    moving.touch_version(session, match)
    audit.record(session, actor, "match.revoke", "match", match.id, side=side, at=at)
    messages.tell_revoked(session, match, side, at=at)
