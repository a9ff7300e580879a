"""Mails and notices about a match. Readers see organisations' names in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.rules import SIDES, other
from matchmaker.listings.models import Listing
from matchmaker.notices import service as notices
from matchmaker.organisations.queries import writers
from matchmaker.permissions import Actor


def tell_interest(session: Session, match: Match, side: str, *, at: datetime) -> None:
    """One side is interested: the other is asked."""
    asked, asking = _listing(match, other(side)), _listing(match, side)
    until = match.expires_on.isoformat()
    for user in _people(session, match, other(side)):
        name = asking.organisation.name_for(user.language)
        notices.notify(
            session,
            [user],
            "match.interest",
            _path(match),
            organisation=name,
            title=asked.title,
            until=until,
            at=at,
        )


def tell_agreed(session: Session, match: Match, actor: Actor, *, at: datetime) -> None:
    """Tell both sides that they agreed, but for the actor."""
    for side in SIDES:
        told = [user for user in _people(session, match, side) if user.id != actor.user_id]
        notices.notify(session, told, "match.mutual", _path(match), **_titles(match), at=at)


def tell_proposed(session: Session, match: Match, *, at: datetime) -> None:
    until = match.expires_on.isoformat()
    for side in SIDES:
        told = _people(session, match, side)
        note = match.proposal_note
        notices.notify(
            session,
            told,
            "match.proposed",
            _path(match),
            **_titles(match),
            note=note,
            until=until,
            at=at,
        )


def tell_reminder(session: Session, match: Match, side: str, *, at: datetime) -> None:
    until = match.expires_on.isoformat()
    told = _people(session, match, side)
    notices.notify(
        session, told, "match.reminder", _path(match), **_titles(match), until=until, at=at
    )


def tell_declined(session: Session, match: Match, side: str, reason: str, *, at: datetime) -> None:
    """A side declined; only a side that had expressed interest has to know."""
    declined = _listing(match, side)
    for user in _people(session, match, other(side)):
        name = declined.organisation.name_for(user.language)
        notices.notify(
            session,
            [user],
            "match.declined",
            _path(match),
            organisation=name,
            title=declined.title,
            reason=reason,
            at=at,
        )


def tell_cancelled(session: Session, match: Match, side: str, *, at: datetime) -> None:
    withdrawn, asked = _listing(match, side), _listing(match, other(side))
    for user in _people(session, match, other(side)):
        name = withdrawn.organisation.name_for(user.language)
        notices.notify(
            session,
            [user],
            "match.cancelled",
            _path(match),
            organisation=name,
            title=asked.title,
            at=at,
        )


def tell_expired(session: Session, match: Match, *, at: datetime) -> None:
    for side in SIDES:
        notices.notify(
            session,
            _people(session, match, side),
            "match.expired",
            _path(match),
            **_titles(match),
            at=at,
        )


def _people(session: Session, match: Match, side: str) -> Sequence[User]:
    return writers(session, _listing(match, side).organisation_id)


def _listing(match: Match, side: str) -> Listing:
    return match.need if side == "need" else match.capability


def _titles(match: Match) -> dict[str, str]:
    return {"need": match.need.title, "capability": match.capability.title}


def _path(match: Match) -> str:
    return f"/matches/{match.id}"
