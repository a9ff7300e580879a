from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base
from matchmaker.listings.models import Listing
from matchmaker.plan.models import Plan


class Match(Base):
    """A need and a capability on their way to working together. One at a time for a pair."""

    __tablename__ = "matches"
    __table_args__ = (
        UniqueConstraint("need_id", "capability_id"),
        Index(None, "status", "expires_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    capability_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    status: Mapped[str] = mapped_column(String(30))
    proposed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id")
    )  # a curator, if one proposed it
    proposal_note: Mapped[str] = mapped_column(Text, default="")
    # Why it ended: a code of decline_reason, words for the other side, and the side that ended it.
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    end_note: Mapped[str] = mapped_column(Text, default="")
    ended_by: Mapped[str] = mapped_column(
        String(10), default=""
    )  # need | capability | "" (nobody answered)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_on: Mapped[date]  # the day by which the asked side should have answered
    nudged_at: Mapped[datetime | None]  # when a curator last reminded who has not answered
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    need: Mapped[Listing] = relationship(foreign_keys=need_id, lazy="raise")
    capability: Mapped[Listing] = relationship(foreign_keys=capability_id, lazy="raise")
    plan: Mapped[Plan] = relationship(lazy="raise")
    proposed_by: Mapped[User | None] = relationship(lazy="raise")
    interests: Mapped[list[Interest]] = relationship(
        lazy="raise", order_by="Interest.id", cascade="all, delete-orphan"
    )
    acceptances: Mapped[list[ConfidentialityAcceptance]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.need.organisation_id, self.capability.organisation_id

    @property
    def provinces(self) -> tuple[str, str]:
        return self.need.organisation.province, self.capability.organisation.province


class Interest(Base):
    """One side's expression of interest, with its message to the other."""

    __tablename__ = "interests"
    __table_args__ = (UniqueConstraint("match_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    side: Mapped[str] = mapped_column(String(10))  # need | capability
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    message: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")


class ConfidentialityAcceptance(Base):
    """A recorded promise not to disclose; it opens the other side's confidential annex."""

    __tablename__ = "confidentiality_acceptances"
    __table_args__ = (UniqueConstraint("match_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
