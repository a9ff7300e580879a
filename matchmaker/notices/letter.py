"""A mail as people and mail servers read it: headers, two halves, signed links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from flask import current_app, render_template
from flask_babel import force_locale, gettext
from itsdangerous import BadSignature, Signer, URLSafeSerializer

from matchmaker.config import Settings
from matchmaker.db import now
from matchmaker.notices import messages
from matchmaker.notices.grounds import grounds
from matchmaker.notices.rules import subject_line
from matchmaker.notices.states import Frequency, Topic
from matchmaker.web.i18n import HTML_LANG, LOCALES

MOST_ITEMS = 100  # of a mail; the rest are on the page of notices
UNSUBSCRIBE = "/unsubscribe/"
PREFERENCES = "/notices/preferences"
ACTING = "/acting"
# The links of these say themselves who answers, and for which organisation.
SIGNED_LINKS = frozenset(
    {
        "listing.expired",
        "listing.deadline_near",
        "listing.still_open",
        "listing.unanswered",
        "outcome.follow_up",
    }
)


class LinkHeader(UnstructuredHeader, BaseHeader):
    """A header that stays in one piece: a long link would be broken and encoded, and be none."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("List-Unsubscribe", LinkHeader)
POLICY = EmailPolicy(header_factory=_headers)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a mail tells of."""

    kind: str
    params: dict[str, Any]
    path: str
    calendar: Mapping[str, str] = field(default_factory=dict)
    # Which of the reader's several organisations it concerns, and its name.
    organisation_id: int | None = None
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A mail as plain values, so that none of it needs the database while it is sent."""

    id: int
    attempts: int
    user_id: int | None
    recipient: str
    language: str
    frequency: str
    items: tuple[Item, ...]


def compose(settings: Settings, due: Due) -> EmailMessage:
    """Return the mail: plain text that stands alone, and the same as HTML."""
    with force_locale(LOCALES[due.language]):
        base = settings.base_url.rstrip("/")
        leave = _unsubscribe_path(due)
        shown = due.items[:MOST_ITEMS]
        of_one = len({item.organisation for item in shown}) == 1
        context = {
            "title": _title(due),
            "entries": [_entry(item, due.language, base, named=not of_one) for item in shown],
            "more": len(due.items) - len(shown),
            "grounds": grounds(
                (item.kind for item in shown), shown[0].organisation if of_one else ""
            ),
            "notices": f"{base}/notices",
            "preferences": base + PREFERENCES,
            "unsubscribe": base + leave if leave else "",
            "lang": HTML_LANG[due.language],
        }
        message = EmailMessage(POLICY)
        platform = gettext("East–West Matchmaker")
        subject = gettext("[%(platform)s] %(subject)s", platform=platform, subject=_subject(due))
        message["Subject"] = subject_line(subject)
        message["From"] = Address(platform, addr_spec=settings.mail_from)
        message["To"] = due.recipient
        message["Date"] = format_datetime(now())
        # The same for every try, so that a mail delivered twice can be recognised.
        message["Message-ID"] = message_id(settings, due.id)
        message["Auto-Submitted"] = "auto-generated"
        if leave:
            message["List-Unsubscribe"] = f"<{base}{leave}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(render_template("notices/mail.txt", **context))
        message.add_alternative(render_template("notices/mail.html", **context), subtype="html")
        for item in shown:
            if item.calendar:
                _attach(message, item.calendar)
        message["Content-Language"] = HTML_LANG[due.language]
    return message


def _attach(message: EmailMessage, calendar: Mapping[str, str]) -> None:
    """Attach a calendar entry in the way that mail programs offer to take it over (RFC 6047)."""
    message.add_attachment(
        calendar["text"],
        subtype="calendar",
        params={"method": calendar["method"]},
        filename="meeting.ics",
    )


def _title(due: Due) -> str:
    """Return the heading: what happened, or how much did."""
    first = due.items[0]
    number = len(due.items)
    if due.frequency == Frequency.DAILY:
        return messages.daily(number)
    if due.frequency == Frequency.WEEKLY:
        return messages.weekly(number)
    return messages.and_more(messages.subject(first.kind, first.params, due.language), number)


def _subject(due: Due) -> str:
    """Return the heading without words of people whom nobody has verified."""
    first = due.items[0]
    if due.frequency in (Frequency.DAILY, Frequency.WEEKLY):
        return _title(due)
    subject = messages.mail_subject(first.kind, first.params, due.language)
    return messages.and_more(subject, len(due.items))


def _unsubscribe_path(due: Due) -> str:
    """Return the path that ends mails like this, or "" for a mail that cannot be turned off."""
    topics = messages.topics(item.kind for item in due.items)
    if due.user_id is None or not topics:
        return ""
    return UNSUBSCRIBE + make_token(due.user_id, topics)


def _entry(item: Item, language: str, base: str, *, named: bool) -> dict[str, Any]:
    """Return one thing of a mail. `named`: with its organisation, where they differ."""
    text = messages.CATALOGUE[item.kind]
    return {
        "title": messages.subject(item.kind, item.params, language),
        "body": messages.body(item.kind, item.params, language),
        "links": [
            (str(words), base + _path(item, answer))
            for answer, words in text.answers or (("", text.action),)
        ],
        "organisation": item.organisation if named else "",
    }


def _path(item: Item, answer: str) -> str:
    """Return where a link leads: where needed by way of the choice of whom one acts for."""
    path = item.path + answer
    if item.organisation_id is None or item.kind in SIGNED_LINKS:
        return path
    return f"{ACTING}?organisation={item.organisation_id}&next={quote(path)}"


def message_id(settings: Settings, number: int) -> str:
    """Return the mail's identifier. It is signed: nobody else can say that a mail bounced."""
    signed = _signer(settings).sign(str(number)).decode()
    return f"<outbox-{signed}@{settings.mail_from.rpartition('@')[2]}>"


def number_of(settings: Settings, identifier: str) -> int | None:
    """Return the number of the mail with this Message-ID, or None when it is not one of ours."""
    local = identifier.strip().strip("<>").rpartition("@")[0]
    try:
        return int(_signer(settings).unsign(local.removeprefix("outbox-")))
    except BadSignature:
        return None


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_key, salt="matchmaker.message-id", sep=".")


def make_token(user_id: int, topics: Iterable[Topic]) -> str:
    """Return what lets the holder of a mail, and nobody else, end mails like it."""
    return _unsubscribing().dumps([user_id, [str(topic) for topic in topics]])


def read_token(token: str) -> tuple[int, list[Topic]] | None:
    """Return whose mails about what a token ends, or None when it is not one of ours."""
    try:
        user_id, topics = _unsubscribing().loads(token)
        return int(user_id), [Topic(topic) for topic in topics]
    except (BadSignature, ValueError):
        return None


def _unsubscribing() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="matchmaker.unsubscribe")
