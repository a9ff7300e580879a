from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base


class Judgement(Base):
    """How well a capability meets a need, in a curator's judgement. One for a pair: the last word holds."""

    __tablename__ = "judgements"
    __table_args__ = (UniqueConstraint("need_id", "capability_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    capability_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    grade: Mapped[int]  # of codelist pair_grade: 3 would solve it … 0 does not fit
    note: Mapped[str] = mapped_column(Text, default="")  # for curators only
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    user: Mapped[User] = relationship(lazy="raise")


class MatchQuality(Base):
    """How well the engine ranks the judged pairs of some provinces: the last result, and whether a new one is asked for.

    The job computes it with no transaction open, and clears `requested_at` in the one that writes the result.
    """

    __tablename__ = "match_quality"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(120), unique=True)  # "63,65"; "all" provinces
    requested_at: Mapped[datetime | None] = mapped_column(index=True)
    computed_at: Mapped[datetime | None]
    engine_version: Mapped[str] = mapped_column(String(40), default="")
    weights_version: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(64), default="")  # of the judged pairs, as rules.state_of gives it
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
