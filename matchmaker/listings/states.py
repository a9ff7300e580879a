"""The states of a listing."""

from __future__ import annotations

from datetime import date
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
    # Curators have yet to approve it.
    UNPUBLISHED = nonmember((DRAFT, IN_REVIEW, CHANGES_REQUESTED))
    # Curators have approved its text.
    REVIEWED_ONCE = nonmember((PUBLISHED, PAUSED, EXPIRED))
    # It may still change.
    ALIVE = nonmember((DRAFT, IN_REVIEW, CHANGES_REQUESTED, PUBLISHED, PAUSED, EXPIRED))


def standing(status: str, deadline: date | None, today: date) -> str:
    """The status that holds today: a published listing past its deadline has expired."""
    expired = status == ListingStatus.PUBLISHED and has_passed(deadline, today)
    return ListingStatus.EXPIRED if expired else status


def has_passed(deadline: date | None, today: date) -> bool:
    """Return whether a listing's last day is over. The deadline itself still counts."""
    return deadline is not None and deadline < today
