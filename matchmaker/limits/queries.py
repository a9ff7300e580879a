from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.limits.models import Use
from matchmaker.limits.states import Act


def nth_latest(session: Session, act: Act, key: str, number: int) -> datetime | None:
    """Return when the act was done for the n-th time, counted back from the latest."""
    query = select(Use.at).where(Use.act == act, Use.key == key)
    return session.scalar(query.order_by(Use.at.desc()).offset(number - 1).limit(1))
