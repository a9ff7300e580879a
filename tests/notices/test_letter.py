"""What a mail looks like to people, mail programs and mail servers."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.db import now
from matchmaker.notices import service
from matchmaker.notices.letter import message_id, number_of, read_token
from matchmaker.notices.rules import LONGEST_SUBJECT, subject_line
from matchmaker.notices.states import Topic
from matchmaker.organisations.jobs import deliver_mail
from matchmaker.services import services
from tests.factories import UserFactory
from tests.notices.conftest import PARAMS, Postbox

ORDINARY = "listing.published"

PLATFORM = "[East–West Matchmaker] "


def sent(
    session: Session, postbox: Postbox, kind: str = ORDINARY, language: str = "en", **params: str
) -> EmailMessage:
    """Return the mail that somebody gets about something."""
    user = UserFactory(language=language)
    service.notify(session, [user], kind, "/listings/1", **{**PARAMS, **params})
    session.commit()
    assert deliver_mail(session) == 1
    return postbox.mails[-1]


def letter(session: Session, postbox: Postbox, kind: str, **params: str) -> EmailMessage:
    """Return a mail about an account, or to somebody who has none."""
    service.mail(session, "ana@example.org", "en", kind, "/", **{**PARAMS, **params})
    session.commit()
    assert deliver_mail(session) == 1
    return postbox.mails[-1]


def text_of(mail: EmailMessage, half: str) -> str:
    part = mail.get_body((half,))
    assert part is not None
    return str(part.get_content())


def test_a_mail_says_when_it_was_written_and_that_a_machine_wrote_it(
    session: Session, postbox: Postbox
) -> None:
    with time_machine.travel("2026-11-23T08:00:00+00:00", tick=False):
        mail = sent(session, postbox)
        assert parsedate_to_datetime(mail["Date"]) == now()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("zh", "东西部科技合作供需对接平台"),
        ("en", "East–West Matchmaker"),
        ("es", "Plataforma de Cooperación Científica Este-Oeste"),
    ],
)
def test_the_sender_has_the_name_of_the_site_in_the_readers_language(
    session: Session, postbox: Postbox, language: str, name: str
) -> None:
    (address,) = sent(session, postbox, language=language)["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "matchmaker@example.org")


def test_news_can_be_ended_by_one_click(session: Session, postbox: Postbox) -> None:
    mail = sent(session, postbox)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith("http://localhost/unsubscribe/")
    assert link in text_of(mail, "plain")
    assert link in text_of(mail, "html")
    found = read_token(link.rpartition("/")[2])
    assert found is not None
    assert found[1] == [Topic.LISTING]


def test_the_link_travels_in_one_piece(session: Session, postbox: Postbox) -> None:
    """Python's own headers break and encode it, and a mail program finds no link."""
    link = sent(session, postbox)["List-Unsubscribe"]
    assert len(link) > 78
    assert f"\r\nList-Unsubscribe: {link}\r\n".encode() in postbox.raw[0]
    assert all(len(line) < 998 for line in postbox.raw[0].split(b"\r\n"))


@pytest.mark.parametrize("kind", ["account.reset", "account.password_changed", "account.confirm"])
def test_mail_about_the_account_cannot_be_ended(
    session: Session, postbox: Postbox, kind: str
) -> None:
    mail = letter(session, postbox, kind)
    assert "List-Unsubscribe" not in mail
    assert "unsubscribe" not in mail.as_string()


def test_both_halves_say_the_same(session: Session, postbox: Postbox) -> None:
    mail = sent(session, postbox)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for half in ("plain", "html"):
        assert "“锂电池回收” is published" in text_of(mail, half)
        assert "Suggested partners will appear" in text_of(mail, half)
    assert '<html lang="en">' in text_of(mail, "html")


def test_bounces_return_to_an_address_of_their_own(
    session: Session, postbox: Postbox, app: Flask
) -> None:
    settings = services(app).settings
    services(app).settings = replace(settings, mail_bounces_to="bounces@example.org")
    mail = sent(session, postbox)
    assert postbox.senders == ["bounces@example.org"]
    assert mail["From"].addresses[0].addr_spec == "matchmaker@example.org"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("盐湖提锂" * 60, None),
        ("a" * 500, None),
        ("🧪 ñandú 锂", "“🧪 ñandú 锂” is published"),
        ("two\r\nBcc: eva@example.org", "“two Bcc: eva@example.org” is published"),
        ("\u202egnp.elif\u202c", "“gnp.elif” is published"),
        ("nul\x00 \u2066hidden\u2069", "“nul hidden” is published"),
    ],
)
def test_subjects_arrive_in_one_line_without_what_deceives(
    session: Session, postbox: Postbox, title: str, shown: str | None
) -> None:
    mail = sent(session, postbox, title=title)
    assert len(mail["Subject"]) <= LONGEST_SUBJECT
    assert mail["Subject"] == (PLATFORM + shown if shown else mail["Subject"])
    assert "Bcc" not in mail
    if shown is None:
        assert mail["Subject"].startswith(PLATFORM + "“" + title[:50])


def test_a_family_of_emoji_stays_together() -> None:
    assert subject_line("👩\u200d🔬 lab") == "👩\u200d🔬 lab"


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("organisation.first_invitation", "You are invited to join an organisation"),
        ("account.welcome", "An account was opened for you"),
    ],
)
def test_no_words_of_the_unverified_stand_in_a_letters_subject(
    session: Session, postbox: Postbox, kind: str, subject: str
) -> None:
    mail = letter(session, postbox, kind, organisation="BUY NOW", inviter="BUY NOW", name="BUY")
    assert mail["Subject"] == PLATFORM + subject


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("organisation.registered", "An organisation needs verification"),
        ("organisation.checked", "The check of an organisation needs a second curator"),
        (
            "organisation.handed_over",
            "An administrator has decided who manages the account of an organisation",
        ),
    ],
)
def test_no_words_of_the_unverified_stand_in_a_curators_subject(
    session: Session, postbox: Postbox, kind: str, subject: str
) -> None:
    mail = sent(session, postbox, kind, organisation="BUY NOW")
    assert mail["Subject"] == PLATFORM + subject
    assert "BUY NOW" in text_of(mail, "plain")


def test_only_we_can_name_a_mail(app: Flask) -> None:
    settings = services(app).settings
    named = message_id(settings, 17)
    assert number_of(settings, named) == 17
    assert number_of(settings, named.replace("17", "18")) is None
    assert number_of(settings, "<outbox-17@example.org>") is None
