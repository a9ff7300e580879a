"""Mails and notices about results. They carry no words of a side: those stand on the page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts.queries import curators_of
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.rules import SIDES, other
from matchmaker.listings.models import Listing
from matchmaker.notices import service as notices
from matchmaker.organisations.belonging import writers
from matchmaker.outcomes import links
from matchmaker.outcomes.models import FollowUp, Outcome


def tell_other(session: Session, outcome: Outcome, kind: str, side: str, *, at: datetime) -> None:
    """A side has done something with a result: the other is told."""
    acting, told = _listing(outcome.match, side), _listing(outcome.match, other(side))
    for user in writers(session, told.organisation_id):
        notices.notify(
            session,
            [user],
            kind,
            _path(outcome.match_id),
            organisation=acting.organisation.name_for(user.language),
            measure=outcome.measure,
            concerning=told.organisation_id,
            at=at,
        )


def tell_both(session: Session, outcome: Outcome, kind: str, *, at: datetime) -> None:
    """A curator has decided about a result."""
    for side in SIDES:
        listing = _listing(outcome.match, side)
        notices.notify(
            session,
            writers(session, listing.organisation_id),
            kind,
            _path(outcome.match_id),
            measure=outcome.measure,
            title=listing.approved_title,
            concerning=listing.organisation_id,
            at=at,
        )


def tell_curators(session: Session, outcome: Outcome, *, at: datetime) -> None:
    """A result is confirmed: the curators of both provinces may verify it."""
    told = {
        user.id: user
        for province in set(outcome.provinces)
        for user in curators_of(session, province)
    }
    notices.notify(
        session,
        told.values(),
        "outcome.to_verify",
        _path(outcome.match_id),
        measure=outcome.measure,
        title=outcome.match.need.approved_title,
        at=at,
    )


def ask(session: Session, follow_up: FollowUp, match: Match, *, at: datetime) -> None:
    """Ask the writers of one side how the match goes, each by a link of their own."""
    own, partner = _listing(match, follow_up.side), _listing(match, other(follow_up.side))
    for user in writers(session, own.organisation_id):
        notices.notify(
            session,
            [user],
            "outcome.follow_up",
            links.make(follow_up.id, user.id),
            organisation=partner.organisation.name_for(user.language),
            title=own.approved_title,
            concerning=own.organisation_id,
            at=at,
        )


def _listing(match: Match, side: str) -> Listing:
    return match.need if side == "need" else match.capability


def _path(match_id: int) -> str:
    return f"/matches/{match_id}/outcomes"
