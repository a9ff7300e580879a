"""Tell people: a notice and a mail in the outbox, in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import moment
from matchmaker.notices.messages import CATALOGUE
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.permissions import Actor


def notify(
    session: Session,
    users: Iterable[User],
    kind: str,
    path: str,
    *,
    at: datetime | None = None,
    **params: Any,
) -> None:
    """Write a notice and a mail for each user.

    `path` is where the thing is looked at; `params` fill the kind's texts.
    """
    at = moment(at)
    for user in users:
        session.add(Notice(user_id=user.id, kind=kind, params=params, path=path, created_at=at))
        mail(session, user.email, user.language, kind, path, **params, at=at)


def mail(
    session: Session,
    recipient: str,
    language: str,
    kind: str,
    path: str,
    *,
    at: datetime | None = None,
    **params: Any,
) -> None:
    """A mail alone, for somebody who may have no account. Raises KeyError for an unknown kind."""
    at = moment(at)
    CATALOGUE[kind]
    session.add(
        OutboxMail(
            recipient=recipient,
            language=language,
            kind=kind,
            params=params,
            path=path,
            created_at=at,
            next_attempt_at=at,
        )
    )


def mark_all_read(session: Session, actor: Actor, *, at: datetime | None = None) -> None:
    at = moment(at)
    session.execute(
        update(Notice)
        .where(Notice.user_id == actor.user_id, Notice.read_at.is_(None))
        .values(read_at=at)
    )


def mark_read(session: Session, notice: Notice, *, at: datetime | None = None) -> None:
    at = moment(at)
    notice.read_at = notice.read_at or at
