"""Tables that organisations bring, their rows, and what is remembered of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base
from matchmaker.listings.models import Listing
from matchmaker.organisations.models import Organisation
from matchmaker.plan.models import Plan


class Import(Base):
    """One file that was brought: what was read of it, and how far its rows have come."""

    __tablename__ = "imports"
    __table_args__ = (Index(None, "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))  # who brought it, or acted last
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))  # the file's
    sheets: Mapped[list[Any]]  # of each: name, heading_row, columns, left_out, replaced
    passed: Mapped[list[Any]]  # sheets that were passed over: name and why
    status: Mapped[str] = mapped_column(String(20))
    row_count: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)  # rows that this step has gone through
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]  # when its drafts were made
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")
    origin: Mapped[CuratedImport | None] = relationship(lazy="raise", passive_deletes=True)

    @property
    def province(self) -> str:
        """The organisation's: the permission table reads this of every subject."""
        return self.organisation.province

    @property
    def batch_id(self) -> int | None:
        """The table of several organisations that it is a part of."""
        return self.origin.batch_id if self.origin else None

    @property
    def is_by_curator(self) -> bool:
        """A curator has brought it for the organisation."""
        return self.origin is not None


class ImportBatch(Base):
    """A table that a curator brought: of listings of several organisations, or of organisations."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)  # who brought it
    kind: Mapped[str] = mapped_column(String(12))  # need, capability or organisation
    name: Mapped[str] = mapped_column(String(200))  # the file's
    sheets: Mapped[list[Any]]  # as those of an import
    passed: Mapped[list[Any]]
    rows: Mapped[list[Any]]  # that have no organisation yet: sheet, number, cells, repeats
    status: Mapped[str] = mapped_column(String(20))  # a BatchStatus
    counts: Mapped[dict[str, Any]]  # EntryStatus → how many rows came to it
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]  # when organisations were made of it
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class CuratedImport(Base):
    """An import that a curator brought for the organisation, and the table it is a part of."""

    __tablename__ = "curated_imports"

    import_id: Mapped[int] = mapped_column(
        ForeignKey(Import.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    curator_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey(ImportBatch.id, ondelete="SET NULL"), index=True
    )


class ImportedOrganisation(Base):
    """An organisation that was made of a row, and the row's own id by which it is known again."""

    __tablename__ = "imported_organisations"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey(Organisation.id), primary_key=True, autoincrement=False
    )
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey(ImportBatch.id, ondelete="SET NULL"), index=True
    )
    key: Mapped[str] = mapped_column(String(80), default="", index=True)
    organisation_version: Mapped[int]  # that the import left

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class ImportRow(Base):
    """A row of a table, and what comes of it."""

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "position"),
        Index(None, "import_id", "status"),
        Index(None, "import_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey(Import.id, ondelete="CASCADE"))
    position: Mapped[int]  # in the order of the file, from 0
    sheet: Mapped[int]  # its place among the sheets
    number: Mapped[int]  # as the sheet counts its rows
    cells: Mapped[list[Any]]
    repeats: Mapped[list[Any]]  # places of merged cells of a row above
    status: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200), default="")
    faults: Mapped[list[Any]] = mapped_column(default=list)  # rows.Problem, as lists
    remarks: Mapped[list[Any]] = mapped_column(default=list)
    is_remarked: Mapped[bool] = mapped_column(default=False)
    listing_id: Mapped[int | None] = mapped_column(
        ForeignKey(Listing.id, ondelete="SET NULL"), index=True
    )
    listing_version: Mapped[int | None]  # that the import left
    before: Mapped[dict[str, Any] | None]  # what an updated draft said in these fields


class ImportedListing(Base):
    """By what a row is known again: the listing that was made of it, and what it was told."""

    __tablename__ = "imported_listings"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "key"),)

    listing_id: Mapped[int] = mapped_column(
        ForeignKey(Listing.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(200))
    told: Mapped[dict[str, Any]]  # field → value, as the newest import said


class TableForm(Base):
    """What the columns of an organisation's own form hold, as somebody has said."""

    __tablename__ = "table_forms"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    kind: Mapped[str] = mapped_column(String(10))
    signature: Mapped[str] = mapped_column(String(64))  # of its headings
    fields: Mapped[dict[str, str]]  # place of a column → Field, or "" for none


class DraftSource(Base):
    """The file that a draft was filled from, and the sentences that its fields rest on."""

    __tablename__ = "draft_sources"

    listing_id: Mapped[int] = mapped_column(
        ForeignKey(Listing.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(String(200))  # the file's
    sentences: Mapped[dict[str, str]]  # field → the words that it rests on
    created_at: Mapped[datetime]
