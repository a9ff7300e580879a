"""The queues that pairs wait in at the desk."""

from __future__ import annotations

from enum import StrEnum


class PairQueue(StrEnum):
    """What curators decided; and when the pair has or had a match, what became of that."""

    NEW = "new"
    SHORTLISTED = "shortlisted"
    HELD_BACK = "held_back"
    MATCHED = "matched"
    ENDED = "ended"
