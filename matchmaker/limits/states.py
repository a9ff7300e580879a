from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """Acts that are counted."""

    INVITATION = "invitation"
    DRAFT = "draft"
    SUBMISSION = "submission"
    INTEREST = "interest"
    PROPOSAL = "proposal"
    MEETING = "meeting"


class Per(StrEnum):
    """Whom an act is counted for."""

    ACCOUNT = "account"
    ORGANISATION = "organisation"
    RECIPIENT = "recipient"
    NETWORK = "network"  # an address, or for IPv6 its /64
