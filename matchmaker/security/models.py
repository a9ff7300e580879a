from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base


class SecurityEvent(Base):
    """Something that the guards of the site look up."""

    __tablename__ = "security_events"
    __table_args__ = (Index(None, "kind", "address", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40))  # a SecurityKind
    account_id: Mapped[int | None]  # no foreign key: the event outlives the account
    account: Mapped[str] = mapped_column(String(254))  # a name, or the address that was typed
    address: Mapped[str] = mapped_column(String(45))  # IPv4 or IPv6
    detail: Mapped[dict[str, Any]]
