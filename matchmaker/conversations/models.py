from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.cooperation.models import Match
from matchmaker.db import Base
from matchmaker.files.models import StoredFile
from matchmaker.organisations.models import Organisation


class Message(Base):
    """What somebody wrote in the thread of a match."""

    __tablename__ = "messages"
    __table_args__ = (
        # The key of the form that was sent: a form that comes twice is one message.
        UniqueConstraint("author_id", "key"),
        Index(None, "match_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey(Match.id))
    author_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    # The side that it comes from. None: a curator's, of this province, or of all ("").
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey(Organisation.id))
    province: Mapped[str] = mapped_column(String(2), default="")
    text: Mapped[str] = mapped_column(Text)  # emptied when it is deleted
    key: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    author: Mapped[User] = relationship(lazy="raise")
    files: Mapped[list[StoredFile]] = relationship(
        secondary="message_files", lazy="raise", order_by=StoredFile.id
    )


class MessageFile(Base):
    """A file that came with a message."""

    __tablename__ = "message_files"

    message_id: Mapped[int] = mapped_column(ForeignKey(Message.id), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey(StoredFile.id), primary_key=True, unique=True)


class ReadMark(Base):
    """How far an organisation has read a thread."""

    __tablename__ = "read_marks"

    match_id: Mapped[int] = mapped_column(
        ForeignKey(Match.id), primary_key=True, autoincrement=False
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey(Organisation.id), primary_key=True, autoincrement=False
    )
    message_id: Mapped[int] = mapped_column(ForeignKey(Message.id))
    at: Mapped[datetime]


class Draft(Base):
    """What somebody has typed and not sent yet."""

    __tablename__ = "message_drafts"

    match_id: Mapped[int] = mapped_column(
        ForeignKey(Match.id), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
