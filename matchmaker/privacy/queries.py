from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import StaffRole, User
from matchmaker.accounts.passwords import NONE
from matchmaker.audit.models import AuditRecord
from matchmaker.notices.models import OutboxMail
from matchmaker.organisations.models import Handover, Invitation, Membership
from matchmaker.privacy.datamap import HOLDINGS, Column
from matchmaker.security.models import SecurityEvent

Rows = list[dict[str, Any]]

ACCOUNT = (
    User.id,
    User.email,
    User.name,
    User.language,
    User.time_zone,
    User.created_at,
    User.email_confirmed_at,
)
RECORD = (AuditRecord.at, AuditRecord.action, AuditRecord.subject_type, AuditRecord.subject_id)
LETTER = (OutboxMail.kind, OutboxMail.created_at, OutboxMail.sent_at, OutboxMail.given_up_at)
INVITED = (Invitation.organisation_id, Invitation.role, Invitation.created_at)
HANDED_OVER = (Handover.organisation_id, Handover.at)
SEEN = (SecurityEvent.at, SecurityEvent.kind, SecurityEvent.account, SecurityEvent.address)


def held_about(session: Session, user: User) -> dict[str, Rows]:
    """Return all that is kept about a person, by where it is kept."""
    by_account = {
        holding.name: _rows(session, holding.exported, holding.owner == user.id)
        for holding in HOLDINGS
    }
    by_them = or_(
        SecurityEvent.account_id == user.id, func.lower(SecurityEvent.account) == user.email
    )
    about_account = (AuditRecord.subject_type == "account") & (AuditRecord.subject_id == user.id)
    return {
        "account": _rows(session, ACCOUNT, User.id == user.id),
        **by_account,
        "letters": _rows(
            session, LETTER, OutboxMail.user_id.is_(None) & (OutboxMail.recipient == user.email)
        ),
        "invitations_received": _rows(session, INVITED, Invitation.email == user.email),
        "handovers_received": _rows(session, HANDED_OVER, Handover.email == user.email),
        "security_events": _rows(session, SEEN, by_them),
        "audit_records": _rows(
            session, RECORD, or_(AuditRecord.actor_id == user.id, about_account)
        ),
    }


def _rows(session: Session, columns: Sequence[Column], condition: Any) -> Rows:
    in_order = columns[0].class_.__table__.primary_key
    found = session.execute(select(*columns).where(condition).order_by(*in_order))
    return [dict(row) for row in found.mappings()]


def never_confirmed(session: Session, before: datetime) -> Sequence[User]:
    """Return accounts that somebody registered long ago and whose address nobody confirmed.

    They are held until the commit.
    """
    return session.scalars(
        select(User)
        .where(
            User.email_confirmed_at.is_(None),
            User.suspended_at.is_(None),
            User.erased_at.is_(None),
            User.password_hash != NONE,
            User.created_at < before,
            User.id.not_in(select(StaffRole.user_id)),
            User.id.not_in(select(Membership.user_id)),
        )
        .order_by(User.id)
        .with_for_update(skip_locked=True)
    ).all()
