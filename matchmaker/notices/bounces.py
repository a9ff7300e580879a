"""Reports of mail that could not be delivered (RFC 3464), as mail servers return them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message


@dataclass(frozen=True, slots=True)
class Bounce:
    """The Message-ID of a mail that came back, and why, in the words of the server."""

    message_id: str
    words: str


def read(report: EmailMessage) -> Bounce | None:
    """Return what a report says; None for a mail that is no report, or one of a mere delay."""
    fields = [field for part in _parts(report, "message/delivery-status") for field in part]
    failed = next(
        (one for one in fields if one.get("Action", "").strip().lower() == "failed"), None
    )
    message_id = next(_returned_ids(report), None)
    if failed is None or message_id is None:
        return None
    diagnostic = failed.get("Diagnostic-Code", "").partition(";")[2] or failed.get("Status", "")
    return Bounce(message_id.strip(), " ".join(diagnostic.split()))


def _returned_ids(report: EmailMessage) -> Iterator[str]:
    """Yield the Message-ID of the mail that a report returns, whole or its headers alone."""
    for whole in _parts(report, "message/rfc822"):
        for returned in whole:
            if returned["Message-ID"]:
                yield str(returned["Message-ID"])
    for part in report.walk():
        if part.get_content_type() == "text/rfc822-headers":
            for line in part.get_content().splitlines():
                name, _, value = line.partition(":")
                if name.lower() == "message-id":
                    yield value


def _parts(report: EmailMessage, kind: str) -> Iterator[list[Message]]:
    """Yield the messages in each part of one kind."""
    for part in report.walk():
        payload = part.get_payload()
        if part.get_content_type() == kind and isinstance(payload, list):
            yield [inner for inner in payload if isinstance(inner, Message)]
