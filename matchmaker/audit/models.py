"""The record of who did what: append-only, each entry bound to the one before, and sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base


class AuditRecord(Base):
    __tablename__ = "audit_records"
    __table_args__ = (Index(None, "subject_type", "subject_id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False
    )  # 1, 2, 3 … without a gap
    at: Mapped[datetime]
    actor_id: Mapped[int | None]  # no foreign key: the record outlives the account
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64), default="", server_default="")


class AuditHead(Base):
    """One row: the newest record's number and hash. Updating it makes writers take turns."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
