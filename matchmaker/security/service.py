"""Keep what the guards of the site look up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, update
from sqlalchemy.orm import Session

from matchmaker.db import moment
from matchmaker.security.models import SecurityEvent
from matchmaker.security.queries import was_noted
from matchmaker.security.states import SecurityKind

REPEATED_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """Something to be noted. `account`: a name, or the address that was typed."""

    kind: SecurityKind
    account_id: int | None
    account: str
    address: str
    detail: dict[str, Any] = field(default_factory=dict)


def note(session: Session, seen: Seen, *, at: datetime | None = None) -> bool:
    """Keep an event, and return whether it is kept: of what is repeated, one a minute is."""
    at = moment(at)
    if seen.kind in SecurityKind.REPEATED and was_noted(
        session, seen.kind, seen.account_id, seen.address, at - REPEATED_AFTER
    ):
        return False
    session.add(
        SecurityEvent(
            at=at,
            kind=seen.kind,
            account_id=seen.account_id,
            account=seen.account[:254],
            address=seen.address[:45],
            detail=seen.detail,
        )
    )
    return True


def rename_account(session: Session, account_id: int, email: str, name: str) -> None:
    """Put a name that says nothing in the place of an account's, of its address and its networks'.

    `email` is the address of the account, which events have as it was typed.
    """
    session.execute(
        update(SecurityEvent)
        .where(
            or_(SecurityEvent.account_id == account_id, func.lower(SecurityEvent.account) == email)
        )
        .values(account=name, address=""),
        execution_options={"synchronize_session": False},
    )


def forget(session: Session, before: datetime) -> int:
    """Delete the events from before a time, and return how many."""
    result = session.execute(delete(SecurityEvent).where(SecurityEvent.at < before))
    return int(result.rowcount)  # type: ignore[attr-defined]
