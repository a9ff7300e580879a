"""Mails and notices about a match. Readers see organisations' names in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import curators_of
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.rules import SIDES, other, stalls_on
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of
from matchmaker.listings.models import Listing
from matchmaker.notices import service as notices
from matchmaker.organisations.belonging import writers
from matchmaker.permissions import Actor
from matchmaker.web.i18n import LOCALES

LONGEST_TITLE = 160


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
            title=asked.approved_title,
            until=until,
            concerning=asked.organisation_id,
            at=at,
        )


def tell_asked(session: Session, match: Match, *, at: datetime) -> None:
    """The need's side asks about must-haves; which ones, the page says."""
    _tell_other(session, match, "need", "match.asked", at=at)


def tell_answered(session: Session, match: Match, *, at: datetime) -> None:
    """The capability's side has said whether it meets a must-have."""
    _tell_other(session, match, "capability", "match.answered", at=at)


def composed_title(kind: str, organisation: str, language: str) -> str:
    """Return the platform's title of a listing that no curator has read, in its own language."""
    with force_locale(LOCALES[language]):
        title = (
            gettext("Need of %(organisation)s", organisation=organisation)
            if kind == "need"
            else gettext("Offer by %(organisation)s", organisation=organisation)
        )
    return str(title)[:LONGEST_TITLE]


def tell_agreed(session: Session, match: Match, actor: Actor, *, at: datetime) -> None:
    """Tell both sides that they agreed, but for the actor."""
    for side in SIDES:
        _tell_side(session, match, side, "match.mutual", but=actor, at=at)


def tell_proposed(session: Session, match: Match, *, at: datetime) -> None:
    until = match.expires_on.isoformat()
    for side in SIDES:
        note = match.proposal_note
        _tell_side(session, match, side, "match.proposed", note=note, until=until, at=at)


def tell_reminder(session: Session, match: Match, side: str, *, at: datetime) -> None:
    until = match.expires_on.isoformat()
    _tell_side(session, match, side, "match.reminder", until=until, at=at)


def tell_quiet(session: Session, match: Match, *, at: datetime) -> None:
    """Nothing has happened for a long time: ask both sides how it goes."""
    stalls = match.status in MatchStatus.TALKS
    params: dict[str, Any] = (
        {"until": stalls_on(day_of(match.quiet_since)).isoformat()} if stalls else {}
    )
    kind = "match.quiet" if stalls else "match.report"
    for side in SIDES:
        _tell_side(session, match, side, kind, at=at, **params)


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
            title=declined.approved_title,
            reason=reason,
            concerning=_listing(match, other(side)).organisation_id,
            at=at,
        )


def tell_cancelled(session: Session, match: Match, side: str, *, at: datetime) -> None:
    """A side has taken its interest back: the other need not answer."""
    _tell_other(session, match, side, "match.cancelled", at=at)


def tell_ended(session: Session, match: Match, side: str, reason: str, *, at: datetime) -> None:
    """A side has ended what both had agreed: the other is told why."""
    _tell_other(session, match, side, "match.ended", end_reason=reason, at=at)


def tell_moved(session: Session, match: Match, actor: Actor, *, at: datetime) -> None:
    """Tell both sides where the match stands now, but for the actor."""
    for side in SIDES:
        _tell_side(session, match, side, "match.moved", but=actor, status=match.status, at=at)


def tell_taken_back(session: Session, match: Match, side: str, *, at: datetime) -> None:
    """A side has taken its last move back: the other is told where the match stands again."""
    _tell_other(session, match, side, "match.taken_back", status=match.status, at=at)


def tell_put_right(session: Session, match: Match, words: str, *, at: datetime) -> None:
    """Tell both sides where a curator says that the match stands, and why."""
    for side in SIDES:
        said: dict[str, Any] = {"status": match.status, "note": words}
        _tell_side(session, match, side, "match.put_right", at=at, **said)


def tell_revoked(session: Session, match: Match, side: str, *, at: datetime) -> None:
    """A side has taken back its promise about the other's annex."""
    _tell_other(session, match, side, "match.revoked", at=at)


def tell_curators_invited(session: Session, match: Match, side: str, *, at: datetime) -> None:
    """The curators of both sides are asked to take part in the thread."""
    people = {
        user.id: user for province in match.provinces for user in curators_of(session, province)
    }
    for user in people.values():
        notices.notify(
            session,
            [user],
            "message.curators_invited",
            f"{_path(match)}/messages",
            organisation=_listing(match, side).organisation.name_for(user.language),
            title=match.need.approved_title,
            at=at,
        )


def _tell_other(
    session: Session, match: Match, side: str, kind: str, *, at: datetime, **params: str
) -> None:
    acting, told = _listing(match, side), _listing(match, other(side))
    for user in _people(session, match, other(side)):
        notices.notify(
            session,
            [user],
            kind,
            _path(match),
            organisation=acting.organisation.name_for(user.language),
            title=told.approved_title,
            **params,
            concerning=told.organisation_id,
            at=at,
        )


def tell_expired(session: Session, match: Match, *, at: datetime) -> None:
    for side in SIDES:
        _tell_side(session, match, side, "match.expired", at=at)


def _tell_side(
    session: Session,
    match: Match,
    side: str,
    kind: str,
    *,
    but: Actor | None = None,
    at: datetime,
    **params: str,
) -> None:
    """Tell the people of one side, but for the actor."""
    notices.notify(
        session,
        [one for one in _people(session, match, side) if not but or one.id != but.user_id],
        kind,
        _path(match),
        **_titles(match),
        **params,
        concerning=_listing(match, side).organisation_id,
        at=at,
    )


def _people(session: Session, match: Match, side: str) -> Sequence[User]:
    return writers(session, _listing(match, side).organisation_id)


def _listing(match: Match, side: str) -> Listing:
    return match.need if side == "need" else match.capability


def _titles(match: Match) -> dict[str, str]:
    """The titles that curators approved: what is written since is not for the other side yet."""
    return {"need": match.need.approved_title, "capability": match.capability.approved_title}


def _path(match: Match) -> str:
    return f"/matches/{match.id}"
