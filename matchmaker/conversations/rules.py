"""Decisions about threads, over plain facts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from matchmaker.cooperation.rules import why_not_together
from matchmaker.cooperation.states import MatchStatus
from matchmaker.errors import Refusal
from matchmaker.permissions import Actor

DELETE_WITHIN = timedelta(minutes=15)
LONGEST = 10_000  # characters
LONGEST_KEY = 32


def closed(status: str, are_organisations_shown: bool) -> Refusal | None:
    """Return why nothing new can be written, None while it can."""
    if status not in MatchStatus.TOGETHER:
        return why_not_together(status)
    return None if are_organisations_shown else Refusal.PARTNER_UNAVAILABLE


def fault(text: str, files: int) -> tuple[Refusal, dict[str, int]] | None:
    """Return what is wrong with a message, and what its sentence needs."""
    if not text and not files:
        return Refusal.MESSAGE_EMPTY, {}
    return (Refusal.MESSAGE_TOO_LONG, {"longest": LONGEST}) if len(text) > LONGEST else None


def may_delete(
    author_id: int, created_at: datetime, deleted_at: datetime | None, actor: Actor, at: datetime
) -> bool:
    """Authors may, for a while: what others have worked with stays."""
    is_own = actor.user_id == author_id
    return is_own and deleted_at is None and at - created_at <= DELETE_WITHIN


def curated_province(actor: Actor, provinces: Collection[str]) -> str:
    """The province of the match that a curator speaks for; "" for all of them."""
    return next((one for one in provinces if one in actor.provinces), "")
