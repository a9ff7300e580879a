from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts import queries as accounts
from matchmaker.db import now, today
from matchmaker.notices import jobs as outbox
from matchmaker.notices import queries as mails
from matchmaker.notices import service as notices
from matchmaker.organisations import belonging, identity, queries, rules

UNDELIVERED = "mail.undelivered"
REPORTED_AT_A_TIME = 100


def deliver_mail(session: Session) -> int:
    """Send what is due; a person of several organisations reads which one it concerns."""
    return outbox.deliver_mail(session, belonging.names_for_people_of_several)


def lapse_verifications(session: Session) -> int:
    """Verifications lapse on the day after they run out; the number that did. Owners are told."""
    lapsed = queries.lock_lapsed(session, today())
    for organisation in lapsed:
        identity.lapse(session, organisation)
    session.commit()
    return len(lapsed)


def warn_of_lapses(session: Session) -> int:
    """Warn owners 30 and 7 days before their verification ends; return how many were."""
    at, day = now(), today()
    soon = queries.lock_expiring(session, day, day + timedelta(days=max(rules.LAPSE_WARNINGS)))
    warned = 0
    for organisation in soon:
        until = organisation.verified_until
        days = rules.lapse_warning(until, organisation.lapse_warning, day) if until else None
        if days is not None:
            identity.warn_of_lapse(session, organisation, days, at=at)
            warned += 1
    session.commit()
    return warned


def report_undelivered(session: Session) -> int:
    """Tell people on the site which addresses mail does not reach, and the mail server's words.

    Those are the owners of the organisation, and the person: a notice is all they can be told by.
    Return how many mails that was about.
    """
    at = now()
    given_up = mails.unreported(session, REPORTED_AT_A_TIME)
    for mail in given_up:
        params: dict[str, Any] = {"address": mail.recipient, "words": mail.last_error}
        owners = belonging.concerned_by_address(session, mail.recipient, at)
        person = accounts.user_by_email(session, mail.recipient)
        for user in owners:
            notices.tell_once(session, user, UNDELIVERED, "/organisation", at=at, **params)
        if person is not None and person.may_sign_in and person not in owners:
            notices.tell_once(session, person, UNDELIVERED, "/account", at=at, **params)
        mail.reported_at = at
    session.commit()
    return len(given_up)
