"""The outbox against a real SMTP server."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.codelists import LANGUAGES
from matchmaker.config import Settings
from matchmaker.db import now
from matchmaker.notices import messages, service
from matchmaker.notices.models import OutboxMail
from matchmaker.notices.rules import LEASE, MAX_ATTEMPTS, wait_after
from matchmaker.organisations.jobs import deliver_mail
from matchmaker.services import services
from tests.notices.conftest import PARAMS, Postbox, free_port


def put(
    session: Session,
    recipient: str = "ana@example.org",
    language: str = "en",
    kind: str = "listing.published",
) -> None:
    service.mail(session, recipient, language, kind, "/listings/1", **PARAMS)
    session.commit()


def outbox(session: Session) -> list[OutboxMail]:
    session.expire_all()
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


@pytest.mark.both_databases
def test_a_mail_arrives_as_text_and_html_with_its_link(session: Session, postbox: Postbox) -> None:
    put(session)
    assert deliver_mail(session) == 1
    (mail,) = postbox.mails
    assert mail["To"] == "ana@example.org"
    assert mail["Subject"] == "[East–West Matchmaker] “锂电池回收” is published"
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body is not None
        assert (
            "http://localhost/listings/1" in body.get_content()
            or "http://127.0.0.1:8000/listings/1" in body.get_content()
        )


@pytest.mark.both_databases
def test_a_sent_mail_is_not_sent_again_and_keeps_nothing_private(
    session: Session, postbox: Postbox
) -> None:
    put(session)
    deliver_mail(session)
    deliver_mail(session)
    assert len(postbox.mails) == 1
    (row,) = outbox(session)
    assert row.sent_at is not None
    assert (row.params, row.path, row.calendar) == ({}, "", {})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(messages.CATALOGUE))
def test_every_kind_can_be_written_in_every_language(
    session: Session, postbox: Postbox, kind: str, language: str
) -> None:
    put(session, language=language, kind=kind)
    assert deliver_mail(session) == 1
    assert "%(" not in postbox.mails[0].as_string()


def test_one_refused_recipient_does_not_stop_the_others(session: Session, postbox: Postbox) -> None:
    postbox.refused.add("gone@example.org")
    put(session, "gone@example.org")
    put(session, "ana@example.org")
    assert deliver_mail(session) == 1
    assert [mail["To"] for mail in postbox.mails] == ["ana@example.org"]
    assert outbox(session)[0].last_error == "550 no such person"


@pytest.mark.parametrize(
    ("answer", "given_up"),
    [
        ("550 5.1.1 no such person", True),
        ("553 no such mailbox", True),
        ("554 5.7.1 relay access denied", False),
        ("450 4.2.0 greylisted", False),
        ("452 mailbox full", False),
    ],
)
def test_what_is_refused_for_good_is_given_up_with_the_servers_words(
    session: Session, postbox: Postbox, answer: str, given_up: bool
) -> None:
    postbox.answer = answer
    postbox.refused.add("gone@example.org")
    put(session, "gone@example.org")
    deliver_mail(session)
    (mail,) = outbox(session)
    assert (mail.given_up_at is not None, mail.last_error) == (given_up, answer)
    assert (mail.params == {}) is given_up, "what nobody will send holds no link"


def test_a_server_that_closes_leaves_the_others_untried(session: Session, postbox: Postbox) -> None:
    postbox.answer = "421 4.3.2 shutting down"
    postbox.refused.add("first@example.org")
    for recipient in ("first@example.org", "second@example.org"):
        put(session, recipient)
    assert deliver_mail(session) == 0
    assert [(mail.attempts, mail.given_up_at) for mail in outbox(session)] == [(1, None), (0, None)]


def test_a_mail_is_given_up_after_a_dozen_tries(session: Session, postbox: Postbox) -> None:
    postbox.answer = "450 later"
    postbox.refused.add("gone@example.org")
    put(session, "gone@example.org")
    start = now()
    for tick in range(MAX_ATTEMPTS + 2):
        with time_machine.travel(start + tick * timedelta(hours=7), tick=False):
            deliver_mail(session)
    (mail,) = outbox(session)
    assert (mail.attempts, mail.given_up_at is not None) == (MAX_ATTEMPTS, True)


def test_a_dead_server_loses_nothing_and_the_mail_goes_out_once_it_is_back(
    session: Session, app: Flask, postbox: Postbox
) -> None:
    alive = services(app).settings
    services(app).settings = replace(alive, mail_port=free_port())
    put(session)
    assert deliver_mail(session) == 0
    services(app).settings = alive
    assert deliver_mail(session) == 0, "it waits before the second try"
    with time_machine.travel(now() + wait_after(1) + timedelta(seconds=1), tick=False):
        assert deliver_mail(session) == 1


def test_a_hung_server_holds_no_transaction_open(session: Session, app: Flask) -> None:
    with socket.socket() as silent:  # takes connections and never says a word
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        settings = services(app).settings
        services(app).settings = replace(
            settings, mail_host="127.0.0.1", mail_port=port, mail_timeout=1
        )
        put(session)
        try:
            assert deliver_mail(session) == 0
        finally:
            services(app).settings = settings
    (row,) = outbox(session)
    assert (row.sent_at, row.attempts) == (None, 0)


@pytest.mark.both_databases
def test_a_long_outage_loses_no_mail(session: Session, app: Flask, postbox: Postbox) -> None:
    alive = services(app).settings
    services(app).settings = replace(alive, mail_port=free_port())
    recipients = [f"p{number}@example.org" for number in range(20)]
    for recipient in recipients:
        put(session, recipient)
    start = now()
    for tick in range(2 * MAX_ATTEMPTS):
        with time_machine.travel(start + tick * LEASE * 1.01, tick=False):
            assert deliver_mail(session) == 0
    services(app).settings = alive
    with time_machine.travel(start + timedelta(days=3), tick=False):
        assert deliver_mail(session) == 20
    assert [mail["To"] for mail in postbox.mails] == recipients


def test_a_mail_that_cannot_be_written_does_not_stop_the_others(
    session: Session, postbox: Postbox
) -> None:
    session.add(
        service_mail := OutboxMail(
            recipient="ana@example.org", language="en", kind="gone", params={}, path="/"
        )
    )
    service_mail.created_at = service_mail.next_attempt_at = now()
    put(session, "bo@example.org")
    assert deliver_mail(session) == 1
    assert [mail["To"] for mail in postbox.mails] == ["bo@example.org"]
    assert outbox(session)[0].attempts == 1


def test_an_address_the_server_cannot_take_does_not_stop_the_others(
    session: Session, app: Flask
) -> None:
    handler = Postbox()
    old = Controller(handler, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
    old.start()
    settings: Settings = services(app).settings
    services(app).settings = replace(settings, mail_host="127.0.0.1", mail_port=old.port)
    put(session, "张@example.org")
    put(session, "bo@example.org")
    try:
        assert deliver_mail(session) == 1
    finally:
        old.stop()
        services(app).settings = settings
    assert [mail["To"] for mail in handler.mails] == ["bo@example.org"]


def test_without_a_mail_server_the_outbox_waits(session: Session) -> None:
    put(session)
    assert deliver_mail(session) == 0
    assert outbox(session)[0].attempts == 0


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (8, 128), (MAX_ATTEMPTS, 360)]
)
def test_waiting_doubles_up_to_six_hours(attempts: int, minutes: int) -> None:
    assert wait_after(attempts) == timedelta(minutes=minutes)


def test_every_kind_has_a_topic_but_those_that_cannot_be_turned_off() -> None:
    without = {kind for kind in messages.CATALOGUE if kind not in messages.TOPICS}
    assert {kind for kind in without if not kind.startswith("account.")} == {
        "organisation.invitation",
        "organisation.first_invitation",
        "organisation.handed_over",
        "organisation.person_asked",
        "organisation.take_over",
        "organisation.claim_asked",
        "organisation.claim_contact",
        "organisation.claim_ended",
        "organisation.claim_granted",
        "organisation.claim_approved",
        "organisation.claim_refused",
        "organisation.claim_question",
        "mail.undelivered",
    }
