"""What a judgement starts from and ends with: a capability as read, and a verdict."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NamedTuple

from .asked import Group
from .clauses import Field, Key, Span

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"


class Found(NamedTuple):
    """A verdict, how sure it is about what is asked, and where it stands."""

    status: str
    score: float = 0.0
    field: Field | None = None
    span: Span = (0, 0)


class Offer(NamedTuple):
    """A capability as one need sees it.

    ``head`` are the terms of title and summary, ``every`` those of all texts, ``title`` the words
    of the need's title and ``topic`` the share of them that the capability has.
    """

    fields: Sequence[Field]
    head: Set[Key]
    every: Set[Key]
    title: Sequence[Group]
    topic: float
