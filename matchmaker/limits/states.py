from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """Acts that are counted."""

    INVITATION = "invitation"
    DRAFT = "draft"
    IMPORT = "import"
    SUBMISSION = "submission"
    INTEREST = "interest"
    PROPOSAL = "proposal"
    MEETING = "meeting"
    MESSAGE = "message"
    QUESTION = "question"


class Per(StrEnum):
    """Whom an act is counted for."""

    ACCOUNT = "account"
    ORGANISATION = "organisation"
    RECIPIENT = "recipient"
    NETWORK = "network"  # an address, or for IPv6 its /64
