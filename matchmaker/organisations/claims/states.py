from __future__ import annotations

from enum import StrEnum


class ClaimStatus(StrEnum):
    """The states of a request to manage an organisation's account."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ClaimWord(StrEnum):
    """What is said about such a request, and by whom."""

    PAPERS = "papers"  # who asks: the evidence that came with the request
    QUESTION = "question"  # a curator
    REPLY = "reply"  # who asks
    OBJECTION = "objection"  # an account manager, or the organisation's contact
