from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.db import Base


class MatchQuality(Base):
    """How well the engine ranks some provinces' judged pairs: the last result, and any request.

    The job computes with no transaction open; the one that writes the result clears `requested_at`.
    """

    __tablename__ = "match_quality"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(120), unique=True)  # "63,65"; "all" provinces
    requested_at: Mapped[datetime | None] = mapped_column(index=True)
    computed_at: Mapped[datetime | None]
    engine_version: Mapped[str] = mapped_column(String(40), default="")
    weights_version: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(
        String(64), default=""
    )  # of the judged pairs, as rules.state_of gives it
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
