from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base


class Judgement(Base):
    """A curator's word on how well a capability meets a need: the last one holds."""

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
