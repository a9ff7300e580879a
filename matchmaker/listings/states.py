"""The states of a listing."""

from __future__ import annotations

from enum import StrEnum, nonmember


class ListingStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    PUBLISHED = "published"
    PAUSED = "paused"
    EXPIRED = "expired"
    CLOSED = "closed"

    # Its author has yet to finish it.
    WITH_AUTHOR = nonmember((DRAFT, CHANGES_REQUESTED))
    # Curators have approved its text.
    REVIEWED_ONCE = nonmember((PUBLISHED, PAUSED, EXPIRED))
    # It may still change.
    ALIVE = nonmember((DRAFT, IN_REVIEW, CHANGES_REQUESTED, PUBLISHED, PAUSED, EXPIRED))
