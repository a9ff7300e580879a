"""Signed links for mails. Each is bound to what it may change, so that doing so ends it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from matchmaker.accounts import queries
from matchmaker.accounts.models import User

CONFIRM, RESET, WELCOME = "confirm", "reset", "welcome"
CHANGE, REVERT = "change", "revert"  # of the e-mail address
GOOD_FOR = {
    CONFIRM: timedelta(days=2),
    RESET: timedelta(hours=1),
    WELCOME: timedelta(days=14),
    CHANGE: timedelta(days=1),
    REVERT: timedelta(days=7),
}


def make(purpose: str, user: User, address: str = "") -> str:
    """Return a token. The address is the one that CHANGE and REVERT give the user."""
    return _signer(purpose).dumps([user.id, _state(purpose, user), address])


def read(session: Session, token: str, *purposes: str, lock: bool = False) -> User | None:
    """Return the user of a link that is ours, young enough and not used up.

    `lock` holds the user's row until the commit: of several who send one link, one is first.
    """
    return read_with_address(session, token, *purposes, lock=lock)[0]


def read_with_address(
    session: Session, token: str, *purposes: str, lock: bool = False
) -> tuple[User | None, str]:
    """Return the user, as `read` does, and the address that the link was made for."""
    for purpose in purposes:
        try:
            user_id, state, address = _signer(purpose).loads(
                token, max_age=int(GOOD_FOR[purpose].total_seconds())
            )
        except (BadSignature, ValueError):
            continue
        user = (queries.lock_user if lock else queries.user)(session, user_id)
        if user is not None and _state(purpose, user) == state:
            return user, address
    return None, ""


def _state(purpose: str, user: User) -> str:
    """Return what must still be so when the link is used.

    A password's hash makes a link to change it work once. A way back to the old address stays open
    whatever has been changed since: a thief would change it.
    """
    if purpose == REVERT:
        return ""
    bound = user.email if purpose in (CONFIRM, CHANGE) else user.password_hash
    return hashlib.sha256(f"{user.generation}:{bound}".encode()).hexdigest()[:32]


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"matchmaker.{purpose}")
