from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
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


def outbox(session: Session, limit: int = 50) -> Sequence[OutboxMail]:
    """The newest mails, sent or not."""
    return session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(limit)).all()
