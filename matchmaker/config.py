"""Settings: one table, read from the environment. The README's table is tested against it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated

from matchmaker.errors import ConfigurationError

PREFIX = "MATCHMAKER_"
MIN_SECRET_LENGTH = 32
MIN_SECRET_CHARACTERS = 12
MIN_TOKEN_LENGTH = 16
# Settings that no backup and no page shows.
SECRETS = frozenset(
    {"secret_key", "old_secret_keys", "mail_password", "metrics_token", "oidc_client_secret"}
)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_SAFE_ISSUERS = ("https://", "http://127.0.0.1:", "http://localhost:")  # or on this machine
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices of an installation: an empty `database_url` means SQLite under `home`."""

    home: Annotated[str, "Folder for the SQLite file, the job queue and other state"] = "instance"
    database_url: Annotated[
        str, "SQLAlchemy URL; empty means an SQLite file under the home folder"
    ] = ""
    secret_key: Annotated[str, "Signs sessions and mailed links; at least 32 characters"] = ""
    old_secret_keys: Annotated[
        str,
        "Earlier secret keys, separated by blanks: what they sealed in the audit log still counts",
    ] = ""
    audit_anchors: Annotated[
        str, "File of the audit log's daily anchors; empty means one in the home folder"
    ] = ""
    backup_folder: Annotated[str, "Folder for a backup each night; empty means none"] = ""
    backup_recipients: Annotated[
        str, "Public keys of `age`, separated by blanks, to encrypt backups with; empty means none"
    ] = ""
    backups_kept: Annotated[int, "How many nightly backups are kept"] = 14
    security_days: Annotated[int, "How many days security events are kept"] = 180
    metrics_token: Annotated[
        str, "Bearer token for `/metrics`, at least 16 characters; empty switches it off"
    ] = ""
    demo: Annotated[bool, "Demonstration mode: one-click entry for each role and a banner"] = False
    base_url: Annotated[str, "Address that links in mail start with"] = "http://127.0.0.1:8000"
    secure_cookies: Annotated[bool, "Send cookies over HTTPS only"] = True
    session_idle_minutes: Annotated[int, "Minutes without a request that end a session"] = 120
    session_hours: Annotated[int, "Hours after which a session ends in any case"] = 12
    second_factor: Annotated[
        bool, "Require an authenticator app of curators and administrators"
    ] = True
    oidc_issuer: Annotated[
        str, "OpenID Connect issuer of the institution whose people may sign in; empty means none"
    ] = ""
    oidc_client_id: Annotated[str, "This site's client id there"] = ""
    oidc_client_secret: Annotated[str, "This site's client secret there"] = ""
    oidc_name: Annotated[str, "The institution's name, as its button says it"] = ""
    oidc_domains: Annotated[
        str, "Mail domains that the institution speaks for, separated by blanks"
    ] = ""
    reauthenticate_minutes: Annotated[
        int,
        "Minutes after which identity, roles, contacts and exports ask for the password again;"
        " 0 never asks",
    ] = 30
    proxies: Annotated[int, "How many reverse proxies in front set X-Forwarded-For"] = 0
    mail_host: Annotated[str, "SMTP server; empty keeps mail in the outbox"] = ""
    mail_port: Annotated[int, "SMTP port"] = 25
    mail_user: Annotated[str, "SMTP user name"] = ""
    mail_password: Annotated[str, "SMTP password"] = ""
    mail_starttls: Annotated[bool, "Use STARTTLS, usual on port 587"] = False
    mail_tls: Annotated[bool, "Use TLS from the start, usual on port 465"] = False
    mail_from: Annotated[str, "Address that mail comes from"] = "matchmaker@example.org"
    mail_bounces_to: Annotated[
        str, "Address that undelivered mail returns to; empty means the one it comes from"
    ] = ""
    mail_timeout: Annotated[int, "Seconds to wait for the SMTP server"] = 20
    keep_unconfirmed_days: Annotated[
        int, "Days that unconfirmed registrations and the addresses of ended invitations are kept"
    ] = 30
    keep_mails_days: Annotated[int, "Days that sent and given-up mails are kept"] = 90
    keep_notices_days: Annotated[int, "Days that notices are kept"] = 365
    four_eyes: Annotated[bool, "A second officer confirms verifications and staff roles"] = False
    encoder: Annotated[
        str,
        "A sentence encoder: a module or package, or a folder with `model.onnx`; empty means none",
    ] = ""
    log_level: Annotated[str, "DEBUG, INFO, WARNING or ERROR"] = "INFO"
    max_request_kib: Annotated[int, "Largest request without files accepted, in KiB"] = 2048
    files_quota_mib: Annotated[int, "Files that an organisation may store, in MiB"] = 1024
    clamd: Annotated[
        str, "ClamAV's clamd, which scans files: a socket's path, or `host:port`; empty means none"
    ] = ""

    @property
    def home_path(self) -> Path:
        return Path(self.home).resolve()

    @property
    def old_secrets(self) -> list[str]:
        return self.old_secret_keys.split()

    @property
    def oidc_mail_domains(self) -> list[str]:
        return self.oidc_domains.lower().split()

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home_path / 'matchmaker.sqlite'}"


def from_environment(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read `MATCHMAKER_*` variables.

    Raises ConfigurationError for an unknown name or a value of the wrong type.
    """
    environ = os.environ if environ is None else environ
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, object] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            raise ConfigurationError(f"{variable} is not a setting of matchmaker")
        values[name] = _parse(variable, text, type(known[name].default))
    settings = Settings(**{**values, **overrides})  # type: ignore[arg-type]
    for name in ("keep_unconfirmed_days", "keep_mails_days", "keep_notices_days"):
        if getattr(settings, name) < 1:
            raise ConfigurationError(f"{PREFIX}{name.upper()} must be at least 1")
    if settings.mail_tls and settings.mail_starttls:
        raise ConfigurationError(f"{PREFIX}MAIL_TLS and {PREFIX}MAIL_STARTTLS exclude each other")
    for name in ("mail_from", "mail_bounces_to"):
        address = getattr(settings, name)
        if address and ("@" not in address or parseaddr(address)[1] != address):
            raise ConfigurationError(f"{PREFIX}{name.upper()} must be an e-mail address alone")
    if 0 < len(settings.metrics_token) < MIN_TOKEN_LENGTH:
        raise ConfigurationError(
            f"{PREFIX}METRICS_TOKEN needs at least {MIN_TOKEN_LENGTH} characters"
        )
    _check_oidc(settings)
    if settings.backups_kept < 1:
        raise ConfigurationError(f"{PREFIX}BACKUPS_KEPT must be at least 1")
    if settings.log_level not in LOG_LEVELS:
        raise ConfigurationError(f"{PREFIX}LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}")
    return settings


def _check_oidc(settings: Settings) -> None:
    """Raise ConfigurationError unless the sign-in by an institution is set wholly or not at all."""
    names = [field.name for field in fields(Settings) if field.name.startswith("oidc_")]
    empty = [name for name in names if not getattr(settings, name)]
    if empty and len(empty) < len(names):
        raise ConfigurationError(f"{PREFIX}{empty[0].upper()} is missing: set all of OIDC or none")
    if not empty and not settings.oidc_issuer.startswith(_SAFE_ISSUERS):
        raise ConfigurationError(f"{PREFIX}OIDC_ISSUER must begin with https://")


def _parse(variable: str, text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        raise ConfigurationError(f"{variable} must be yes or no, not {text!r}")
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise ConfigurationError(f"{variable} must be a whole number, not {text!r}")
        return int(text)
    return text


def check_secret(secret: str) -> None:
    """Raise ConfigurationError unless the secret is long and varied enough for signing."""
    if len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < MIN_SECRET_CHARACTERS:
        raise ConfigurationError(
            f"MATCHMAKER_SECRET_KEY is missing or weak: it needs at least {MIN_SECRET_LENGTH}"
            " varied characters. One can be made with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
