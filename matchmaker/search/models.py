from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base


class SavedSearch(Base):
    """A search whose new finds somebody wants to be told of."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))  # its words and filters, in its owner's language
    q: Mapped[str] = mapped_column(String(200))
    filters: Mapped[dict[str, Any]]  # facet → chosen codes
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]  # what was published later is news
