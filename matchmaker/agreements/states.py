"""The states of an agreement, of its versions, and of who answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides who may move: the sides, the sender of what waits, and the answers to it."""

    status: str
    side_ids: tuple[int, int]
    sender_id: int | None = None
    answers: Mapping[int, str] = field(default_factory=dict)

    @property
    def missing(self) -> frozenset[int]:
        """The organisations whose answer is missing."""
        return frozenset(one for one, answer in self.answers.items() if answer == Answer.NONE)
