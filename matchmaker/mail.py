"""The way to the mail server."""

from __future__ import annotations

import smtplib
import ssl

from matchmaker.config import Settings


def connect(settings: Settings) -> smtplib.SMTP:
    """Return a signed-in connection.

    Raises OSError or SMTPException when the server cannot be reached or refuses us.
    """
    host, port, timeout = settings.mail_host, settings.mail_port, settings.mail_timeout
    server: smtplib.SMTP
    if settings.mail_tls:
        context = ssl.create_default_context()
        server = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
    try:
        if settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def what_was_said(error: Exception) -> tuple[int, str]:
    """Return the server's code and words; 0 and the error's name where it said nothing."""
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return 0, f"{type(error).__name__}: {error}"
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return code, " ".join(words.split())
