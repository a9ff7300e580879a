"""Sessions: opened by a sign-in, kept in the database, ended there."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from matchmaker.accounts import queries
from matchmaker.accounts.models import User, UserSession
from matchmaker.accounts.rules import Place, is_same_place
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.permissions import Actor

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    """`token` goes into the cookie. `is_new_place`: nobody signed in from there lately."""

    token: str
    is_new_place: bool


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def start(
    session: Session,
    actor: Actor,
    user: User,
    place: Place,
    *,
    second_factor: bool,
    proved: bool = True,
    at: datetime | None = None,
) -> Opened:
    """Open a session for somebody who has just proved who they are.

    `proved`: by the password, which then is not asked for again for a while.
    """
    at = moment(at)
    known = any(is_same_place(place, known) for known in queries.places(session, user.id))
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_token(token),
            generation=user.generation,
            address=place.address,
            browser=place.browser,
            second_factor=second_factor,
            created_at=at,
            seen_at=at,
            proved_at=at if proved else NEVER,
        )
    )
    audit.record(session, actor, "account.sign_in", "account", user.id, at=at)
    return Opened(token, not known)


def note_use(session: Session, session_id: int, *, at: datetime | None = None) -> None:
    """Note that a session is in use, unless it is gone meanwhile; it then is not idle."""
    session.execute(
        update(UserSession).where(UserSession.id == session_id).values(seen_at=moment(at))
    )


def act_for(
    session: Session,
    actor: Actor,
    session_id: int,
    organisation_id: int,
    *,
    at: datetime | None = None,
) -> None:
    """Let this session act for one of its user's organisations."""
    queries.session_by_id(session, session_id).organisation_id = organisation_id
    audit.record(
        session,
        actor,
        "account.act_for",
        "account",
        actor.user_id,
        organisation=organisation_id,
        at=moment(at),
    )


def keep_acting(session: Session, user_id: int, organisation_id: int) -> None:
    """Let sessions that have not chosen go on acting for what was the only organisation."""
    session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.organisation_id.is_(None),
            UserSession.ended_at.is_(None),
        )
        .values(organisation_id=organisation_id)
    )


def prove(session: Session, session_id: int, *, at: datetime | None = None) -> None:
    """Note that the password was asked for again and was right."""
    queries.session_by_id(session, session_id).proved_at = moment(at)


def carry_over(session: Session, user: User, session_id: int, *, second_factor: bool) -> None:
    """Keep this session when the others end, because the user's generation went up."""
    kept = queries.session_by_id(session, session_id)
    kept.generation, kept.second_factor = user.generation, second_factor


def sign_out(
    session: Session, actor: Actor, session_id: int, *, at: datetime | None = None
) -> None:
    """End the actor's own session."""
    at = moment(at)
    queries.session_by_id(session, session_id).ended_at = at
    audit.record(session, actor, "account.sign_out", "account", actor.user_id, at=at)


def end(
    session: Session, actor: Actor, ending: Sequence[UserSession], *, at: datetime | None = None
) -> None:
    """End the actor's sessions on other devices; a cookie that is still there opens nothing."""
    at = moment(at)
    for one in ending:
        one.ended_at = at
    audit.record(
        session,
        actor,
        "account.end_sessions",
        "account",
        actor.user_id,
        sessions=len(ending),
        at=at,
    )


def forget(session: Session, before: datetime) -> int:
    """Delete sessions that nobody has used since; return how many."""
    done = session.execute(delete(UserSession).where(UserSession.seen_at < before))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]
