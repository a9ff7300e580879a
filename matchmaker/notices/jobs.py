"""Deliver the outbox. No transaction is open while a mail server is spoken to: it may hang."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from logging import ERROR, WARNING
from typing import Any

import structlog
from flask import render_template
from flask_babel import force_locale
from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.config import Settings
from matchmaker.db import now
from matchmaker.mail import connect
from matchmaker.notices import messages
from matchmaker.notices.models import OutboxMail
from matchmaker.notices.queries import due_mails
from matchmaker.notices.rules import LEASE, MAX_ATTEMPTS, wait_after
from matchmaker.services import services
from matchmaker.web.i18n import HTML_LANG, LOCALES

log = structlog.get_logger()
BATCH = 50
# What a server says of one mail; after anything else the connection is of no more use.
OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError)


@dataclass(frozen=True, slots=True)
class Due:
    """A mail as plain values, so that none of it needs the database while it is sent."""

    id: int
    attempts: int
    recipient: str
    language: str
    kind: str
    params: dict[str, Any]
    path: str


def deliver_mail(session: Session) -> int:
    """Send what is due, and return how many; a failed mail is tried again, a dozen times at most.

    A failure is what is wrong with the mail itself. While no server can be reached, everything
    waits.
    """
    settings: Settings = services().settings
    sent = 0
    while settings.mail_host and (batch := _lease(session)):
        done = _send(settings, session, batch)
        sent += done
        if done < len(batch):
            break  # the server has trouble: leave the rest to the next run
    return sent


def _lease(session: Session) -> list[Due]:
    """Take some due mails for ourselves, for as long as the slowest server could need."""
    mails = due_mails(session, now(), BATCH)
    for mail in mails:
        mail.next_attempt_at = now() + LEASE
        mail.attempts += 1
    batch = [
        Due(m.id, m.attempts, m.recipient, m.language, m.kind, m.params, m.path) for m in mails
    ]
    session.commit()
    return batch


def _send(settings: Settings, session: Session, batch: list[Due]) -> int:
    """Send over one connection, and return how many; one recipient does not stop the others."""
    sent = 0
    try:
        server = connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        _give_back(session, batch, error)
        return 0
    try:
        for tried, due in enumerate(batch, start=1):
            try:
                server.send_message(compose(settings, due))
            except (OSError, smtplib.SMTPException) as error:
                _failed(session, due, error)
                if not isinstance(error, OF_ONE_MAIL):
                    _give_back(session, batch[tried:], error)
                    break
            except (
                Exception
            ) as error:  # a mail that cannot be written must not hold up those behind it
                _failed(session, due, error)
            else:
                _delivered(session, due)
                sent += 1
    finally:
        _hang_up(server)
    return sent


def compose(settings: Settings, due: Due) -> EmailMessage:
    """The mail as a person reads it: plain text that stands alone, and the same as HTML."""
    with force_locale(LOCALES[due.language]):
        text = messages.CATALOGUE[due.kind]
        context = {
            "subject": messages.subject(due.kind, due.params, due.language),
            "body": messages.body(due.kind, due.params, due.language),
            "action": str(text.action),
            "link": settings.base_url.rstrip("/") + due.path,
            "lang": HTML_LANG[due.language],
        }
        message = EmailMessage()
        message["Subject"] = " ".join(context["subject"].split())
        message["From"] = settings.mail_from
        message["To"] = due.recipient
        # The same for every try, so that a mail delivered twice can be recognised.
        message["Message-ID"] = f"<outbox-{due.id}@{settings.mail_from.rpartition('@')[2]}>"
        message.set_content(render_template("notices/mail.txt", **context))
        message.add_alternative(render_template("notices/mail.html", **context), subtype="html")
    return message


def _delivered(session: Session, due: Due) -> None:
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == due.id)
        .values(sent_at=now(), params={}, path="", last_error="")
    )
    session.commit()


def _give_back(session: Session, batch: list[Due], error: Exception) -> None:
    """Put untried mails back until the server returns: that is no try of theirs."""
    log.warning("mail.server_unavailable", waiting=len(batch), error=type(error).__name__)
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id.in_([due.id for due in batch]))
        .values(attempts=OutboxMail.attempts - 1, next_attempt_at=now() + wait_after(1))
    )
    session.commit()


def _failed(session: Session, due: Due, error: Exception) -> None:
    given_up = due.attempts >= MAX_ATTEMPTS
    log.log(
        ERROR if given_up else WARNING,
        "mail.failed",
        mail=due.id,
        given_up=given_up,
        error=type(error).__name__,
    )
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == due.id)
        .values(
            next_attempt_at=now() + wait_after(due.attempts),
            last_error=f"{type(error).__name__}: {error}"[:300],
        )
    )
    session.commit()


def _hang_up(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
