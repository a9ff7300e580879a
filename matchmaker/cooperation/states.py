"""The states of a match."""

from __future__ import annotations

from datetime import date
from enum import StrEnum, nonmember


class MatchStatus(StrEnum):
    PROPOSED = "proposed"
    ONE_SIDE_INTERESTED = "one_side_interested"
    MUTUAL = "mutual"
    IN_CONTACT = "in_contact"
    NEGOTIATING = "negotiating"
    AGREED = "agreed"  # on what to do: the two signed
    CONTRACT_REGISTERED = "contract_registered"
    DELIVERING = "delivering"
    COMPLETED = "completed"
    VERIFIED = "verified"  # by an officer
    DECLINED = "declined"
    EXPIRED = "expired"
    STALLED = "stalled"  # both wanted to, and then nothing happened
    CANCELLED = "cancelled"  # interest taken back before an answer
    WITHDRAWN = "withdrawn"  # one side left what both wanted

    # Somebody has yet to answer.
    OPEN = nonmember((PROPOSED, ONE_SIDE_INTERESTED))
    # Both sides want to work together; from here on they see each other's contacts.
    TOGETHER = nonmember(
        (
            MUTUAL,
            IN_CONTACT,
            NEGOTIATING,
            AGREED,
            CONTRACT_REGISTERED,
            DELIVERING,
            COMPLETED,
            VERIFIED,
        )
    )
    # Together, and nothing is signed yet.
    TALKS = nonmember((MUTUAL, IN_CONTACT, NEGOTIATING))
    # Together, and not at the end of the way.
    UNDER_WAY = nonmember(
        (MUTUAL, IN_CONTACT, NEGOTIATING, AGREED, CONTRACT_REGISTERED, DELIVERING)
    )
    # No longer together.
    BROKEN_OFF = nonmember((STALLED, WITHDRAWN))
    ENDED = nonmember((DECLINED, EXPIRED, STALLED, CANCELLED, WITHDRAWN))


def standing(status: str, expires_on: date, today: date) -> str:
    """The status that holds today: a match that nobody answered in time has expired."""
    return MatchStatus.EXPIRED if is_overdue(status, expires_on, today) else status


def is_overdue(status: str, expires_on: date, today: date) -> bool:
    """The last day to answer is over; that day itself still counts."""
    return status in MatchStatus.OPEN and expires_on < today
