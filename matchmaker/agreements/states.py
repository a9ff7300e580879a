"""The states of an agreement, of its versions, and of who answers them."""

from __future__ import annotations

from enum import StrEnum, nonmember


class AgreementStatus(StrEnum):
    DRAFT = "draft"  # never sent: only the side that writes it knows of it
    PROPOSED = "proposed"  # a version waits for answers, none is in force
    REVISING = "revising"  # it was sent back or taken back; either side may write
    IN_FORCE = "in_force"
    CHANGING = "changing"  # in force, and a change of it waits for answers
    ENDED = "ended"

    WAITING = nonmember((PROPOSED, CHANGING))
    BINDING = nonmember((IN_FORCE, CHANGING))


class VersionStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"


class Answer(StrEnum):
    NONE = ""
    YES = "yes"
    NO = "no"


class Side(StrEnum):
    """Who reaches a milestone."""

    NEED = "need"
    CAPABILITY = "capability"
    BOTH = "both"


class ContractType(StrEnum):
    """The five kinds of technology contract that can be registered."""

    DEVELOPMENT = "development"
    TRANSFER = "transfer"
    LICENCE = "licence"
    CONSULTING = "consulting"
    SERVICE = "service"
