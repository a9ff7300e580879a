"""Curators as guests: they take part in a match's thread while one of its sides wants that."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.cooperation import messages, rules
from matchmaker.cooperation.models import CuratorInvitation, Match
from matchmaker.cooperation.moving import side_of
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.permissions import Actor


def invite_curators(
    session: Session, actor: Actor, match: Match, *, at: datetime | None = None
) -> None:
    """Ask the curators of both sides to read the thread and to write in it.

    Raises Conflict when they were asked already, Refused when the two are not together.
    """
    at = moment(at)
    side = side_of(actor, match.need, match.capability)
    if match.status not in MatchStatus.TOGETHER:
        raise Refused(rules.why_not_together(match.status))
    if not match.are_organisations_shown:
        raise Refused(Refusal.PARTNER_UNAVAILABLE)
    try:
        with session.begin_nested():
            match.curator_invitations.append(
                CuratorInvitation(side=side, invited_by_id=actor.user_id, at=at)
            )
    except IntegrityError as error:
        raise Conflict("match", match.id) from error
    audit.record(session, actor, "match.invite_curators", "match", match.id, side=side, at=at)
    messages.tell_curators_invited(session, match, side, at=at)


def dismiss_curators(
    session: Session, actor: Actor, match: Match, *, at: datetime | None = None
) -> None:
    """Take the invitation back, also the other side's. Raises Conflict when there is none."""
    at = moment(at)
    side = side_of(actor, match.need, match.capability)
    invitation = match.curator_invitation
    if invitation is None:
        raise Conflict("match", match.id)
    invitation.ended_at, invitation.ended_by_id = at, actor.user_id
    audit.record(session, actor, "match.dismiss_curators", "match", match.id, side=side, at=at)
