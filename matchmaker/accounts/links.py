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
GOOD_FOR = {CONFIRM: timedelta(days=2), RESET: timedelta(hours=1), WELCOME: timedelta(days=14)}


def make(purpose: str, user: User) -> str:
    return _signer(purpose).dumps([user.id, _state(purpose, user)])


def read(session: Session, token: str, *purposes: str) -> User | None:
    """Return the user of a link that is ours, young enough and not used up."""
    for purpose in purposes:
        try:
            user_id, state = _signer(purpose).loads(
                token, max_age=int(GOOD_FOR[purpose].total_seconds())
            )
        except BadSignature:
            continue
        user = queries.user(session, user_id)
        return user if user is not None and _state(purpose, user) == state else None
    return None


def _state(purpose: str, user: User) -> str:
    """Return what must still be so when the link is used.

    A password's hash makes a link to change it work once.
    """
    bound = user.email if purpose == CONFIRM else user.password_hash
    return hashlib.sha256(f"{user.generation}:{bound}".encode()).hexdigest()[:32]


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"matchmaker.{purpose}")
