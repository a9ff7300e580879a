from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base


class Use(Base):
    """One act that a limit counts, under a hash of whom it counts for."""

    __tablename__ = "uses"
    __table_args__ = (Index(None, "act", "key", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
