"""Mails and notices about a match. Readers see organisations' names in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

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


def tell_quiet(session: Session, match: Match, *, at: datetime) -> None:
    """Nothing has happened for a long time: ask both sides how it goes."""
    stalls = match.status in MatchStatus.TALKS
    params = {"until": stalls_on(day_of(match.quiet_since)).isoformat()} if stalls else {}
    kind = "match.quiet" if stalls else "match.report"
    for side in SIDES:
        told = _people(session, match, side)
        notices.notify(session, told, kind, _path(match), **_titles(match), **params, at=at)


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
        told = [user for user in _people(session, match, side) if user.id != actor.user_id]
        params = {**_titles(match), "status": match.status}
        notices.notify(session, told, "match.moved", _path(match), **params, at=at)


def tell_taken_back(session: Session, match: Match, side: str, *, at: datetime) -> None:
    """A side has taken its last move back: the other is told where the match stands again."""
    _tell_other(session, match, side, "match.taken_back", status=match.status, at=at)


def tell_put_right(session: Session, match: Match, words: str, *, at: datetime) -> None:
    """Tell both sides where a curator says that the match stands, and why."""
    for side in SIDES:
        params = {**_titles(match), "status": match.status, "note": words}
        told = _people(session, match, side)
        notices.notify(session, told, "match.put_right", _path(match), **params, at=at)


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
    """The titles that curators approved: what is written since is not for the other side yet."""
    return {"need": match.need.approved_title, "capability": match.capability.approved_title}


def _path(match: Match) -> str:
    return f"/matches/{match.id}"
