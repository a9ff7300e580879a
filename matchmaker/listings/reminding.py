"""When writers are reminded of a listing that readers see, and what the link of a mail still does.

Pure decisions. Days are days in China, where deadlines end.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from matchmaker.db import day_of
from matchmaker.listings.states import ListingStatus

WARNINGS = (14, 3)  # days before the deadline
LAST_DAY_OVER = 0  # the reminder of a deadline that has passed
STALE_AFTER = timedelta(days=180)  # without a word on whether a listing is still open
PAUSED_AFTER = timedelta(days=30)  # without an answer
LINK_GOOD_FOR = timedelta(days=60)
SHORTEST, LONGEST = timedelta(days=30), timedelta(days=365)  # that one click renews for


class LinkState(StrEnum):
    """What a link is good for now."""

    OPEN = "open"
    USED = "used"
    OVERTAKEN = "overtaken"  # by another answer, or a change of the listing
    TOO_LATE = "too_late"


def warning_due(
    deadline: date, confirmed_on: date, told: Collection[int], today: date
) -> int | None:
    """Return which warning of a deadline is due, in days, and None when there is none.

    `told`: the warnings of this deadline that were sent. Who put the listing before readers within
    those days knows the deadline.
    """
    near = [
        days
        for days in WARNINGS
        if today <= deadline <= today + timedelta(days)
        and confirmed_on < deadline - timedelta(days)
    ]
    days = min(near, default=None)
    return None if days is None or any(sent <= days for sent in told) else days


class Step(StrEnum):
    """What is done about a listing that nobody has spoken of for long."""

    ASK = "ask"
    PAUSE = "pause"


def stale_step(
    deadline: date | None, confirmed_at: datetime, asked_at: datetime | None, at: datetime
) -> Step | None:
    """Return what is to be done now. `asked_at`: when its writers were last asked.

    A deadline that comes before the listing would be paused is spoken of by its own warnings.
    """
    if at - confirmed_at < STALE_AFTER:
        return None
    if asked_at is None or asked_at < confirmed_at:
        ends_soon = deadline is not None and deadline <= day_of(at) + PAUSED_AFTER
        return None if ends_soon else Step.ASK
    return Step.PAUSE if at - asked_at >= PAUSED_AFTER else None


def renewed_deadline(deadline: date, confirmed_on: date, today: date) -> date:
    """Return the deadline that one click gives: for as long again, at most a year from today."""
    length = min(max(deadline - confirmed_on, SHORTEST), LONGEST)
    return min(max(deadline, today) + length, today + LONGEST)


def link_state(
    *,
    asked_at: datetime,
    answered_at: datetime | None,
    about: date | None,
    status: str,
    deadline: date | None,
    confirmed_at: datetime | None,
    at: datetime,
) -> LinkState:
    """Return what a link is good for. `about`: the deadline that its mail spoke of, if any."""
    if answered_at is not None:
        return LinkState.USED
    if at >= asked_at + LINK_GOOD_FOR:
        return LinkState.TOO_LATE
    if about is None:
        is_answered = confirmed_at is not None and confirmed_at > asked_at
    else:
        is_answered = about != deadline
    if is_answered or status not in ListingStatus.REVIEWED_ONCE:
        return LinkState.OVERTAKEN
    return LinkState.OPEN
