from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.conversations.models import Draft, Message, MessageFile, ReadMark
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.permissions import Actor


def newest(
    session: Session, match_id: int, number: int, *, before: int | None = None
) -> Sequence[Message]:
    """The newest messages of a thread, perhaps of those before one, the oldest of them first."""
    query = select(Message).where(Message.match_id == match_id)
    if before is not None:
        query = query.where(Message.id < before)
    found = session.scalars(
        query.options(joinedload(Message.author), selectinload(Message.files))
        .order_by(Message.id.desc())
        .limit(number)
    ).all()
    return found[::-1]


def message(session: Session, match_id: int, message_id: int) -> Message | None:
    """One message with its files, as it is now, held until the commit."""
    return session.scalar(
        select(Message)
        .where(Message.id == message_id, Message.match_id == match_id)
        .options(selectinload(Message.files))
        .with_for_update(of=Message)
        .execution_options(populate_existing=True)
    )


def sent(session: Session, author_id: int | None, key: str) -> Message | None:
    """The message that a form has made already."""
    return session.scalar(select(Message).where(Message.author_id == author_id, Message.key == key))


def matches_of_files(session: Session, file_ids: Collection[int]) -> Mapping[int, Match]:
    """File → the match in whose thread it hangs."""
    found = session.execute(
        select(MessageFile.file_id, Match)
        .join(Message, Message.id == MessageFile.message_id)
        .join(Match, Match.id == Message.match_id)
        .where(MessageFile.file_id.in_(file_ids), Message.deleted_at.is_(None))
        .options(*cooperation.whole())
    )
    return dict(found.tuples().all())


def draft(session: Session, match_id: int, user_id: int | None) -> Draft | None:
    return session.get(Draft, (match_id, user_id))


def read_marks(session: Session, match_id: int) -> Mapping[int, ReadMark]:
    """Organisation → how far it has read."""
    found = session.scalars(select(ReadMark).where(ReadMark.match_id == match_id))
    return {mark.organisation_id: mark for mark in found}


@dataclass(frozen=True, slots=True)
class Extent:
    """How many messages a thread has, and how many an organisation has not read."""

    messages: int = 0
    unread: int = 0


def extent(session: Session, match_id: int, organisation_id: int | None) -> Extent:
    """Count a thread; a curator, who belongs to no organisation, has read all of it."""
    query = (
        select(func.count(), func.count().filter(_is_unread(organisation_id)))
        .select_from(Message)
        .outerjoin(ReadMark, _mark_of(organisation_id))
        .where(Message.match_id == match_id)
    )
    messages, unread = session.execute(query).one()
    return Extent(messages, unread if organisation_id is not None else 0)


def unread_by_match(session: Session, actor: Actor) -> Mapping[int, int]:
    """Match → how many messages the actor's organisation has not read, where there are any."""
    if actor.organisation_id is None:
        return {}
    own = cooperation.visible_to(actor).options().with_only_columns(Match.id)
    query = (
        select(Message.match_id, func.count())
        .outerjoin(ReadMark, _mark_of(actor.organisation_id))
        .where(_is_unread(actor.organisation_id), Message.match_id.in_(own))
        .group_by(Message.match_id)
    )
    return dict(session.execute(query).tuples().all())


def _mark_of(organisation_id: int | None) -> ColumnElement[bool]:
    return and_(ReadMark.match_id == Message.match_id, ReadMark.organisation_id == organisation_id)


def _is_unread(organisation_id: int | None) -> ColumnElement[bool]:
    return and_(
        or_(Message.organisation_id.is_(None), Message.organisation_id != organisation_id),
        Message.id > func.coalesce(ReadMark.message_id, 0),
        Message.deleted_at.is_(None),
    )


def curators_taking_part(session: Session, match_id: int) -> Sequence[User]:
    """Curators who have written in a thread and may still sign in."""
    wrote = select(Message.author_id).where(
        Message.match_id == match_id, Message.organisation_id.is_(None)
    )
    return session.scalars(
        select(User).where(User.id.in_(wrote), User.may_sign_in).order_by(User.id)
    ).all()
