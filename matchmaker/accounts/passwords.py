"""Password hashes: argon2id. The application's ARGON2 setting may make them cheap, for tests."""

from __future__ import annotations

from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from matchmaker.accounts.rules import normalised_password

NONE = "!"  # no password: nothing hashes to it


def hash_password(password: str) -> str:
    return _hasher().hash(normalised_password(password))


def matches(stored: str | None, password: str) -> bool:
    """Return whether it is the stored password.

    Where there is none, the answer takes as long, and is no.
    """
    known = stored is not None and stored != NONE
    try:
        _hasher().verify(
            stored if stored is not None and known else _nobodys(), normalised_password(password)
        )
    except (VerificationError, InvalidHashError):
        return False
    return known


def is_outdated(stored: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def _hasher() -> PasswordHasher:
    return _make(tuple(sorted(current_app.config.get("ARGON2", {}).items())))


def _nobodys() -> str:
    return _hash_of_nobody(_hasher())


@cache
def _make(parameters: tuple[tuple[str, Any], ...]) -> PasswordHasher:
    return PasswordHasher(**dict(parameters))


@cache
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody's password")
