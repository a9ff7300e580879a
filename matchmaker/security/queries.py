from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from matchmaker.db import start_of
from matchmaker.security.models import SecurityEvent
from matchmaker.security.states import SecurityKind


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: of a kind, with a text in account or address, from which day to which."""

    kind: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


def select_events(wanted: Wanted) -> Select[tuple[SecurityEvent]]:
    """Security events, newest first, as far as they are wanted."""
    query = select(SecurityEvent).order_by(SecurityEvent.id.desc())
    if wanted.kind:
        query = query.where(SecurityEvent.kind == wanted.kind)
    if wanted.text:
        query = query.where(
            or_(
                SecurityEvent.account.icontains(wanted.text, autoescape=True),
                SecurityEvent.address.startswith(wanted.text, autoescape=True),
            )
        )
    if wanted.since is not None:
        query = query.where(SecurityEvent.at >= start_of(wanted.since))
    if wanted.until is not None:
        query = query.where(SecurityEvent.at < start_of(wanted.until + timedelta(days=1)))
    return query


def all_events(session: Session, wanted: Wanted) -> Iterator[SecurityEvent]:
    """The wanted events one after another, however many: to be read to the end."""
    return iter(session.scalars(select_events(wanted).execution_options(yield_per=1000)))


def was_noted(
    session: Session, kind: SecurityKind, account_id: int | None, address: str, since: datetime
) -> bool:
    """Return whether such an event of this account and address is kept since then."""
    query = select(SecurityEvent.id).where(
        SecurityEvent.kind == kind,
        SecurityEvent.address == address,
        SecurityEvent.account_id.is_not_distinct_from(account_id),
        SecurityEvent.at > since,
    )
    return session.scalar(query.limit(1)) is not None


def count_alarming(session: Session, since: datetime) -> int:
    """Return how many failed sign-ins, refusals and limits are kept since then."""
    query = select(func.count()).where(
        SecurityEvent.kind.in_(SecurityKind.ALARMING), SecurityEvent.at > since
    )
    return session.scalar(query) or 0
