from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base
from matchmaker.notices.states import Frequency


class Notice(Base):
    """Something a user should know: `kind` and `params` become a sentence when it is shown."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, Any]]
    path: Mapped[str] = mapped_column(String(200))
    # Which organisation it concerns, for people of several. Organisations stand above notices, so
    # this is no foreign key.
    organisation_id: Mapped[int | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Preference(Base):
    """How somebody wants to be told about a topic; without a row, in both ways and at once."""

    __tablename__ = "notice_preferences"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    in_app: Mapped[bool] = mapped_column(default=True)
    mail: Mapped[str] = mapped_column(String(10), default=Frequency.AT_ONCE)
    # Whether the words that somebody wrote are mailed too, and not the link alone.
    with_words: Mapped[bool] = mapped_column(default=False)


class OutboxMail(Base):
    """A mail to send, written in the transaction that causes it, delivered by a job.

    Rows of one person may leave together, as one mail. They then share a bundle: the number of
    its first row.
    """

    __tablename__ = "outbox_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    # None: a letter to an address, which is never put together with others.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, Any]]  # emptied once sent: it may hold a link that signs somebody in
    path: Mapped[str] = mapped_column(String(500))
    organisation_id: Mapped[int | None]  # as of a notice
    # An iCalendar object that goes with it: {"method": …, "text": …}; emptied as `params` is.
    calendar: Mapped[dict[str, str]] = mapped_column(default=dict)
    frequency: Mapped[str] = mapped_column(String(10), default=Frequency.AT_ONCE)
    created_at: Mapped[datetime]
    # Set with the first try: what is tried again is the same mail, with the same Message-ID.
    bundle_id: Mapped[int | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str] = mapped_column(String(300), default="")  # the mail server's words
    given_up_at: Mapped[datetime | None]  # not delivered, and not tried again
    reported_at: Mapped[datetime | None]  # the people concerned were told that it was given up
