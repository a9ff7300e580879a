"""Encrypted ways to a real mail server, whose certificate is checked."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.config import from_environment
from matchmaker.errors import ConfigurationError
from matchmaker.notices import service
from matchmaker.organisations.jobs import deliver_mail
from matchmaker.services import services
from tests.notices.conftest import Postbox, free_port

CERTIFICATE = Path(__file__).with_name("localhost.pem")  # for tests alone, with its key


@contextmanager
def server_with(way: str) -> Iterator[tuple[Postbox, int]]:
    """Run a mail server that wants TLS from the start, or STARTTLS before any mail."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    ways = {
        "tls": {"ssl_context": context},
        "starttls": {"tls_context": context, "require_starttls": True},
    }
    handler = Postbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **ways[way])
    controller.start()
    yield handler, controller.port
    controller.stop()


@pytest.mark.parametrize(
    ("way", "trusted", "delivered"),
    [("tls", True, 1), ("starttls", True, 1), ("tls", False, 0), ("starttls", False, 0)],
)
def test_mail_goes_by_tls_to_a_server_that_is_who_it_says(
    session: Session,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    *,
    way: str,
    trusted: bool,
    delivered: int,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    settings = services(app).settings
    service.mail(session, "ana@example.org", "en", "account.exists", "/")
    session.commit()
    with server_with(way) as (postbox, port):
        services(app).settings = replace(
            settings,
            mail_host="127.0.0.1",
            mail_port=port,
            mail_tls=way == "tls",
            mail_starttls=way == "starttls",
        )
        try:
            assert deliver_mail(session) == delivered
        finally:
            services(app).settings = settings
    assert len(postbox.mails) == delivered


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        ({"MATCHMAKER_MAIL_TLS": "yes", "MATCHMAKER_MAIL_STARTTLS": "yes"}, "exclude each other"),
        ({"MATCHMAKER_MAIL_FROM": "The site <a@example.org>"}, "MAIL_FROM must be an e-mail"),
        ({"MATCHMAKER_MAIL_BOUNCES_TO": "nobody"}, "MAIL_BOUNCES_TO must be an e-mail"),
    ],
)
def test_settings_that_no_mail_could_leave_by_are_refused(
    environ: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        from_environment(environ)
