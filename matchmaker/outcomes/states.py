"""The states of a result, and what is asked about a match later on."""

from __future__ import annotations

from enum import StrEnum, nonmember


class OutcomeStatus(StrEnum):
    REPORTED = "reported"  # by one side
    CONFIRMED = "confirmed"  # by the other side
    DISPUTED = "disputed"  # by the other side
    VERIFIED = "verified"  # by a curator: only now it counts
    SENT_BACK = "sent_back"  # by a curator
    WITHDRAWN = "withdrawn"  # by the side that reported it

    # No curator has decided about it, and none has to decide against it.
    PENDING = nonmember((REPORTED, CONFIRMED))
    # The side that reported it has to correct it.
    WITH_AUTHOR = nonmember((DISPUTED, SENT_BACK))


class Progress(StrEnum):
    """How a match goes, as one side says it later."""

    GOING_ON = "going_on"
    DONE = "done"
    ENDED = "ended"
