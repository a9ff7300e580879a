"""The way to the mail server."""

from __future__ import annotations

import smtplib
import ssl

from matchmaker.config import Settings


def connect(settings: Settings) -> smtplib.SMTP:
    """Return a signed-in connection.

    Raises OSError or SMTPException when the server cannot be reached or refuses us.
    """
    server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=settings.mail_timeout)
    try:
        if settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server
