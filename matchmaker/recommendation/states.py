"""States of a suggestion: the engine's word, the curators' and the organisations'."""

from __future__ import annotations

from enum import StrEnum, nonmember


class SuggestionStatus(StrEnum):
    """Curators' decisions."""

    NEW = "new"
    SHORTLISTED = "shortlisted"
    HELD_BACK = "held_back"

    # The two organisations may see it.
    OPEN = nonmember((NEW, SHORTLISTED))


class Origin(StrEnum):
    """Origins of a suggestion."""

    ENGINE = "engine"
    CURATOR = "curator"
    MEMBER = "member"  # one side approached the other

    # People put the two together: the pair stays, whatever the engine says of it.
    BY_HAND = nonmember((CURATOR, MEMBER))


class Band(StrEnum):
    """How sure the engine is."""

    STRONG = "strong"
    POSSIBLE = "possible"
    WEAK = "weak"

    CONFIDENT = nonmember((STRONG, POSSIBLE))


class Verdict(StrEnum):
    """Answers of a capability's side to whether it meets a must-have."""

    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"


class Answer(StrEnum):
    """Answers of one of the two organisations."""

    KEPT = "kept"
    INTERESTED = "interested"
    DISMISSED = "dismissed"

    # For the partner.
    FOR = nonmember((KEPT, INTERESTED))
