"""The one table of how often something may be done. `docs/limits.md` is tested against it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from matchmaker.limits.states import Act, Per
from matchmaker.permissions import Actor

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """The most acts of one kind for one account (or organisation, …) in any such time."""

    act: Act
    per: Per
    most: int
    within: timedelta


LIMITS = (
    Limit(Act.INVITATION, Per.ACCOUNT, 20, DAY),
    Limit(Act.INVITATION, Per.ORGANISATION, 30, DAY),
    Limit(Act.INVITATION, Per.RECIPIENT, 5, WEEK),
    Limit(Act.INVITATION, Per.NETWORK, 60, DAY),
    Limit(Act.DRAFT, Per.ACCOUNT, 60, DAY),
    Limit(Act.DRAFT, Per.ORGANISATION, 100, DAY),
    Limit(Act.DRAFT, Per.NETWORK, 200, DAY),
    Limit(Act.IMPORT, Per.ACCOUNT, 20, DAY),
    Limit(Act.IMPORT, Per.ORGANISATION, 30, DAY),
    Limit(Act.IMPORT, Per.NETWORK, 60, DAY),
    Limit(Act.SUBMISSION, Per.ACCOUNT, 20, HOUR),
    Limit(Act.SUBMISSION, Per.ACCOUNT, 60, DAY),
    Limit(Act.SUBMISSION, Per.ORGANISATION, 30, HOUR),
    Limit(Act.SUBMISSION, Per.ORGANISATION, 100, DAY),
    Limit(Act.SUBMISSION, Per.NETWORK, 200, DAY),
    Limit(Act.INTEREST, Per.ACCOUNT, 30, DAY),
    Limit(Act.INTEREST, Per.ORGANISATION, 50, DAY),
    Limit(Act.INTEREST, Per.RECIPIENT, 10, DAY),
    Limit(Act.INTEREST, Per.NETWORK, 100, DAY),
    Limit(Act.PROPOSAL, Per.ACCOUNT, 200, DAY),
    Limit(Act.MEETING, Per.ACCOUNT, 30, DAY),
    Limit(Act.MEETING, Per.ORGANISATION, 60, DAY),
    Limit(Act.MEETING, Per.RECIPIENT, 10, DAY),
    Limit(Act.MEETING, Per.NETWORK, 100, DAY),
    Limit(Act.MESSAGE, Per.ACCOUNT, 200, DAY),
    Limit(Act.MESSAGE, Per.RECIPIENT, 60, DAY),
    Limit(Act.QUESTION, Per.ACCOUNT, 60, DAY),
    Limit(Act.QUESTION, Per.ORGANISATION, 100, DAY),
    Limit(Act.QUESTION, Per.RECIPIENT, 30, DAY),
    Limit(Act.QUESTION, Per.NETWORK, 200, DAY),
)
LONGEST = max(limit.within for limit in LIMITS)


def keys(actor: Actor, recipient: str = "") -> Mapping[Per, str]:
    """Return the kind → a hash of whom an act counts for; what is not known is not there."""
    known = {
        Per.ACCOUNT: actor.user_id,
        Per.ORGANISATION: actor.organisation_id,
        Per.RECIPIENT: recipient,
        Per.NETWORK: actor.network,
    }
    return {per: _hash(f"{per}:{value}") for per, value in known.items() if value}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
