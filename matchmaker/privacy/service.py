"""What a person can have done with the data about them, and what time does to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from matchmaker.accounts import messages
from matchmaker.accounts import service as accounts
from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.notices import service as notices
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations import belonging, identity, members
from matchmaker.organisations.claims import service as claims
from matchmaker.organisations.models import Handover, Invitation
from matchmaker.permissions import SYSTEM, Actor
from matchmaker.privacy import queries, rules
from matchmaker.privacy.datamap import HOLDINGS
from matchmaker.security import service as security

_UNSEEN = {"synchronize_session": False}


def export(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> bytes:
    """Return all that is kept about a person, as a zip of JSON files."""
    at = moment(at)
    content = rules.archive(queries.held_about(session, user))
    audit.record(session, actor, "account.export", "account", user.id, at=at)
    return content


def erase(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> None:
    """Take everything out that tells who the person is; what they did stays, under a number.

    Raises Refused for the last owner of an organisation and for the last administrator.
    """
    at = moment(at)
    for membership in belonging.memberships_of(session, user.id):
        members.leave(session, actor, membership, at=at)
        identity.forget_contact(session, user, membership.organisation_id)
    identity.forget_contact(session, user, None)
    claims.withdraw_all(session, actor, user, at=at)
    farewell = messages.erased(user)
    _empty(session, actor, user, at=at)
    notices.mail(
        session, farewell.recipient, farewell.language, farewell.kind, farewell.path, at=at
    )


def _empty(session: Session, actor: Actor, user: User, *, at: datetime) -> None:
    """Put a number in the place of a person. The row stays: its number is never another's."""
    email, address, name = user.email, rules.empty_address(user.id), rules.pseudonym(user.id)
    accounts.erase(session, actor, user, name, address, at=at)
    invited = update(Invitation).where(Invitation.email == email)
    still_open = invited.where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    for statement in (
        still_open.values(withdrawn_at=at),
        invited.values(email=address),
        update(Handover).where(Handover.email == email).values(email=address),
        delete(OutboxMail).where(OutboxMail.recipient == email),
        *(
            delete(holding.owner.class_).where(holding.owner == user.id)
            for holding in HOLDINGS
            if not holding.kept
        ),
    ):
        session.execute(statement, execution_options=_UNSEEN)
    audit.rename_actor(session, user.id, name)
    security.rename_account(session, user.id, email, name)


def forget_unconfirmed(session: Session, before: datetime, *, at: datetime) -> int:
    """Remove registrations that nobody confirmed, and addresses of invitations that have ended."""
    users = queries.never_confirmed(session, before)
    for user in users:
        _empty(session, SYSTEM, user, at=at)
    session.execute(
        update(Invitation)
        .where(
            Invitation.email != "",
            or_(
                Invitation.expires_at < before,
                Invitation.accepted_at < before,
                Invitation.withdrawn_at < before,
            ),
        )
        .values(email=""),
        execution_options=_UNSEEN,
    )
    return len(users)


def forget_mails(session: Session, before: datetime) -> int:
    """Remove mails that were sent or given up long ago."""
    done = delete(OutboxMail).where(
        or_(OutboxMail.sent_at < before, OutboxMail.reported_at < before)
    )
    return int(session.execute(done, execution_options=_UNSEEN).rowcount)  # type: ignore[attr-defined]


def forget_notices(session: Session, before: datetime) -> int:
    """Remove notices that were written long ago, read or not."""
    old = delete(Notice).where(Notice.created_at < before)
    return int(session.execute(old, execution_options=_UNSEEN).rowcount)  # type: ignore[attr-defined]
