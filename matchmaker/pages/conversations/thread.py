"""A thread as a reader sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from matchmaker import regions
from matchmaker.conversations import queries, rules
from matchmaker.conversations.models import Message, ReadMark
from matchmaker.cooperation.models import Match
from matchmaker.db import db, now
from matchmaker.files.models import StoredFile
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.web.i18n import reader_language

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A message. `person`: "" where the reader may not know who of the other side wrote it."""

    id: int
    at: datetime
    organisation: Organisation | None
    role: str  # of a curator
    person: str
    text: str
    is_deleted: bool
    files: Sequence[StoredFile]
    is_own: bool
    is_new: bool  # the first that the reader's organisation has not read
    may_delete: bool
    read_at: datetime | None  # on the newest own message: when the other side read it


@dataclass(frozen=True, slots=True)
class Thread:
    lines: Sequence[Line]
    has_earlier: bool

    @property
    def last_id(self) -> int:
        return self.lines[-1].id if self.lines else 0


def thread_of(actor: Actor, match: Match, before: int | None) -> Thread:
    """The newest messages, or those before one."""
    session = db.session()
    found = queries.newest(session, match.id, SHOWN + 1, before=before)
    shown = found[-SHOWN:]
    marks = queries.read_marks(session, match.id)
    own_mark = marks.get(actor.organisation_id or 0)
    other_mark = _other(marks, actor, match)
    first_new = next((one.id for one in shown if _is_new(one, actor, own_mark)), None)
    last_read = max(
        (
            one.id
            for one in shown
            if other_mark
            and one.organisation_id == actor.organisation_id
            and one.id <= other_mark.message_id
        ),
        default=None,
    )
    return Thread(
        lines=[
            _line(
                actor,
                match,
                message,
                is_new=message.id == first_new,
                read_at=other_mark.at if other_mark and message.id == last_read else None,
            )
            for message in shown
        ],
        has_earlier=len(found) > SHOWN,
    )


def _line(
    actor: Actor, match: Match, message: Message, *, is_new: bool, read_at: datetime | None
) -> Line:
    organisations = {
        listing.organisation_id: listing.organisation for listing in (match.need, match.capability)
    }
    is_own = message.organisation_id is not None and (
        message.organisation_id == actor.organisation_id
    )
    # Names of people are contacts: they close when contacts do.
    names_person = is_own or match.opens_contacts or message.author_id == actor.user_id
    deletable = rules.may_delete(
        message.author_id, message.created_at, message.deleted_at, actor, now()
    )
    return Line(
        id=message.id,
        at=message.created_at,
        organisation=organisations.get(message.organisation_id or 0),
        role="" if message.organisation_id else _curator(message.province),
        person=message.author.name if names_person else "",
        text=message.text,
        is_deleted=message.deleted_at is not None,
        files=message.files if message.deleted_at is None else (),
        is_own=is_own,
        is_new=is_new,
        may_delete=deletable,
        read_at=read_at,
    )


def _curator(province: str) -> str:
    if not province:
        return str(gettext("National curator"))
    name = regions.region_name(province, reader_language())
    return str(gettext("Curator of %(province)s", province=name))


def _is_new(message: Message, actor: Actor, mark: ReadMark | None) -> bool:
    if actor.organisation_id is None or message.deleted_at is not None:
        return False
    return message.organisation_id != actor.organisation_id and (
        mark is None or message.id > mark.message_id
    )


def _other(marks: Mapping[int, ReadMark], actor: Actor, match: Match) -> ReadMark | None:
    """How far the other side has read; nothing for a curator, who is on neither."""
    need, capability = match.organisation_ids
    other = {need: capability, capability: need}.get(actor.organisation_id or 0)
    return marks.get(other or 0)
