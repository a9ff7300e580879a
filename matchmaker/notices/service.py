"""Tell people: a notice and a mail in the outbox, in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.notices import queries, rules
from matchmaker.notices.messages import CATALOGUE, TOPICS, kinds_about
from matchmaker.notices.models import Notice, OutboxMail, Preference
from matchmaker.notices.states import Frequency, Topic
from matchmaker.permissions import Actor


@dataclass(frozen=True, slots=True)
class Choice:
    """How somebody wants to be told about a topic."""

    in_app: bool = True
    mail: str = Frequency.AT_ONCE
    with_words: bool = False


def notify(
    session: Session,
    users: Iterable[User],
    kind: str,
    path: str,
    *,
    concerning: int | None = None,
    at: datetime | None = None,
    **params: Any,
) -> None:
    """Write a notice and a mail for each user, as they have chosen.

    `path` is where the thing is looked at; `params` fill the kind's texts. `concerning`: for which
    of their organisations they are told. A kind without a topic is always told, at once. Raises
    KeyError for an unknown kind.
    """
    _notify(session, list(users), kind, path, params, concerning=concerning, at=moment(at))


def quote(
    session: Session,
    users: Iterable[User],
    kind: str,
    path: str,
    words: Mapping[str, Any],
    *,
    concerning: int | None = None,
    at: datetime | None = None,
    **params: Any,
) -> None:
    """Notify of what somebody wrote, with one notice while the same waits to be read.

    `words` are further params for the mail of those who want to read there what was written.
    """
    people, at = list(users), moment(at)
    _notify(session, people, kind, path, params, words=words, concerning=concerning, at=at)


def invite(
    session: Session,
    user: User,
    kind: str,
    path: str,
    calendar: Mapping[str, str],
    *,
    concerning: int | None = None,
    at: datetime | None = None,
    **params: Any,
) -> None:
    """Notify somebody, with an iCalendar object attached to the mail: its `method` and `text`."""
    at = moment(at)
    _notify(session, [user], kind, path, params, calendar=calendar, concerning=concerning, at=at)


def _notify(
    session: Session,
    users: Sequence[User],
    kind: str,
    path: str,
    params: Mapping[str, Any],
    *,
    calendar: Mapping[str, str] | None = None,
    words: Mapping[str, Any] | None = None,
    concerning: int | None,
    at: datetime,
) -> None:
    topic = TOPICS.get(kind)
    CATALOGUE[kind]
    chosen = queries.preferences_about(session, [user.id for user in users], topic) if topic else {}
    for user in users:
        choice = chosen.get(user.id) or Choice()
        if choice.in_app:
            write = tell if words is None else tell_once
            write(session, user, kind, path, concerning=concerning, at=at, **params)
        if choice.mail != Frequency.OFF:
            mailed = {**params, **(words or {})} if choice.with_words else params
            mail = _queue(session, user, kind, path, choice.mail, at=at, **mailed)
            mail.calendar, mail.organisation_id = dict(calendar or {}), concerning


def tell(
    session: Session,
    user: User,
    kind: str,
    path: str,
    *,
    concerning: int | None = None,
    at: datetime,
    **params: Any,
) -> None:
    """Write a notice alone."""
    session.add(
        Notice(
            user_id=user.id,
            kind=kind,
            params=params,
            path=path,
            organisation_id=concerning,
            created_at=at,
        )
    )


def tell_once(
    session: Session,
    user: User,
    kind: str,
    path: str,
    *,
    concerning: int | None = None,
    at: datetime,
    **params: Any,
) -> None:
    """Write a notice, unless the same waits to be read."""
    waiting = queries.unread_of(session, user.id, kind)
    if all((one.params, one.organisation_id) != (params, concerning) for one in waiting):
        tell(session, user, kind, path, concerning=concerning, at=at, **params)


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


def _queue(
    session: Session,
    user: User,
    kind: str,
    path: str,
    frequency: str,
    *,
    at: datetime,
    **params: Any,
) -> OutboxMail:
    queued = OutboxMail(
        user_id=user.id,
        recipient=user.email,
        language=user.language,
        kind=kind,
        params=params,
        path=path,
        frequency=frequency,
        created_at=at,
        next_attempt_at=rules.due(frequency, at),
    )
    session.add(queued)
    return queued


def choose(
    session: Session,
    actor: Actor,
    choices: Mapping[Topic, Choice],
    *,
    at: datetime | None = None,
) -> None:
    """Keep how the actor wants to be told; mails that wait follow the choice."""
    at = moment(at)
    _choose(session, actor, choices, at=at)
    detail = {
        topic: [choice.in_app, choice.mail, *(["with_words"] if choice.with_words else [])]
        for topic, choice in choices.items()
    }
    audit.record(
        session, actor, "account.choose_notices", "account", actor.user_id, choices=detail, at=at
    )


def unsubscribe(
    session: Session, actor: Actor, topics: Sequence[Topic], *, at: datetime | None = None
) -> None:
    """End mails about some topics, by the link of a mail; notices on the site go on."""
    at = moment(at)
    kept = queries.preferences_of(session, actor.user_id)
    choices = {
        topic: Choice(kept[topic].in_app if topic in kept else True, Frequency.OFF)
        for topic in topics
    }
    _choose(session, actor, choices, at=at)
    audit.record(
        session, actor, "account.unsubscribe", "account", actor.user_id, topics=topics, at=at
    )


def _choose(
    session: Session, actor: Actor, choices: Mapping[Topic, Choice], *, at: datetime
) -> None:
    if actor.user_id is None:
        raise ValueError("a visitor has no preferences")
    for topic, choice in choices.items():
        session.merge(
            Preference(
                user_id=actor.user_id,
                topic=topic,
                in_app=choice.in_app,
                mail=choice.mail,
                with_words=choice.with_words,
            )
        )
        for waiting in queries.waiting_of(session, actor.user_id, kinds_about(topic)):
            if choice.mail == Frequency.OFF:
                session.delete(waiting)
            elif choice.mail != waiting.frequency:
                waiting.frequency = choice.mail
                waiting.next_attempt_at = rules.due(choice.mail, at)
    session.flush()


def take_words_out(session: Session, kind: str, name: str, value: int) -> None:
    """Take what was written out of mails that wait: its author has deleted it.

    `name` and `value`: which words, as `notify` was given them.
    """
    for mail in queries.waiting_with(session, kind, name, value):
        mail.params = {key: text for key, text in mail.params.items() if key not in (name, "words")}


def bounce(session: Session, number: int, words: str, *, at: datetime | None = None) -> int:
    """Note that a mail which was handed over came back; return how many rows it was."""
    at = moment(at)
    came_back = session.execute(
        update(OutboxMail)
        .where(
            OutboxMail.bundle_id == number,
            OutboxMail.sent_at.is_not(None),
            OutboxMail.given_up_at.is_(None),
        )
        .values(given_up_at=at, last_error=words[:300])
    )
    return int(came_back.rowcount)  # type: ignore[attr-defined]


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
