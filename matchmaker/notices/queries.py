from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.notices.rules import MAX_ATTEMPTS


def of_user(user_id: int | None) -> Select[tuple[Notice]]:
    """A user's notices, newest first."""
    return select(Notice).where(Notice.user_id == user_id).order_by(Notice.id.desc())


def one_of_user(session: Session, user_id: int | None, notice_id: int) -> Notice | None:
    return session.scalar(select(Notice).where(Notice.id == notice_id, Notice.user_id == user_id))


def due_mails(session: Session, at: datetime, limit: int) -> Sequence[OutboxMail]:
    """Mails to try now, locked against other workers until the caller commits."""
    return session.scalars(
        select(OutboxMail)
        .where(
            OutboxMail.sent_at.is_(None),
            OutboxMail.next_attempt_at <= at,
            OutboxMail.attempts < MAX_ATTEMPTS,
        )
        .order_by(OutboxMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


@dataclass(frozen=True, slots=True)
class MailCounts:
    """Mails that are not sent: those to be sent, those refused so far, those given up."""

    waiting: int
    refused: int
    given_up: int


def mail_counts(session: Session) -> MailCounts:
    given_up = OutboxMail.attempts >= MAX_ATTEMPTS
    refused = and_(~given_up, OutboxMail.last_error != "")
    counts = session.execute(
        select(
            func.count().filter(~given_up, ~refused),
            func.count().filter(refused),
            func.count().filter(given_up),
        ).where(OutboxMail.sent_at.is_(None))
    ).one()
    return MailCounts(*counts)


def troubled_mails(session: Session, limit: int) -> Sequence[OutboxMail]:
    """The newest mails that were refused and are not sent."""
    return session.scalars(
        select(OutboxMail)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.last_error != "")
        .order_by(OutboxMail.id.desc())
        .limit(limit)
    ).all()


def outbox(session: Session, limit: int = 50) -> Sequence[OutboxMail]:
    """The newest mails, sent or not."""
    return session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(limit)).all()
