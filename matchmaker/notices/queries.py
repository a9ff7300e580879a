from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from matchmaker.notices.models import Notice, OutboxMail, Preference
from matchmaker.notices.states import Frequency


def of_user(user_id: int | None) -> Select[tuple[Notice]]:
    """A user's notices, newest first."""
    return select(Notice).where(Notice.user_id == user_id).order_by(Notice.id.desc())


def one_of_user(session: Session, user_id: int | None, notice_id: int) -> Notice | None:
    return session.scalar(select(Notice).where(Notice.id == notice_id, Notice.user_id == user_id))


def unread_of(session: Session, user_id: int, kind: str) -> Sequence[Notice]:
    """A user's notices of one kind that have not been read."""
    return session.scalars(
        of_user(user_id).where(Notice.kind == kind, Notice.read_at.is_(None))
    ).all()


def preferences_about(
    session: Session, user_ids: Collection[int], topic: str
) -> Mapping[int, Preference]:
    """User → what they chose about a topic, for those who chose anything."""
    found = session.scalars(
        select(Preference).where(Preference.topic == topic, Preference.user_id.in_(user_ids))
    )
    return {preference.user_id: preference for preference in found}


def preferences_of(session: Session, user_id: int | None) -> Mapping[str, Preference]:
    """Topic → what a user chose about it, where they chose anything."""
    found = session.scalars(select(Preference).where(Preference.user_id == user_id))
    return {preference.topic: preference for preference in found}


def _waiting() -> Select[tuple[OutboxMail]]:
    return (
        select(OutboxMail)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
        .order_by(OutboxMail.id)
    )


def due_mails(session: Session, at: datetime, limit: int) -> Sequence[OutboxMail]:
    """Mails to try now, locked against other workers until the caller commits.

    All that is due for the same people comes with them, so that it can leave as one mail.
    """
    due = _waiting().where(OutboxMail.next_attempt_at <= at).with_for_update(skip_locked=True)
    first = session.scalars(due.limit(limit)).all()
    people = {mail.user_id for mail in first if mail.user_id is not None}
    seen = {mail.id for mail in first}
    beside = session.scalars(due.where(OutboxMail.user_id.in_(people))).all() if people else []
    return [*first, *(mail for mail in beside if mail.id not in seen)]


def last_news(
    session: Session, user_ids: Collection[int], since: datetime
) -> Mapping[tuple[int | None, str], datetime]:
    """(user, kind) → when the last mail of it was sent, where that was after a moment."""
    rows = session.execute(
        select(OutboxMail.user_id, OutboxMail.kind, func.max(OutboxMail.sent_at))
        .where(
            OutboxMail.user_id.in_(user_ids),
            OutboxMail.frequency == Frequency.AT_ONCE,
            OutboxMail.sent_at > since,
        )
        .group_by(OutboxMail.user_id, OutboxMail.kind)
    ).tuples()
    return {(user_id, kind): sent_at for user_id, kind, sent_at in rows if sent_at is not None}


def waiting_of(session: Session, user_id: int, kinds: Collection[str]) -> Sequence[OutboxMail]:
    """A user's mails of some kinds that no try has been made of."""
    return session.scalars(
        _waiting()
        .where(
            OutboxMail.user_id == user_id,
            OutboxMail.kind.in_(kinds),
            OutboxMail.bundle_id.is_(None),
        )
        .with_for_update()
    ).all()


def waiting_with(session: Session, kind: str, name: str, value: int) -> Sequence[OutboxMail]:
    """Mails of one kind that wait and have a parameter of this value."""
    return session.scalars(
        _waiting()
        .where(OutboxMail.kind == kind, OutboxMail.params[name].as_integer() == value)
        .with_for_update()
    ).all()


def unreported(session: Session, limit: int) -> Sequence[OutboxMail]:
    """Mails that were given up and nobody was told of, locked until the caller commits."""
    return session.scalars(
        select(OutboxMail)
        .where(OutboxMail.given_up_at.is_not(None), OutboxMail.reported_at.is_(None))
        .order_by(OutboxMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


@dataclass(frozen=True, slots=True)
class MailCounts:
    """Mails that have not arrived: those to be sent, those refused so far, those given up."""

    waiting: int
    refused: int
    given_up: int


def mail_counts(session: Session) -> MailCounts:
    waits = and_(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
    counts = session.execute(
        select(
            func.count().filter(waits, OutboxMail.last_error == ""),
            func.count().filter(waits, OutboxMail.last_error != ""),
            func.count().filter(OutboxMail.given_up_at.is_not(None)),
        ).select_from(OutboxMail)
    ).one()
    return MailCounts(*counts)


def troubled_mails(session: Session, limit: int) -> Sequence[OutboxMail]:
    """The newest mails that were refused or came back."""
    return session.scalars(
        select(OutboxMail)
        .where(OutboxMail.last_error != "")
        .order_by(OutboxMail.id.desc())
        .limit(limit)
    ).all()


def outbox(session: Session, limit: int = 50) -> Sequence[OutboxMail]:
    """The newest mails that wait; of others, the text is no longer kept."""
    newest = _waiting().order_by(None).order_by(OutboxMail.id.desc())
    return session.scalars(newest.limit(limit)).all()
