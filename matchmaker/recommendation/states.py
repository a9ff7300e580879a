"""What the engine, curators and organisations say of a suggestion."""

from __future__ import annotations

from enum import StrEnum, nonmember


class SuggestionStatus(StrEnum):
    """What curators decided."""

    NEW = "new"
    SHORTLISTED = "shortlisted"
    HELD_BACK = "held_back"

    # The two organisations may see it.
    OPEN = nonmember((NEW, SHORTLISTED))


class Origin(StrEnum):
    """Who put the two together."""

    ENGINE = "engine"
    CURATOR = "curator"


class Band(StrEnum):
    """How sure the engine is."""

    STRONG = "strong"
    POSSIBLE = "possible"
    WEAK = "weak"

    CONFIDENT = nonmember((STRONG, POSSIBLE))


class Answer(StrEnum):
    """What one of the two organisations said."""

    KEPT = "kept"
    INTERESTED = "interested"
    DISMISSED = "dismissed"

    # For the partner.
    FOR = nonmember((KEPT, INTERESTED))
