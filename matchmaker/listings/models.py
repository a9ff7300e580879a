"""Needs and capabilities. One table: most columns are common, and every list shows both."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    case,
    or_,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base, today
from matchmaker.files.models import StoredFile
from matchmaker.listings.resources import TECHNOLOGY
from matchmaker.listings.states import ListingStatus, standing
from matchmaker.organisations.models import Organisation
from matchmaker.plan.models import KeyTask, Plan


class Listing(Base):
    __tablename__ = "listings"
    __table_args__ = (
        Index(None, "status", "kind", "published_at"),
        Index(None, "status", "published_at"),
        # Facets are counted from this index alone: the rows are wide.
        Index(
            "ix_listings_facets",
            "status",
            "kind",
            "resource",
            "goal",
            "language",
            "trl",
            "organisation_id",
            "deadline",
        ),
        Index(None, "organisation_id", "form_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Made with the form: the same form, sent twice, makes one draft.
    form_key: Mapped[str | None] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(10))  # need | capability
    # A technology, or what else is asked for or offered (resources.py).
    resource: Mapped[str] = mapped_column(String(12), default=TECHNOLOGY)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    status: Mapped[str] = mapped_column(String(20), default=ListingStatus.DRAFT)
    close_reason: Mapped[str] = mapped_column(String(20), default="")
    # public
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(160))
    # The title that a curator approved last: partners of a match read no other. Until then, that of
    # a listing made for a match is the platform's.
    approved_title: Mapped[str] = mapped_column(String(160), default="")
    summary: Mapped[str] = mapped_column(String(600), default="")
    goal: Mapped[str] = mapped_column(String(20), default="")
    province: Mapped[str] = mapped_column(String(2))
    deadline: Mapped[date | None]
    trl: Mapped[int | None]  # the lower end, where it is a range
    trl_high: Mapped[int | None]  # the upper end of a range
    # members
    description: Mapped[str] = mapped_column(
        Text, default=""
    )  # Markdown: the problem, or what it does
    budget_min: Mapped[int | None]  # yuan
    budget_max: Mapped[int | None]  # yuan
    fund_source: Mapped[str] = mapped_column(String(20), default="")
    talent_kind: Mapped[str] = mapped_column(
        String(20), default=""
    )  # wanted by a need, offered by a capability
    talent_number: Mapped[int | None]
    talent_months: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    ip_status: Mapped[str] = mapped_column(String(20), default="")
    deployments: Mapped[str] = mapped_column(Text, default="")
    seats: Mapped[int | None]  # places for trainees
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the fields of its resource
    # confidential
    annex: Mapped[str] = mapped_column(Text, default="")
    annex_version: Mapped[int] = mapped_column(default=1)  # a promise of silence is for one

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    # When its organisation or a curator last said that it is still open.
    confirmed_at: Mapped[datetime | None]
    # Set by the transaction that publishes, changes or withdraws, cleared by the job that
    # recomputed.
    matching_due: Mapped[bool] = mapped_column(default=False, index=True)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    author: Mapped[User] = relationship(lazy="raise")
    plan: Mapped[Plan] = relationship(lazy="raise")
    tasks: Mapped[list[KeyTask]] = relationship(
        secondary="listing_tasks", lazy="raise", order_by=KeyTask.code
    )
    modes: Mapped[list[ListingMode]] = relationship(lazy="raise", cascade="all, delete-orphan")
    sectors: Mapped[list[ListingSector]] = relationship(lazy="raise", cascade="all, delete-orphan")
    licences: Mapped[list[ListingLicence]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )
    requirements: Mapped[list[Requirement]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Requirement.position"
    )
    references: Mapped[list[ListingReference]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ListingReference.position"
    )
    reviews: Mapped[list[Review]] = relationship(lazy="raise", order_by="Review.id.desc()")
    annex_files: Mapped[list[StoredFile]] = relationship(
        secondary="annex_files", lazy="raise", order_by=StoredFile.id
    )
    working_text: Mapped[WorkingText | None] = relationship(lazy="raise")

    @hybrid_property
    def standing(self) -> str:
        """Its status today: a deadline passes by its date, not by the job that records it."""
        return standing(self.status, self.deadline, today())

    @standing.inplace.expression
    @classmethod
    def _standing(cls) -> ColumnElement[str]:
        passed = and_(cls.status == ListingStatus.PUBLISHED, cls.deadline < today())
        return case((passed, ListingStatus.EXPIRED.value), else_=cls.status)

    @hybrid_property
    def is_shown(self) -> bool:
        """Published, before its deadline, by an organisation that everybody may see."""
        return self.standing == ListingStatus.PUBLISHED and self.organisation.is_shown

    @is_shown.inplace.expression
    @classmethod
    def _is_shown(cls) -> ColumnElement[bool]:
        hidden = select(Organisation.id).where(~Organisation.is_shown)
        lasts = or_(cls.deadline.is_(None), cls.deadline >= today())
        is_published = cls.status == ListingStatus.PUBLISHED
        return and_(is_published, lasts, cls.organisation_id.not_in(hidden))

    @property
    def is_unread(self) -> bool:
        """No curator has ever approved it: nobody outside reads its text."""
        return self.published_at is None


class WorkingText(Base):
    """What was typed into a listing's form and the listing does not say.

    It is not saved yet, cannot be read yet, or changes a text that readers see. Only writers of the
    organisation see it.
    """

    __tablename__ = "working_texts"

    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listings.id"), primary_key=True, autoincrement=False
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    typed: Mapped[dict[str, Any]]  # field of the form → its texts, as they were sent
    # Of a published listing: what was sent to replace its text (rules.plain), and how that stands.
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    status: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class PublishedChange(Base):
    """A change of what readers see of a listing: the fields that differ, before and after."""

    __tablename__ = "published_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))  # who put it before readers
    is_small: Mapped[bool]  # a correction, which no curator approved beforehand
    before: Mapped[dict[str, Any]]  # as rules.snapshot has them
    after: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    listing: Mapped[Listing] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")
    # Of a correction: how it was taken back. Of another change: what it took back.
    taken_back: Mapped[TakenBack | None] = relationship(
        lazy="raise", foreign_keys="TakenBack.correction_id", viewonly=True
    )
    takes_back: Mapped[TakenBack | None] = relationship(
        lazy="raise", foreign_keys="TakenBack.change_id", viewonly=True
    )


class TakenBack(Base):
    """A curator took back a small correction, which can be done once."""

    __tablename__ = "taken_back_corrections"

    correction_id: Mapped[int] = mapped_column(
        ForeignKey("published_changes.id"), primary_key=True, autoincrement=False
    )
    # What that changed for readers: who did it, and when.
    change_id: Mapped[int] = mapped_column(ForeignKey("published_changes.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)

    change: Mapped[PublishedChange] = relationship(lazy="raise", foreign_keys=change_id)


class Reminder(Base):
    """Writers are asked to renew a listing, or whether it is still open. One answer is enough."""

    __tablename__ = "listing_reminders"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    deadline: Mapped[date | None]  # that it is about; none where it asks whether it is still open
    days: Mapped[int]  # before the deadline, or without a word
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class MadeListing(Base):
    """A listing that was drafted to approach another: until its review, for that match alone."""

    __tablename__ = "made_listings"

    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listings.id"), primary_key=True, autoincrement=False
    )
    partner_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))


class AnnexFile(Base):
    """A file of the confidential annex of a listing."""

    __tablename__ = "annex_files"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey(StoredFile.id), primary_key=True, unique=True)


class ListingTask(Base):
    __tablename__ = "listing_tasks"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("key_tasks.id"), primary_key=True, index=True)


class ListingMode(Base):
    __tablename__ = "listing_modes"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class ListingSector(Base):
    __tablename__ = "listing_sectors"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class ListingLicence(Base):
    __tablename__ = "listing_licences"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)


class Requirement(Base):
    """One line that a need must have, or would like to have. Tier members."""

    __tablename__ = "requirements"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    position: Mapped[int]
    must: Mapped[bool]
    text: Mapped[str] = mapped_column(String(300))


class ListingReference(Base):
    """A patent, paper or standard that a capability names by number. Tier members."""

    __tablename__ = "listing_references"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(120), index=True)  # as references.py writes it
    shows: Mapped[str] = mapped_column(String(300))


class Review(Base):
    """A curator's answer to a submitted listing."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decision: Mapped[str] = mapped_column(String(20))  # published | changes_requested
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    # What was decided on (rules.snapshot), so that the next review shows what changed. No annex.
    snapshot: Mapped[dict[str, Any]] = mapped_column(default=dict)

    curator: Mapped[User] = relationship(lazy="raise")


class Bookmark(Base):
    """A listing that somebody keeps, for themselves alone."""

    __tablename__ = "bookmarks"
    __table_args__ = (UniqueConstraint("user_id", "listing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    is_watched: Mapped[bool]  # they are told when it changes, goes, or its deadline nears
    at: Mapped[datetime]
    deadline_told: Mapped[date | None]  # the deadline that they have been reminded of

    listing: Mapped[Listing] = relationship(lazy="raise")


class TermWeights(TypeDecorator[dict[str, float]]):
    """Term → weight, kept as JSON by weight, which is half as long: most terms share theirs."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, float] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        terms: dict[float, list[str]] = {}
        for term, weight in value.items():
            terms.setdefault(weight, []).append(term)
        return json.dumps(terms, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, float] | None:
        if value is None:
            return None
        return {
            term: float(weight) for weight, terms in json.loads(value).items() for term in terms
        }


class SearchRow(Base):
    """Terms that find a published listing, with weights. The search index is made of them."""

    __tablename__ = "listing_search_rows"

    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listings.id"), primary_key=True, autoincrement=False
    )
    public: Mapped[dict[str, float]] = mapped_column(TermWeights)
    members: Mapped[dict[str, float]] = mapped_column(
        TermWeights
    )  # what only members find it by, beside all that is public


class ListingConcept(Base):
    """Concepts of a published listing, each with the tier that a reader needs.

    Clustered by listing: counting the concepts of some listings reads those rows alone.
    """

    __tablename__ = "listing_concepts"
    __table_args__ = (Index(None, "code", "tier", "listing_id"), {"sqlite_with_rowid": False})

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    tier: Mapped[str] = mapped_column(String(10))  # public | members
    weight: Mapped[float]
