"""Mails about an account, as values: accounts stand left of notices, so others post them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.accounts.rules import Place


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


def new_sign_in(user: User, place: Place, at: datetime, path: str) -> Letter:
    params = {"time": at.isoformat(), "address": place.address, "browser": place.browser or "?"}
    return Letter(user.email, user.language, "account.new_sign_in", path, params)


def factor_confirmed(user: User, path: str) -> Letter:
    return Letter(user.email, user.language, "account.factor_confirmed", path)


def factor_removed(user: User, path: str) -> Letter:
    return Letter(user.email, user.language, "account.factor_removed", path)


def factor_reset(user: User, path: str) -> Letter:
    return Letter(user.email, user.language, "account.factor_reset", path)


def sign_in_linked(user: User, institution: str, path: str) -> Letter:
    params = {"institution": institution}
    return Letter(user.email, user.language, "account.sign_in_linked", path, params)


def sign_in_unlinked(user: User, institution: str, path: str) -> Letter:
    params = {"institution": institution}
    return Letter(user.email, user.language, "account.sign_in_unlinked", path, params)


def recovery_code_used(user: User, left: int, path: str) -> Letter:
    return Letter(user.email, user.language, "account.recovery_code_used", path, {"number": left})


def change_email(user: User, address: str, path: str) -> Letter:
    """To the new address, which has to prove itself."""
    return Letter(address, user.language, "account.change_email", path)


def email_changed(user: User, former: str, path: str) -> Letter:
    """To the former address, with the way back."""
    return Letter(former, user.language, "account.email_changed", path, {"email": user.email})
