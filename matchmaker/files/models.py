from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base


class StoredFile(Base):
    """A file that somebody gave. Its bytes lie in the home folder, under a random name.

    The row stays when it is deleted: who gave what, when, and the hash of what it was.
    """

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Whose quota it counts for. Organisations stand above files, so this is no foreign key.
    organisation_id: Mapped[int] = mapped_column(index=True)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    purpose: Mapped[str] = mapped_column(String(20))  # a Purpose
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(10))  # a FileType
    size: Mapped[int]  # bytes, as stored
    sha256: Mapped[str] = mapped_column(String(64))  # hex, of what is stored
    key: Mapped[str] = mapped_column(String(32), unique=True)  # the name on the disk
    scanned_at: Mapped[datetime | None]  # None: no virus scanner was set
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    removed_at: Mapped[datetime | None]  # when the bytes were

    uploaded_by: Mapped[User] = relationship(foreign_keys=uploaded_by_id, lazy="raise")
