"""The text of one kind of message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matchmaker.notices.states import Topic


@dataclass(frozen=True, slots=True)
class Text:
    """`subject` is also the notice's sentence; `body` adds what to do; `action` names the link.

    `mail_subject` stands in its place where the sentence has words of people whom nobody has
    verified. `quoting` is the body of a mail to somebody who wants to read there what was written.
    """

    subject: Any
    body: Any
    action: Any
    mail_subject: Any = None
    quoting: Any = None
    # Answers that a mail offers in place of the one link: (what is added to the path, its words).
    answers: tuple[tuple[str, Any], ...] = ()


# Kind → text, by what people choose about together. Kinds of no topic are about the account, or
# about who holds an organisation: they cannot be turned off.
Texts = Mapping[Topic | None, Mapping[str, Text]]
