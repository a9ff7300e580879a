"""Mails about an account, as values: accounts stand left of notices, so others post them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matchmaker.accounts.models import User


@dataclass(frozen=True, slots=True)
class Letter:
    """`kind` is of the catalogue of messages; `params` fill its texts."""

    recipient: str
    language: str
    kind: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)


def confirm(user: User, path: str) -> Letter:
    return Letter(user.email, user.language, "account.confirm", path)


def exists(user: User, path: str) -> Letter:
    return Letter(user.email, user.language, "account.exists", path)


def reset(user: User, path: str) -> Letter:
    return Letter(user.email, user.language, "account.reset", path)


def welcome(user: User, path: str) -> Letter:
    return Letter(user.email, user.language, "account.welcome", path, {"name": user.name})


def erased(user: User) -> Letter:
    return Letter(user.email, user.language, "account.erased", "/")


def password_changed(user: User, path: str) -> Letter:
    return Letter(user.email, user.language, "account.password_changed", path)
