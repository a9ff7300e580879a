"""The secret address at which a person's own programs read deadlines and saved searches."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts import queries
from matchmaker.accounts.models import FeedAddress, User
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.permissions import Actor


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> str:
    """Return the token of a new address; the one before it ends. Only its hash is kept."""
    at = moment(at)
    token = secrets.token_urlsafe(32)
    held = queries.feed_address(session, user.id)
    if held is None:
        held = FeedAddress(user_id=user.id)
        session.add(held)
    held.token_hash, held.made_at = hash_token(token), at
    audit.record(session, actor, "account.make_feed_address", "account", user.id, at=at)
    return token


def revoke(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> None:
    """End the address, if there is one."""
    held = queries.feed_address(session, user.id)
    if held is None:
        return
    session.delete(held)
    audit.record(session, actor, "account.end_feed_address", "account", user.id, at=moment(at))
