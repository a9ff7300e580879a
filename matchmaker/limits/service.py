"""Counting what is done, in the transaction that does it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from matchmaker.db import moment
from matchmaker.errors import LimitReached
from matchmaker.limits import queries
from matchmaker.limits.models import Use
from matchmaker.limits.rules import LIMITS, LONGEST, keys
from matchmaker.limits.states import Act
from matchmaker.permissions import Actor


def count(
    session: Session, actor: Actor, act: Act, recipient: str = "", *, at: datetime | None = None
) -> None:
    """Count an act for the actor, the organisation, the recipient and the network.

    Call it after the audit record: writers take turns at the audit log, so of two at once the
    second sees the first. Raises LimitReached when it is one too many.
    """
    at = moment(at)
    counted = keys(actor, recipient)
    again = [
        done + limit.within
        for limit in LIMITS
        if limit.act == act
        and limit.per in counted
        and (done := queries.nth_latest(session, act, counted[limit.per], limit.most))
        and done > at - limit.within
    ]
    if again:
        raise LimitReached(act, max(again))
    session.add_all(Use(act=act, key=key, at=at) for key in counted.values())


def forget(session: Session, *, at: datetime | None = None) -> int:
    """Delete what no limit counts any more; return how many."""
    old = delete(Use).where(Use.at <= moment(at) - LONGEST)
    result = session.execute(old.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]
