"""A real mail server that keeps what it is sent."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from matchmaker.config import Settings
from matchmaker.services import services

PARAMS = {
    "days": 180,
    "name": "Ana",
    "organisation": "高原企业",
    "merged": "高原企业分公司",
    "inviter": "Ana",
    "institution": "示例大学",
    "role": "editor",
    "until": "2027-01-01",
    "note": "请补充。",
    "title": "锂电池回收",
    "partner": "Recycling line",
    "need": "需求",
    "capability": "Capability",
    "reason": "no_capacity",
    "end_reason": "no_progress",
    "status": "negotiating",
    "address": "ana@example.org",
    "words": "550 no such person",
    "time": "2026-11-23T08:00:00+00:00",
    "browser": "Firefox",
    "email": "ana.new@example.org",
    "number": 9,
    "measure": "contract_value",
    "search": "brine",
    "agreement_end_reason": "mutual",
}


class Postbox:
    """A mail server's handler: keeps mail, and refuses the recipients it is told to refuse."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.answer = "550 no such person"
        self.senders: list[str] = []
        self.raw: list[bytes] = []
        self.on_mail: Callable[[], object] = lambda: None

    async def handle_RCPT(
        self, server: object, session: object, envelope: object, address: str, options: object
    ) -> str:
        if address in self.refused:
            return self.answer
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.on_mail()
        self.raw.append(envelope.content)  # type: ignore[attr-defined]
        self.senders.append(envelope.mail_from)  # type: ignore[attr-defined]
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[attr-defined, arg-type]
        return "250 OK"


@pytest.fixture
def postbox(app: Flask) -> Iterator[Postbox]:
    handler = Postbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings: Settings = services(app).settings
    services(app).settings = replace(settings, mail_host="127.0.0.1", mail_port=controller.port)
    yield handler
    controller.stop()
    services(app).settings = settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
