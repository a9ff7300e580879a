"""The states of an organisation and of the changes of its profile."""

from __future__ import annotations

from datetime import date
from enum import StrEnum, nonmember


class OrganisationStatus(StrEnum):
    REGISTERED = "registered"
    REFUSED = "refused"  # a curator gave a reason; its owners may appeal once
    VERIFIED = "verified"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    CLOSED = "closed"  # by its owners or an administrator, until a curator verifies it again
    MERGED = "merged"  # a curator made it part of another one

    # Everybody may see it, also when its verification has run out.
    SHOWN = nonmember((VERIFIED, LAPSED))
    # Nobody works for it now.
    OUT = nonmember((SUSPENDED, CLOSED, MERGED))
    # A curator has to look at it.
    AWAITING = nonmember((REGISTERED, LAPSED))


class Tie(StrEnum):
    """Why an organisation that nobody has taken over is not deleted."""

    MEMBER = "member"
    LISTING = "listing"  # that is more than a draft
    MATCH = "match"
    AGREEMENT = "agreement"
    REQUEST = "request"  # somebody asks for its account, or to join
    TABLE = "table"  # that was imported for it, and is still kept
    RECORD = "record"  # of a verification, a decision or papers


class ChangeStatus(StrEnum):
    """The states of a change of an organisation's profile."""

    MADE = "made"  # of public text: in force at once
    REVERTED = "reverted"  # changed back by a curator
    PROPOSED = "proposed"  # of the identity: waits for a curator
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the organisation itself


class MessageKind(StrEnum):
    """What is said about a verification, and by whom."""

    PAPERS = "papers"  # the organisation: what it sends unasked
    QUESTION = "question"  # a curator: what is missing
    REPLY = "reply"  # the organisation: to a question
    REFUSAL = "refusal"  # a curator: why it is not verified
    APPEAL = "appeal"  # the organisation: why it should be
    VERIFIED = "verified"  # a curator: that it is verified, which ends what was asked before

    BY_CURATORS = nonmember((QUESTION, REFUSAL, VERIFIED))


class JoinStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


def standing(status: str, verified_until: date | None, today: date) -> str:
    """The status that holds today: a verification that ran out has lapsed."""
    ran_out = verified_until is None or verified_until < today
    if status == OrganisationStatus.VERIFIED and ran_out:
        return OrganisationStatus.LAPSED
    return status
