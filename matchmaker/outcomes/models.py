from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.cooperation.models import Match
from matchmaker.db import Base
from matchmaker.files.models import StoredFile


class Outcome(Base):
    """A result of a match. What it says stands in its versions; none of them is ever changed."""

    __tablename__ = "outcomes"
    __table_args__ = (
        # The same contract counts once on the platform, for each measure of it.
        UniqueConstraint("measure", "counted_contract"),
        Index(None, "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"), index=True)
    measure: Mapped[str] = mapped_column(String(40))  # a code of outcome_measures.yaml
    side: Mapped[str] = mapped_column(String(10))  # that reported it: need | capability
    status: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]  # of its newest version
    counted_number: Mapped[int | None]  # of the version that a curator verified
    counted_contract: Mapped[str | None] = mapped_column(String(100))  # that version's, compared
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    match: Mapped[Match] = relationship(lazy="raise")
    versions: Mapped[list[OutcomeVersion]] = relationship(
        lazy="raise", order_by="OutcomeVersion.number", cascade="all, delete-orphan"
    )

    @property
    def current(self) -> OutcomeVersion:
        return self.versions[-1]

    @property
    def counted(self) -> OutcomeVersion | None:
        """The version that counts; it may be older than the newest."""
        return next((one for one in self.versions if one.number == self.counted_number), None)

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.match.organisation_ids

    @property
    def provinces(self) -> tuple[str, str]:
        return self.match.provinces


class OutcomeVersion(Base):
    """What one side said of a result at a time, and what the others said to it."""

    __tablename__ = "outcome_versions"
    __table_args__ = (UniqueConstraint("outcome_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcomes.id"))
    number: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)  # in the smallest unit of the measure's kind
    first_day: Mapped[date]
    last_day: Mapped[date]
    evidence: Mapped[str] = mapped_column(Text, default="")
    evidence_link: Mapped[str] = mapped_column(String(500), default="")
    evidence_number: Mapped[str] = mapped_column(String(100), default="")
    contract_number: Mapped[str] = mapped_column(String(100), default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    # The other side: confirmed or disputed, with words.
    answer: Mapped[str] = mapped_column(String(20), default="")
    answer_words: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    # The curator: verified or sent back, with words.
    decision: Mapped[str] = mapped_column(String(20), default="")
    decision_words: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    files: Mapped[list[StoredFile]] = relationship(
        secondary="result_files", lazy="raise", order_by=StoredFile.id
    )


class ResultFile(Base):
    """A file that shows that a version of a result is so. A later version may have it, too."""

    __tablename__ = "result_files"

    version_id: Mapped[int] = mapped_column(ForeignKey("outcome_versions.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey(StoredFile.id), primary_key=True, index=True)


class FollowUp(Base):
    """One side is asked how a match goes, some days after both said yes. Its answer is no proof."""

    __tablename__ = "follow_ups"
    __table_args__ = (UniqueConstraint("match_id", "since", "days", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    side: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]  # when both had said yes; a match may end and begin again
    days: Mapped[int]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    progress: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(20), default="")  # of end_reason, when it ended
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship(lazy="raise")


class Satisfaction(Base):
    """What one side thinks of the cooperation, from 1 to 5. The other side never reads it."""

    __tablename__ = "satisfactions"
    __table_args__ = (UniqueConstraint("match_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    side: Mapped[str] = mapped_column(String(10))
    again: Mapped[int]  # would work with them again
    useful: Mapped[int]  # the platform was of use
    words: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
