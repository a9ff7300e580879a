"""Writing in the thread of a match."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.conversations import messages, queries, rules
from matchmaker.conversations.models import Draft, Message, ReadMark
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.service import advance
from matchmaker.db import moment
from matchmaker.errors import NotAllowed, Refusal, Refused
from matchmaker.files import service as files
from matchmaker.files.service import Received
from matchmaker.files.states import Purpose
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.permissions import Actor, may


def post(
    session: Session,
    actor: Actor,
    match: Match,
    text: str,
    attached: Sequence[Received] = (),
    *,
    key: str,
    at: datetime | None = None,
) -> Message:
    """Write a message, as the actor's side or as an invited curator.

    `key` is of the form: one that comes twice is one message. The first message of a side notes
    that the two are in contact.
    """
    at = moment(at)
    match = cooperation.held(session, match.id)  # it may have ended since the page was opened
    if not may(actor, "thread.write", match):
        raise NotAllowed
    if (sent := queries.sent(session, actor.user_id, key)) is not None:
        return sent
    if refusal := rules.closed(match.status, match.are_organisations_shown):
        raise Refused(refusal)
    if found := rules.fault(text, len(attached)):
        raise Refused(found[0], **found[1])
    is_party = actor.organisation_id in match.organisation_ids
    if attached and not is_party:
        raise NotAllowed  # a file counts for an organisation's quota
    message = Message(
        match_id=match.id,
        author_id=actor.user_id,
        organisation_id=actor.organisation_id if is_party else None,
        province="" if is_party else rules.curated_province(actor, match.provinces),
        text=text,
        key=key,
        created_at=at,
        files=[],
    )
    session.add(message)
    session.flush()
    audit.record(session, actor, "message.post", "message", message.id, match=match.id, at=at)
    limits.count(session, actor, Act.MESSAGE, f"{actor.organisation_id}>{match.id}", at=at)
    if is_party:
        _attach(session, actor, message, attached, at=at)
        advance(session, actor, match, "note_contact", at=at)
    _forget_draft(session, actor, match)
    guests = queries.curators_taking_part(session, match.id)
    messages.tell_posted(session, match, message, guests, at=at)
    return message


def _attach(
    session: Session, actor: Actor, message: Message, attached: Sequence[Received], *, at: datetime
) -> None:
    """Keep the files, within the quota of the side that sends them."""
    message.files = files.keep(
        session, actor, message.organisation_id or 0, attached, purpose=Purpose.MESSAGE, at=at
    )
    session.flush()


def delete(session: Session, actor: Actor, message: Message, *, at: datetime | None = None) -> None:
    """Take one's own words and files out; that there was a message stays to be seen."""
    at = moment(at)
    if not rules.may_delete(message.author_id, message.created_at, message.deleted_at, actor, at):
        raise Refused(Refusal.TOO_LATE_TO_DELETE)
    message.text, message.deleted_at = "", at
    for file in message.files:
        files.delete(session, actor, file, at=at)
    audit.record(
        session, actor, "message.delete", "message", message.id, match=message.match_id, at=at
    )
    messages.take_back(session, message)


def save_draft(
    session: Session,
    actor: Actor,
    match: Match,
    text: str,
    *,
    key: str,
    at: datetime | None = None,
) -> None:
    """Keep what the actor has typed, for the actor alone; no text means no draft.

    Nothing is kept of a form that has been sent: this may arrive after it. There is no audit
    record, as nobody else ever sees a draft.
    """
    at = moment(at)
    if queries.sent(session, actor.user_id, key) is not None:
        return
    if text:
        session.merge(Draft(match_id=match.id, user_id=actor.user_id, text=text, saved_at=at))
    else:
        _forget_draft(session, actor, match)


def _forget_draft(session: Session, actor: Actor, match: Match) -> None:
    if draft := queries.draft(session, match.id, actor.user_id):
        session.delete(draft)


def mark_read(
    session: Session,
    actor: Actor,
    match_id: int,
    message_id: int,
    *,
    at: datetime | None = None,
) -> None:
    """Note that the actor's organisation has read up to a message, for both sides to see."""
    at = moment(at)
    if actor.organisation_id is None:
        return
    mark = session.get(ReadMark, (match_id, actor.organisation_id), with_for_update=True)
    if mark is None:
        mark = ReadMark(match_id=match_id, organisation_id=actor.organisation_id)
        mark.message_id, mark.at = message_id, at
        try:
            with session.begin_nested():
                session.add(mark)
        except IntegrityError:  # a colleague has just read it too
            return
    elif mark.message_id < message_id:
        mark.message_id, mark.at = message_id, at
