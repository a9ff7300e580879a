from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import BEIJING, Base


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # normalised, lower case
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))  # zh | en | es
    time_zone: Mapped[str] = mapped_column(String(40), default=BEIJING)  # of codelist time_zone
    password_hash: Mapped[str] = mapped_column(String(200))
    # Part of every session and mailed link: raising it ends them all (password change, suspension).
    generation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    email_confirmed_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspension_reason: Mapped[str] = mapped_column(String(500), default="")
    erased_at: Mapped[datetime | None]  # nothing is left here that tells who it was

    staff_roles: Mapped[list[StaffRole]] = relationship(
        back_populates="user", lazy="raise", cascade="all, delete-orphan"
    )

    @hybrid_property
    def may_sign_in(self) -> bool:
        """Return whether the address is confirmed and the account is not suspended."""
        return self.suspended_at is None and self.email_confirmed_at is not None

    @may_sign_in.inplace.expression
    @classmethod
    def _may_sign_in(cls) -> ColumnElement[bool]:
        return and_(cls.suspended_at.is_(None), cls.email_confirmed_at.is_not(None))


class StaffRole(Base):
    """A role beyond one's own organisation; a provincial curator has one row a province."""

    __tablename__ = "staff_roles"
    __table_args__ = (UniqueConstraint("user_id", "role", "province"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(40))
    province: Mapped[str] = mapped_column(String(2), default="")  # "" unless provincial_curator

    user: Mapped[User] = relationship(back_populates="staff_roles", lazy="raise")


class StaffContact(Base):
    """How organisations reach a curator: what stands wherever they are to contact one."""

    __tablename__ = "staff_contacts"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    office: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")


class UserSession(Base):
    """A sign-in: the browser's cookie carries the token, the table its hash."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    generation: Mapped[int]  # the user's, when the password was checked
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(80))
    second_factor: Mapped[bool]  # whether one was shown
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime]  # when the password was last asked for
    # Which organisation its user acts for, of several. Organisations stand above accounts, so this
    # is no foreign key.
    organisation_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]


class SecondFactor(Base):
    """A secret shared with somebody's authenticator app; it counts once a code has confirmed it."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    secret: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int]  # the time step of the last code taken: no code counts twice


class RecoveryCode(Base):
    """A code that stands in for the app once; only its hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class LinkedSignIn(Base):
    """The person of an institution who signs in to an account; at most one an account."""

    __tablename__ = "linked_sign_ins"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    issuer: Mapped[str] = mapped_column(String(200))  # the institution, by the address of its site
    subject: Mapped[str] = mapped_column(String(255))  # its own number of the person
    linked_at: Mapped[datetime]
    unlinked_at: Mapped[datetime | None]  # set: the institution may not link it again by itself


class RoleRequest(Base):
    """A role that one administrator wants to give, until a second one decides (four eyes)."""

    __tablename__ = "role_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    provinces: Mapped[list[str]]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="raise")
    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id, lazy="raise")


class FeedAddress(Base):
    """The secret address at which programs of a person read their days and searches."""

    __tablename__ = "feed_addresses"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
