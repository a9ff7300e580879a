from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    case,
    false,
    or_,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.db import Base, today
from matchmaker.files.models import StoredFile
from matchmaker.organisations.names import name_in
from matchmaker.organisations.states import ChangeStatus, OrganisationStatus, standing


class Organisation(Base):
    __tablename__ = "organisations"
    __table_args__ = (Index(None, "province", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The legal name, in one language or in two: either may be "".
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    name_other: Mapped[str] = mapped_column(String(200), default="")
    other_language: Mapped[str] = mapped_column(String(2))  # en | es: the language of name_other
    type: Mapped[str] = mapped_column(String(20))
    province: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(60), default="")
    # ISO 3166, for a body abroad: its province is then the one that it works with. "" in China.
    country: Mapped[str] = mapped_column(String(2), default="")
    # Unified social credit code, GB 32100. None where the mainland has not registered it.
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    register_number: Mapped[str] = mapped_column(String(60), default="")  # of another register
    zone: Mapped[str] = mapped_column(String(120), default="")  # the park or zone that it is in
    sectors: Mapped[list[str]]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the fields of its type
    summary: Mapped[str] = mapped_column(Text)
    summary_language: Mapped[str] = mapped_column(String(2))
    website: Mapped[str] = mapped_column(String(200), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")  # rules.search_text of the profile
    contact_name: Mapped[str] = mapped_column(String(120))  # contacts: tier matched
    contact_email: Mapped[str] = mapped_column(String(254))
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = mapped_column(String(20), default=OrganisationStatus.REGISTERED)
    verified_until: Mapped[date | None]  # the last day of the verification in force
    lapse_warning: Mapped[int | None]  # days before its end that owners were last warned of
    suspension_reason: Mapped[str] = mapped_column(String(500), default="")
    closing_reason: Mapped[str] = mapped_column(String(500), default="")
    # None: what the plan says of the province; True or False: what a curator decided.
    needs_grant: Mapped[bool | None]
    capabilities_grant: Mapped[bool | None]
    # A curator has entered it, and nobody has taken its account over yet.
    awaits_owner: Mapped[bool] = mapped_column(default=False, server_default=false())
    leaves_on: Mapped[date | None]  # the day that it is deleted on if nobody has by then
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="organisation", lazy="raise"
    )
    verifications: Mapped[list[Verification]] = relationship(
        order_by="Verification.id.desc()", lazy="raise", back_populates="organisation"
    )

    changes: Mapped[list[ProfileChange]] = relationship(
        order_by="ProfileChange.id.desc()", lazy="raise", back_populates="organisation"
    )

    @property
    def organisation_id(self) -> int:
        """Itself: the permission table reads this of every subject."""
        return self.id

    @hybrid_property
    def standing(self) -> str:
        """Its status today: a verification lapses by its date, not by the job that records it."""
        return standing(self.status, self.verified_until, today())

    @standing.inplace.expression
    @classmethod
    def _standing(cls) -> ColumnElement[str]:
        ran_out = or_(cls.verified_until.is_(None), cls.verified_until < today())
        lapsed = and_(cls.status == OrganisationStatus.VERIFIED, ran_out)
        return case((lapsed, OrganisationStatus.LAPSED.value), else_=cls.status)

    @hybrid_property
    def is_verified(self) -> bool:
        """It is verified today."""
        return self.standing == OrganisationStatus.VERIFIED

    @is_verified.inplace.expression
    @classmethod
    def _is_verified(cls) -> ColumnElement[bool]:
        return and_(cls.status == OrganisationStatus.VERIFIED, cls.verified_until >= today())

    @hybrid_property
    def is_shown(self) -> bool:
        """Everybody may see it."""
        return self.status in OrganisationStatus.SHOWN

    @is_shown.inplace.expression
    @classmethod
    def _is_shown(cls) -> ColumnElement[bool]:
        return cls.status.in_(OrganisationStatus.SHOWN)

    @property
    def proposal(self) -> ProfileChange | None:
        """The identity that its owners propose; a curator has to verify it first."""
        return next((one for one in self.changes if one.status == ChangeStatus.PROPOSED), None)

    @property
    def unconfirmed(self) -> Verification | None:
        """A check that waits for a second officer."""
        return next((one for one in self.verifications if one.awaits_second), None)

    @property
    def provinces(self) -> tuple[str, ...]:
        """Its province, and the one that it proposes to be of: the curators of both look at it."""
        proposed = self.proposal.after.get("province") if self.proposal else None
        return (self.province, proposed) if proposed else (self.province,)

    def name_for(self, language: str) -> str:
        """The name to show a reader of the language."""
        return name_in(self, language)[0]

    def name_language(self, language: str) -> str:
        """The language of that name."""
        return name_in(self, language)[1]

    @property
    def badge(self) -> Verification | None:
        """The verification that is in force or ran out last: what was checked, and by whom."""
        standing = (one for one in self.verifications if not (one.ended_at or one.awaits_second))
        return next(standing, None)


class Membership(Base):
    """A user belongs to an organisation, and perhaps to others."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("organisation_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))  # a permissions.MemberRole
    joined_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(back_populates="memberships", lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")


class Verification(Base):
    """A curator checked who an organisation is, on what evidence, until when."""

    __tablename__ = "verifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    evidence: Mapped[str] = mapped_column(Text)  # for curators
    checks: Mapped[list[str]] = mapped_column(default=list)  # of codelist verification_check
    office: Mapped[str] = mapped_column(String(120), default="")  # the curator's, at that time
    verified_on: Mapped[date]
    expires_on: Mapped[date]
    # Set when the organisation became another (name, code, province or type) before it ran out.
    ended_at: Mapped[datetime | None]
    # With four eyes, a check counts once a second officer has confirmed it.
    awaits_second: Mapped[bool] = mapped_column(default=False)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    organisation: Mapped[Organisation] = relationship(back_populates="verifications", lazy="raise")
    curator: Mapped[User] = relationship(foreign_keys=curator_id, lazy="raise")
    second: Mapped[User | None] = relationship(foreign_keys=second_id, lazy="raise")


class VerificationMessage(Base):
    """What curators and an organisation say to each other about its verification."""

    __tablename__ = "verification_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(10))  # a MessageKind
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="raise")
    files: Mapped[list[StoredFile]] = relationship(
        secondary="verification_files", lazy="raise", order_by=StoredFile.id
    )


class VerificationFile(Base):
    """A licence or a letter that came with a message."""

    __tablename__ = "verification_files"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("verification_messages.id"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(ForeignKey(StoredFile.id), primary_key=True, unique=True)


class ProfileChange(Base):
    """A change of an organisation's profile, with the fields before and after it.

    A changed identity is proposed first. Other text is changed at once; a curator may change it
    back.
    """

    __tablename__ = "profile_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(10))  # a ChangeStatus
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(back_populates="changes", lazy="raise")
    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="raise")
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id, lazy="raise")

    @property
    def provinces(self) -> tuple[str, ...]:
        """The organisation's: the permission table reads this of every subject."""
        return self.organisation.provinces


class Handover(Base):
    """An administrator gave an organisation to its rightful owner, on evidence."""

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    administrator_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str] = mapped_column(String(254))
    evidence: Mapped[str] = mapped_column(Text)
    cleared: Mapped[bool]  # whether the members of then had to leave
    at: Mapped[datetime]

    administrator: Mapped[User] = relationship(lazy="raise")


class OrganisationMerge(Base):
    """A curator made two organisations one. What moved is kept, so that it can move back."""

    __tablename__ = "organisation_merges"
    __table_args__ = (
        # An organisation is part of one other at a time.
        Index(
            None,
            "merged_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    curator_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    status_before: Mapped[str] = mapped_column(String(20))  # of the merged one
    moved: Mapped[dict[str, Any]]  # table → the numbers of its rows; "names", "roles": what stood
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    kept: Mapped[Organisation] = relationship(foreign_keys=kept_id, lazy="raise")
    merged: Mapped[Organisation] = relationship(foreign_keys=merged_id, lazy="raise")
    curator: Mapped[User] = relationship(foreign_keys=curator_id, lazy="raise")

    @property
    def provinces(self) -> tuple[str, str]:
        """Of both: the permission table reads this of every subject."""
        return self.kept.province, self.merged.province

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.kept_id, self.merged_id


class JoinRequest(Base):
    """Somebody wants to join an organisation whose code they know; its owners decide."""

    __tablename__ = "join_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10))  # a JoinStatus
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="raise")


class ShownPerson(Base):
    """An expert or a broker on an organisation's page, once they have agreed by a mailed link."""

    __tablename__ = "shown_people"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))  # for the link; shown to owners alone
    role: Mapped[str] = mapped_column(String(10))  # of codelist person_role
    level: Mapped[str] = mapped_column(String(12), default="")  # of codelist broker_level
    field: Mapped[str] = mapped_column(String(200), default="")  # what they work on
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]  # None: asked, or taken back

    organisation: Mapped[Organisation] = relationship(lazy="raise")

    @property
    def is_shown(self) -> bool:
        return self.consented_at is not None


class Invitation(Base):
    """A colleague asked to join; the mailed link carries the token, the table its hash."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Registration(Base):
    """A visitor's words about their organisation, until they confirm their address.

    An unproven address takes no social credit code, and tells nobody whose address is known.
    """

    __tablename__ = "registrations"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    data: Mapped[dict[str, Any]]
    joins: Mapped[bool] = mapped_column(default=False)  # ask to join who has the code already
    created_at: Mapped[datetime]
