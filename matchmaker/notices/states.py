"""What people are told about, and how often they want mail of it."""

from __future__ import annotations

from enum import StrEnum, nonmember


class Topic(StrEnum):
    """Kinds of notices that somebody chooses about together."""

    MATCH = "match"
    MEETING = "meeting"
    MESSAGE = "message"
    SUGGESTION = "suggestion"
    LISTING = "listing"
    ORGANISATION = "organisation"
    WATCH = "watch"
    DESK = "desk"

    # What concerns the members of an organisation.
    MEMBERS = nonmember((MATCH, MESSAGE, MEETING, SUGGESTION, LISTING, ORGANISATION))


class Frequency(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"
