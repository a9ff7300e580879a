from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base
from matchmaker.listings.models import Listing
from matchmaker.recommendation.states import Origin, SuggestionStatus


class Suggestion(Base):
    """The word of the engine, or a curator, that a capability may meet a need, with reasons."""

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("need_id", "capability_id"),
        Index(None, "capability_id", "score"),
        Index(None, "need_id", "score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    capability_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    origin: Mapped[str] = mapped_column(String(10))
    score: Mapped[float]
    band: Mapped[str] = mapped_column(String(10))
    parts: Mapped[dict[str, Any]]
    reasons: Mapped[list[Any]]
    requirements: Mapped[list[Any]] = mapped_column(
        default=list
    )  # the need's must-haves: met, unmet or unknown
    # What would lift the pair into the next band, if one change does: an engine.Change.
    lift: Mapped[dict[str, Any] | None]
    engine_version: Mapped[str] = mapped_column(String(40))
    weights_version: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]  # first named
    computed_at: Mapped[datetime]
    # False once the engine no longer names the pair, while people's decisions about it are kept.
    is_current: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = mapped_column(
        String(20), default=SuggestionStatus.NEW
    )  # the curators' word
    status_reason: Mapped[str] = mapped_column(String(40), default="")  # of codelist hold_reason
    status_note: Mapped[str] = mapped_column(
        Text, default=""
    )  # the curator's words, for curators only
    # Why a curator added the pair by hand; both organisations read it.
    curator_note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    need: Mapped[Listing] = relationship(foreign_keys=need_id, lazy="raise")
    capability: Mapped[Listing] = relationship(foreign_keys=capability_id, lazy="raise")
    marks: Mapped[list[SuggestionMark]] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def is_picked(self) -> bool:
        """A curator chose it or put it there."""
        return self.origin == Origin.CURATOR or self.status == SuggestionStatus.SHORTLISTED

    @property
    def are_both_shown(self) -> bool:
        """Both listings are shown, and they are of two organisations: two may have become one."""
        of_two = self.need.organisation_id != self.capability.organisation_id
        return of_two and self.need.is_shown and self.capability.is_shown

    @property
    def is_open(self) -> bool:
        """Both listings are shown, and no verification has lapsed: it pauses meanwhile."""
        owners = self.need.organisation, self.capability.organisation
        return self.are_both_shown and all(one.is_verified for one in owners)

    def is_shown_to(self, organisation_id: int | None) -> bool:
        """Return whether one of its organisations may see it, as `queries.of_organisation`.

        What curators hold back is hidden. So is what the engine no longer names, unless the
        organisation itself marked it: the other side's mark must not show.
        """
        marked = any(mark.organisation_id == organisation_id for mark in self.marks)
        named = self.is_current or self.origin in Origin.BY_HAND or marked
        return self.status in SuggestionStatus.OPEN and named and self.is_open

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.need.organisation_id, self.capability.organisation_id

    @property
    def provinces(self) -> tuple[str, str]:
        return self.need.organisation.province, self.capability.organisation.province


class Question(Base):
    """A must-have of which the texts do not say whether it is met, and its side's answer.

    It belongs to the pair: both organisations and their curators read it.
    """

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("suggestion_id", "must_have"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id"))
    must_have: Mapped[str] = mapped_column(String(300))  # as the need says it
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: said unasked
    asked_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(String(10), default="")  # "" until it is answered
    words: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class SuggestionMark(Base):
    """One organisation's word on a suggestion; dismissals have a coded reason.

    Each organisation sees its own mark only.
    """

    __tablename__ = "suggestion_marks"
    __table_args__ = (UniqueConstraint("suggestion_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    mark: Mapped[str] = mapped_column(String(10))  # an Answer
    reason: Mapped[str] = mapped_column(String(20), default="")  # of codelist dismiss_reason
    at: Mapped[datetime]
