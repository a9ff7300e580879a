from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.agreements.instruments import Instrument, instrument
from matchmaker.agreements.states import AgreementStatus, Standing, VersionStatus
from matchmaker.agreements.terms import Terms
from matchmaker.cooperation.models import Match
from matchmaker.db import Base, today
from matchmaker.files.models import StoredFile
from matchmaker.organisations.models import Organisation


def _only_one(status: str, *columns: str) -> Index:
    """At most one version of an agreement, or of a side of it, is in this state."""
    condition = text(f"status = '{status}'")
    return Index(
        f"uq_agreement_versions_{status}",
        *columns,
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


class Agreement(Base):
    """What the two sides of a match, perhaps with others, have agreed to do."""

    __tablename__ = "agreements"

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"), index=True)
    instrument_code: Mapped[str] = mapped_column(String(40))
    drafter_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))  # who began it
    status: Mapped[str] = mapped_column(String(20))
    agreed_on: Mapped[date | None]  # the day that its first version came into force
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    end_note: Mapped[str] = mapped_column(Text, default="")
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Rises with every move but the answer of one among several: theirs do not disturb each other.
    version: Mapped[int] = mapped_column(default=1)

    match: Mapped[Match] = relationship(lazy="raise")
    versions: Mapped[list[AgreementVersion]] = relationship(
        lazy="raise", order_by="AgreementVersion.id", cascade="all, delete-orphan"
    )
    people: Mapped[list[AgreementPerson]] = relationship(
        lazy="raise", order_by="AgreementPerson.id", cascade="all, delete-orphan"
    )
    milestones: Mapped[list[Milestone]] = relationship(
        lazy="raise", order_by="Milestone.due_on, Milestone.id", cascade="all, delete-orphan"
    )
    payments_made: Mapped[list[PaymentMade]] = relationship(
        lazy="raise", order_by="PaymentMade.place", cascade="all, delete-orphan"
    )
    entries: Mapped[list[ServiceEntry]] = relationship(
        lazy="raise", order_by="ServiceEntry.day, ServiceEntry.id", cascade="all, delete-orphan"
    )
    facility: Mapped[Facility | None] = relationship(lazy="raise")
    registration: Mapped[ContractRegistration | None] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )

    def title_for(self, language: str, organisation_id: int | None) -> str:
        """The name that the sides gave it, for who may know it, else that of its kind."""
        version = self.shown or self.draft_of(organisation_id)
        subject = version.terms.values.get("subject") if version else ""
        return str(subject or self.instrument.labels[language])

    @property
    def instrument(self) -> Instrument:
        return instrument(self.instrument_code)

    @property
    def pending(self) -> AgreementVersion | None:
        """The version that waits for answers."""
        return self._newest(VersionStatus.SENT)

    @property
    def current(self) -> AgreementVersion | None:
        """The version in force, also after the agreement has ended."""
        return self._newest(VersionStatus.IN_FORCE)

    @property
    def sent(self) -> list[AgreementVersion]:
        """All versions that were ever sent, the newest first."""
        known = [one for one in self.versions if one.status != VersionStatus.DRAFT]
        return sorted(known, key=lambda one: -(one.number or 0))

    @property
    def shown(self) -> AgreementVersion | None:
        """The version that a page shows first: in force, else the newest that was sent."""
        return self.current or next(iter(self.sent), None)

    def draft_of(self, organisation_id: int | None) -> AgreementVersion | None:
        """What a side is writing; the other does not know of it."""
        return next(
            (
                one
                for one in self.versions
                if one.status == VersionStatus.DRAFT and one.organisation_id == organisation_id
            ),
            None,
        )

    def _newest(self, status: str) -> AgreementVersion | None:
        return next((one for one in reversed(self.versions) if one.status == status), None)

    @property
    def is_known(self) -> bool:
        """It was sent once: the other side knows of it."""
        return self.status != AgreementStatus.DRAFT

    @property
    def is_binding(self) -> bool:
        return self.status in AgreementStatus.BINDING

    @property
    def side_ids(self) -> tuple[int, int]:
        return self.match.organisation_ids

    @property
    def organisation_ids(self) -> frozenset[int]:
        """Who may read it: the sides, and every party that was asked. A draft: its side alone."""
        if not self.is_known:
            return frozenset({self.drafter_id})
        asked = (one.organisation_id for version in self.sent for one in version.consents)
        return frozenset(self.side_ids) | frozenset(asked)

    @property
    def provinces(self) -> tuple[str, ...]:
        """The provinces whose curators may read it."""
        return self.match.provinces if self.is_known else ()

    @property
    def standing(self) -> Standing:
        pending = self.pending
        return Standing(
            status=self.status,
            side_ids=self.side_ids,
            sender_id=pending.organisation_id if pending else None,
            answers={one.organisation_id: one.answer for one in pending.consents}
            if pending
            else {},
        )

    def side_of(self, organisation_id: int | None) -> str:
        """The name of its side: need or capability; nothing for another party."""
        names = dict(zip(self.side_ids, ("need", "capability"), strict=True))
        return names.get(organisation_id, "") if organisation_id is not None else ""


class AgreementVersion(Base):
    """One wording of an agreement. What was sent is never changed."""

    __tablename__ = "agreement_versions"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        _only_one(VersionStatus.DRAFT, "agreement_id", "organisation_id"),
        _only_one(VersionStatus.SENT, "agreement_id"),
        _only_one(VersionStatus.IN_FORCE, "agreement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    number: Mapped[int | None]  # given when it is sent
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))  # who wrote it
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    status: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]]
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]  # when all had consented, or it was sent or taken back

    consents: Mapped[list[Consent]] = relationship(
        lazy="raise", order_by="Consent.id", cascade="all, delete-orphan"
    )

    @property
    def terms(self) -> Terms:
        return Terms.from_json(self.content)


class Consent(Base):
    """The word of one organisation on one version."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("version_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_versions.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    answer: Mapped[str] = mapped_column(String(3), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # why it was sent back
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class AgreementPerson(Base):
    """Somebody whom a side names for a post. Others read the name once consent is noted."""

    __tablename__ = "agreement_people"
    __table_args__ = (Index(None, "organisation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(120))
    staff_number: Mapped[str] = mapped_column(String(60), default="")
    key: Mapped[str] = mapped_column(String(200))  # tells one person of an organisation from others
    post: Mapped[str] = mapped_column(String(200), default="")
    full_time: Mapped[bool]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    consent_on: Mapped[date | None]  # the day that the person agreed to be named
    consent_evidence: Mapped[str] = mapped_column(String(500), default="")
    consent_noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    def is_shown_to(self, organisation_id: int | None) -> bool:
        return self.consent_on is not None or organisation_id == self.organisation_id


class Milestone(Base):
    """Something to be reached by a day. Its words are the template's until they are changed."""

    __tablename__ = "milestones"
    __table_args__ = (Index(None, "done_on", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    template: Mapped[str] = mapped_column(String(40), default="")
    what: Mapped[str] = mapped_column(String(300), default="")
    evidence_asked: Mapped[str] = mapped_column(String(300), default="")
    by: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    told_at: Mapped[datetime | None]  # when people were told that it is overdue
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    agreement: Mapped[Agreement] = relationship(lazy="raise", overlaps="milestones")
    files: Mapped[list[StoredFile]] = relationship(
        secondary="milestone_files", lazy="raise", order_by=StoredFile.id
    )

    @property
    def is_overdue(self) -> bool:
        return self.done_on is None and self.due_on < today()


class MilestoneFile(Base):
    """A file that shows that a milestone was reached."""

    __tablename__ = "milestone_files"

    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestones.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey(StoredFile.id), primary_key=True, unique=True)


class PaymentMade(Base):
    """A stage of the price that was paid: its place among the payments of the version in force."""

    __tablename__ = "payments_made"
    __table_args__ = (UniqueConstraint("agreement_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    place: Mapped[int]
    paid_on: Mapped[date]


class ServiceEntry(Base):
    """A day's service of an extension worker or a team. One struck out is kept and not counted."""

    __tablename__ = "service_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))  # who wrote it
    day: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    hours: Mapped[float] = mapped_column(Numeric(4, 1, asdecimal=False))
    what: Mapped[str] = mapped_column(Text)
    people: Mapped[int]  # whom it reached
    written_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]


class Facility(Base):
    """A pilot line, an instrument or a base whose slots several partners may book."""

    __tablename__ = "facilities"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(200))


class Slot(Base):
    """A time of a facility. Those of one facility do not overlap; one agreement books it."""

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("facility_id", "begins_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(300), default="")
    booked_at: Mapped[datetime | None]


class ContractRegistration(Base):
    """An agreement on its way through the registration of technology contracts."""

    __tablename__ = "contract_registrations"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), unique=True)
    contract_type: Mapped[str] = mapped_column(String(20))
    papers: Mapped[list[str]]  # codes of the checklist that are at hand
    accepted_on: Mapped[date | None]  # the day that the office took the application on
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    registered_on: Mapped[date | None]
    contract_value: Mapped[int | None] = mapped_column(BigInteger)  # in yuan, as registered
    technology_value: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]
