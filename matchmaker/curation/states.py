"""The queues that pairs wait in at the desk."""

from __future__ import annotations

from enum import StrEnum


class PairQueue(StrEnum):
    """Queues by decision; a pair that has or had a match waits in a queue of that."""

    NEW = "new"
    SHORTLISTED = "shortlisted"
    HELD_BACK = "held_back"
    MATCHED = "matched"
    ENDED = "ended"
