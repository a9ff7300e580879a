"""Decisions about requests for an account, over plain facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from matchmaker.organisations.claims.states import ClaimWord

TIME_TO_OBJECT = timedelta(days=7)
AGAIN_AFTER = timedelta(days=30)  # a refusal
MOST_FILES = 15  # of one request, with all that follows


def decided_from(asked_at: datetime, managing_since: Sequence[datetime]) -> datetime:
    """Return when a curator may decide: at once where nobody manages the account.

    `managing_since`: when each present account manager joined. Where all of them came after the
    request, they have their time from the day that the first of them came.
    """
    if not managing_since:
        return asked_at
    return max(asked_at, min(managing_since)) + TIME_TO_OBJECT


def objections_until(asked_at: datetime, managing_since: Sequence[datetime]) -> datetime:
    """The contact has the same days as the account managers, unless it is decided before."""
    return max(asked_at + TIME_TO_OBJECT, decided_from(asked_at, managing_since))


def days_to_wait(refused_at: datetime | None, at: datetime) -> int:
    """Return after how many days, begun ones too, somebody who was refused may ask again."""
    if refused_at is None or refused_at + AGAIN_AFTER <= at:
        return 0
    return -((at - refused_at - AGAIN_AFTER) // timedelta(days=1))


def open_question(messages: Sequence[Any]) -> Any | None:
    """The curators' question that has no reply yet. Messages: oldest first."""
    of_both = [one for one in messages if one.kind != ClaimWord.OBJECTION]
    return of_both[-1] if of_both and of_both[-1].kind == ClaimWord.QUESTION else None
