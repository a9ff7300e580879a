from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.cooperation.states import MatchStatus, standing
from matchmaker.db import Base, today
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
    # Why it ended: a code of the list that the move's row names, and words for the other side.
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    end_note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_on: Mapped[date]  # the day by which the asked side should have answered
    nudged_at: Mapped[datetime | None]  # when a curator last reminded who has not answered
    active_at: Mapped[datetime]  # the last sign of life: a move, a message, a meeting
    meets_at: Mapped[datetime | None]  # the latest time of its meetings, proposed or arranged
    reminders: Mapped[int] = mapped_column(default=0)  # sent since the clock began to run
    followed_up_at: Mapped[datetime | None]  # when a curator looked after an unanswered one
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
    steps: Mapped[list[Step]] = relationship(
        lazy="raise", order_by="Step.id", cascade="all, delete-orphan"
    )
    curator_invitations: Mapped[list[CuratorInvitation]] = relationship(
        lazy="raise", order_by="CuratorInvitation.id"
    )

    @hybrid_property
    def is_open(self) -> bool:
        """Somebody has yet to answer, and the time to do so is not over."""
        return self.standing in MatchStatus.OPEN

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return and_(cls.status.in_(MatchStatus.OPEN), cls.expires_on >= today())

    @hybrid_property
    def is_alive(self) -> bool:
        """It is open or agreed."""
        return self.is_open or self.status in MatchStatus.TOGETHER

    @is_alive.inplace.expression
    @classmethod
    def _is_alive(cls) -> ColumnElement[bool]:
        return or_(cls.is_open, cls.status.in_(MatchStatus.TOGETHER))

    @property
    def standing(self) -> str:
        """Its status today: time to answer ends by its date, not by the job that records it."""
        return standing(self.status, self.expires_on, today())

    @property
    def are_organisations_shown(self) -> bool:
        """Neither of the two organisations is suspended."""
        return self.need.organisation.is_shown and self.capability.organisation.is_shown

    @property
    def opens_contacts(self) -> bool:
        """The two sides see each other's contacts. Mirrored by `queries.opens_contacts`."""
        return self.status in MatchStatus.TOGETHER and self.are_organisations_shown

    @property
    def quiet_since(self) -> datetime:
        """The last sign of life, or the meeting that is to come: its clock runs from there."""
        return max(self.active_at, self.meets_at or self.active_at)

    @property
    def last_step(self) -> Step | None:
        """The newest move that still stands."""
        return next((step for step in reversed(self.steps) if step.taken_back_at is None), None)

    @property
    def last_together(self) -> str:
        """Where it stood last when both sides were together, for who would go on from there."""
        states = [step.before for step in self.steps if step.before in MatchStatus.TOGETHER]
        return states[-1] if states else MatchStatus.MUTUAL

    @property
    def curator_invitation(self) -> CuratorInvitation | None:
        """The invitation that stands: with it, both sides' curators take part in the thread."""
        return next((one for one in self.curator_invitations if one.ended_at is None), None)

    @property
    def are_curators_invited(self) -> bool:
        return self.curator_invitation is not None

    def promise_of(self, organisation_id: int | None) -> ConfidentialityAcceptance | None:
        """The organisation's promise in force, perhaps for an older annex than the present one."""
        return next(
            (
                one
                for one in self.acceptances
                if one.organisation_id == organisation_id and one.ended_at is None
            ),
            None,
        )

    def has_promised(self, organisation_id: int | None) -> bool:
        """Return whether the organisation has promised silence about the other's present annex."""
        own = organisation_id == self.need.organisation_id
        promise, annex = self.promise_of(organisation_id), self.capability if own else self.need
        return promise is not None and promise.annex_version == annex.annex_version

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.need.organisation_id, self.capability.organisation_id

    @property
    def provinces(self) -> tuple[str, str]:
        return self.need.organisation.province, self.capability.organisation.province


class Step(Base):
    """One move of a match, from a state to a state: its history, stage by stage."""

    __tablename__ = "match_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"), index=True)
    move: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(String(30))  # "": there was no match yet
    after: Mapped[str] = mapped_column(String(30))
    side: Mapped[str] = mapped_column(String(10), default="")  # need | capability | ""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: the nightly job
    reason: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")  # a curator's words to both sides
    at: Mapped[datetime]
    match_version: Mapped[int]  # that the move left behind; a later one shows that others moved
    taken_back_at: Mapped[datetime | None]


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
    """A recorded promise not to disclose; it opens the other side's confidential annex.

    It is for one version of the annex: a later one needs a promise of its own.
    """

    __tablename__ = "confidentiality_acceptances"
    __table_args__ = (
        # One promise of an organisation is in force at a time.
        Index(
            None,
            "match_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    annex_version: Mapped[int]
    # Set when it was revoked, was replaced by one for a later annex, or the match ended.
    ended_at: Mapped[datetime | None]


class CuratorInvitation(Base):
    """One side asked both sides' curators to take part, until a side takes that back."""

    __tablename__ = "curator_invitations"
    __table_args__ = (
        # One invitation of a match stands at a time.
        Index(
            None,
            "match_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    side: Mapped[str] = mapped_column(String(10))  # need | capability: that invited
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
