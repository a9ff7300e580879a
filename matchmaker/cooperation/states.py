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
    CANCELLED = "cancelled"
    TERMINATED = "terminated"

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
    ENDED = nonmember((DECLINED, EXPIRED, CANCELLED, TERMINATED))


def standing(status: str, expires_on: date, today: date) -> str:
    """The status that holds today: a match that nobody answered in time has expired."""
    return MatchStatus.EXPIRED if is_overdue(status, expires_on, today) else status


def is_overdue(status: str, expires_on: date, today: date) -> bool:
    """The last day to answer is over; that day itself still counts."""
    return status in MatchStatus.OPEN and expires_on < today
