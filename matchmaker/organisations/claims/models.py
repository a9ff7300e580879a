from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base
from matchmaker.files.models import StoredFile
from matchmaker.organisations.claims.states import ClaimStatus
from matchmaker.organisations.models import Organisation


class Claim(Base):
    """Somebody asks to manage an organisation's account, on evidence; a curator decides."""

    __tablename__ = "account_claims"
    __table_args__ = (
        # Of one person for one organisation, one is open at a time.
        Index(
            None,
            "organisation_id",
            "user_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    position: Mapped[str] = mapped_column(String(120))  # of the person, in the organisation
    reason: Mapped[str] = mapped_column(Text)  # why its account manager cannot be reached
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default=ClaimStatus.OPEN)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")  # why it was refused

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="raise")


class ClaimMessage(Base):
    """What is said about a request for the account."""

    __tablename__ = "claim_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("account_claims.id"), index=True)
    # None: the organisation's contact, by the link of a mail.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(10))  # a ClaimWord
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    author: Mapped[User | None] = relationship(lazy="raise")
    files: Mapped[list[StoredFile]] = relationship(
        secondary="claim_files", lazy="raise", order_by=StoredFile.id
    )


class ClaimFile(Base):
    """A letter or a licence that came with a message."""

    __tablename__ = "claim_files"

    message_id: Mapped[int] = mapped_column(ForeignKey("claim_messages.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey(StoredFile.id), primary_key=True, unique=True)
