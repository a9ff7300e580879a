"""The states of a match."""

from __future__ import annotations

from enum import StrEnum, nonmember


class MatchStatus(StrEnum):
    PROPOSED = "proposed"
    ONE_SIDE_INTERESTED = "one_side_interested"
    MUTUAL = "mutual"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"

    # Somebody has yet to answer.
    OPEN = nonmember((PROPOSED, ONE_SIDE_INTERESTED))
    # Both sides want to meet.
    AGREED = nonmember((MUTUAL,))
    ENDED = nonmember((DECLINED, EXPIRED, CANCELLED, TERMINATED))
