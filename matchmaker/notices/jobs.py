"""Deliver the outbox. No transaction is open while a mail server is spoken to: it may hang.

A mail is leased, sent, and marked as sent. Where a process dies between the last two, nobody knows
whether the server took the mail, and it is sent again once the lease has run out. SMTP allows no
better without losing mail. So the second one has the same parts and the same Message-ID, by which
mail servers and programs drop the double.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Collection, Mapping, Sequence
from logging import ERROR, WARNING

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.config import Settings
from matchmaker.db import now
from matchmaker.mail import connect, what_was_said
from matchmaker.notices import queries, rules
from matchmaker.notices.letter import Due, Item, compose
from matchmaker.notices.models import OutboxMail
from matchmaker.notices.rules import BUNDLE_WITHIN, LEASE, MAX_ATTEMPTS, wait_after
from matchmaker.notices.states import Frequency
from matchmaker.services import services

# (person, organisation) → its name, for those who belong to several.
Pairs = Collection[tuple[int, int]]
Naming = Callable[[Session, Pairs], Mapping[tuple[int, int], str]]

log = structlog.get_logger()
BATCH = 50
# A slow server must not keep us beyond the lease: another worker would send the rest once more.
SENDING_TIME = LEASE / 2
# What a server says of one mail; after anything else the connection is of no more use.
OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError)
SERVICE_CLOSES = 421
# What a mail says is not kept longer than it is needed.
_FORGOTTEN: Mapping[str, object] = {"params": {}, "path": "", "calendar": {}}

# Sent by this process, while the database could not be told. They are not sent again.
_handed_over: set[int] = set()


def deliver_mail(session: Session, naming: Naming) -> int:
    """Send what is due, and return how many; a failed mail is tried again, a dozen times at most.

    A failure is what is wrong with the mail itself. While no server can be reached, everything
    waits.
    """
    settings: Settings = services().settings
    sent = 0
    _record_handed_over(session)
    while settings.mail_host and (batch := _lease(session, naming)) is not None:
        done = _send(settings, session, batch)
        sent += done
        if done < len(batch):
            break  # the server has trouble: leave the rest to the next run
    return sent


def _lease(session: Session, naming: Naming) -> list[Due] | None:
    """Take some due mails for ourselves, for as long as the slowest server could need.

    Where somebody has just had a mail of the same kind, the next waits, to leave with those that
    follow. None when nothing is due.
    """
    at = now()
    rows = queries.due_mails(session, at, BATCH)
    people = {row.user_id for row in rows if row.user_id is not None}
    recent = queries.last_news(session, people, at - BUNDLE_WITHIN) if people else {}
    names = naming(session, _concerned(rows))
    batch = []
    for bundle in rules.bundles(rows):
        first = bundle[0]
        last = recent.get((first.user_id, first.kind))
        if last is not None and first.bundle_id is None and first.frequency == Frequency.AT_ONCE:
            for row in bundle:
                row.next_attempt_at = last + BUNDLE_WITHIN
            continue
        for row in bundle:
            row.bundle_id = first.bundle_id or first.id
            row.next_attempt_at = at + LEASE
            row.attempts += 1
        batch.append(_as_values(bundle, names))
    session.commit()
    return batch if rows else None


def _concerned(rows: Sequence[OutboxMail]) -> Pairs:
    return {
        (row.user_id, row.organisation_id)
        for row in rows
        if row.user_id is not None and row.organisation_id is not None
    }


def _as_values(bundle: Sequence[OutboxMail], names: Mapping[tuple[int, int], str]) -> Due:
    first, newest = bundle[0], bundle[-1]
    return Due(
        id=first.bundle_id or first.id,
        attempts=first.attempts,
        user_id=first.user_id,
        recipient=newest.recipient,
        language=newest.language,
        frequency=first.frequency,
        items=tuple(_item(row, names) for row in bundle),
    )


def _item(row: OutboxMail, names: Mapping[tuple[int, int], str]) -> Item:
    """Return what a row tells of; for a person of several organisations, it names the one."""
    name = names.get((row.user_id or 0, row.organisation_id or 0), "")
    concerned = row.organisation_id if name else None
    return Item(row.kind, row.params, row.path, row.calendar, concerned, name)


def _send(settings: Settings, session: Session, batch: list[Due]) -> int:
    """Send over one connection, and return how many; one recipient does not stop the others."""
    if not batch:
        return 0
    sent, started = 0, now()
    try:
        server = connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        _give_back(session, batch, error)
        return 0
    try:
        for tried, due in enumerate(batch, start=1):
            if now() - started > SENDING_TIME:
                _give_back(session, batch[tried - 1 :], TimeoutError("the server is slow"))
                break
            try:
                server.send_message(
                    compose(settings, due), from_addr=settings.mail_bounces_to or None
                )
            except (OSError, smtplib.SMTPException) as error:
                _failed(session, due, error)
                if not _is_of_one_mail(error):
                    _give_back(session, batch[tried:], error)
                    break
            except (
                Exception
            ) as error:  # a mail that cannot be written must not hold up those behind it
                _failed(session, due, error)
            else:
                _handed_over.add(due.id)
                _record_handed_over(session)
                sent += 1
    finally:
        _hang_up(server)
    return sent


def _is_of_one_mail(error: Exception) -> bool:
    return isinstance(error, OF_ONE_MAIL) and what_was_said(error)[0] != SERVICE_CLOSES


def _record_handed_over(session: Session) -> None:
    done = tuple(_handed_over)
    if not done:
        return
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.bundle_id.in_(done))
        .values(sent_at=now(), last_error="", **_FORGOTTEN)
    )
    session.commit()
    _handed_over.difference_update(done)


def _give_back(session: Session, batch: list[Due], error: Exception) -> None:
    """Put untried mails back until the server returns: that is no try of theirs."""
    log.warning("mail.server_unavailable", waiting=len(batch), error=type(error).__name__)
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.bundle_id.in_([due.id for due in batch]))
        .values(attempts=OutboxMail.attempts - 1, next_attempt_at=now() + wait_after(1))
    )
    session.commit()


def _failed(session: Session, due: Due, error: Exception) -> None:
    """Keep the server's words; what it refuses for good, or too often, is given up."""
    code, words = what_was_said(error)
    refused = isinstance(error, OF_ONE_MAIL) and (not code or rules.is_final(code, words))
    given_up = refused or due.attempts >= MAX_ATTEMPTS
    log.log(
        ERROR if given_up else WARNING,
        "mail.failed",
        mail=due.id,
        given_up=given_up,
        error=type(error).__name__,
    )
    values: dict[str, object] = {"last_error": f"{code or ''} {words}".strip()[:300]}
    if given_up:  # what it holds may sign somebody in
        values |= {"given_up_at": now(), **_FORGOTTEN}
    else:
        values["next_attempt_at"] = now() + wait_after(due.attempts)
    session.execute(update(OutboxMail).where(OutboxMail.bundle_id == due.id).values(**values))
    session.commit()


def _hang_up(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
