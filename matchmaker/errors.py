"""What can go wrong between a service and its caller."""

from __future__ import annotations

from dataclasses import dataclass


class ConfigurationError(Exception):
    """The installation's settings do not allow a start; the message says what to change."""


class NotAllowed(Exception):
    """The actor may not do this, or the thing does not exist: the two look alike."""


@dataclass
class Conflict(Exception):
    """Somebody else acted first. The page shows the newest audit records about the subject."""

    subject_type: str
    subject_id: int


class Refused(Exception):
    """A rule of the domain forbids the move; `sentence` is a translatable sentence for the reader."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
