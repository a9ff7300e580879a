from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base
from matchmaker.listings.models import Listing


class Suggestion(Base):
    """The engine's (or a curator's) word that a capability may meet a need, with its parts and reasons."""

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("need_id", "capability_id"),
        Index(None, "capability_id", "score"),
        Index(None, "need_id", "score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    capability_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    origin: Mapped[str] = mapped_column(String(10))  # engine | curator
    score: Mapped[float]
    band: Mapped[str] = mapped_column(String(10))
    parts: Mapped[dict[str, Any]]
    reasons: Mapped[list[Any]]
    engine_version: Mapped[str] = mapped_column(String(40))
    weights_version: Mapped[str] = mapped_column(String(40))
    computed_at: Mapped[datetime]
    # False once the engine no longer names the pair, while people's decisions about it are kept.
    is_current: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = mapped_column(String(20), default="new")  # the curators' word
    status_reason: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    need: Mapped[Listing] = relationship(foreign_keys=need_id, lazy="raise")
    capability: Mapped[Listing] = relationship(foreign_keys=capability_id, lazy="raise")
    marks: Mapped[list[SuggestionMark]] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.need.organisation_id, self.capability.organisation_id

    @property
    def provinces(self) -> tuple[str, str]:
        return self.need.organisation.province, self.capability.organisation.province


class SuggestionMark(Base):
    """What one of the two organisations said of a suggestion: kept, or dismissed with a coded reason."""

    __tablename__ = "suggestion_marks"
    __table_args__ = (UniqueConstraint("suggestion_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    mark: Mapped[str] = mapped_column(String(10))  # kept | dismissed
    reason: Mapped[str] = mapped_column(String(20), default="")  # of codelist dismiss_reason
    at: Mapped[datetime]


class ListingTerm(Base):
    """The search index: a published listing's terms with the tier that a reader needs to find it by them."""

    __tablename__ = "listing_terms"
    __table_args__ = (Index(None, "term", "tier", "listing_id"),)

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    term: Mapped[str] = mapped_column(String(80), primary_key=True)
    tier: Mapped[str] = mapped_column(String(10), primary_key=True)  # public | members
    weight: Mapped[float]
