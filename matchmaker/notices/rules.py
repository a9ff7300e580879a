"""Decisions about mails, over plain facts."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from matchmaker.db import CHINA
from matchmaker.notices.states import Frequency, Topic
from matchmaker.permissions import Actor

MAX_ATTEMPTS = 12
LEASE = timedelta(minutes=5)
BUNDLE_WITHIN = timedelta(minutes=5)
DIGEST_HOUR = 8  # in China
LONGEST_SUBJECT = 150
# RFC 3463: refused by policy, such as "relaying denied". That is about us, not about the mail.
OF_POLICY = re.compile(r"5\.7\.\d")


class Queued(Protocol):
    """What decides which mails leave together."""

    id: int
    user_id: int | None
    kind: str
    frequency: str
    bundle_id: int | None


Q = TypeVar("Q", bound=Queued)


def wait_after(attempts: int) -> timedelta:
    """Return the wait after some failed tries: 1, 2, 4 … minutes, at most six hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), timedelta(hours=6))


def is_final(code: int, words: str) -> bool:
    """Return whether a server's refusal of a mail is one that no later try changes."""
    return code >= 500 and not OF_POLICY.match(words)


def due(frequency: str, at: datetime) -> datetime:
    """Return when a mail about something of this moment leaves: at once, or with a digest."""
    if frequency not in (Frequency.DAILY, Frequency.WEEKLY):
        return at
    local = at.astimezone(CHINA)
    morning = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    days = 1 if morning <= local else 0
    if frequency == Frequency.WEEKLY:  # on Mondays
        days += -(morning + timedelta(days=days)).weekday() % 7
    return morning + timedelta(days=days)


def bundles(mails: Iterable[Q]) -> list[Sequence[Q]]:
    """Return what leaves as one mail: one person's news of one kind, or one person's digest."""
    groups: defaultdict[tuple[object, ...], list[Q]] = defaultdict(list)
    for mail in mails:
        if mail.bundle_id is not None:
            key: tuple[object, ...] = ("again", mail.bundle_id)
        elif mail.user_id is None:
            key = ("alone", mail.id)
        elif mail.frequency == Frequency.AT_ONCE:
            key = ("news", mail.user_id, mail.kind)
        else:
            key = ("digest", mail.user_id, mail.frequency)
        groups[key].append(mail)
    return list(groups.values())


def subject_line(text: str) -> str:
    """Return a text as one line that fits a subject.

    Control characters and those that turn the direction of writing are left out: with them, a
    subject could show as another one.
    """
    visible = "".join(
        " " if c in "\r\n\t\u2028\u2029" else c
        for c in text
        if c in "\r\n\t\u2028\u2029\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    line = " ".join(visible.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def topics_for(actor: Actor) -> tuple[Topic, ...]:
    """Return the topics that somebody may be told about."""
    is_member = actor.organisation_id is not None or not actor.roles
    desk = (Topic.DESK,) if actor.is_curator else ()
    own = Topic.MEMBERS if is_member else (Topic.MESSAGE,) if actor.is_curator else ()
    return (*desk, *own, Topic.WATCH)
