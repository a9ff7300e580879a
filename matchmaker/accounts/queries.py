from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import (
    FeedAddress,
    LinkedSignIn,
    RecoveryCode,
    RoleRequest,
    SecondFactor,
    StaffContact,
    StaffRole,
    User,
    UserSession,
)
from matchmaker.accounts.rules import Lifetimes, Place


def user(session: Session, user_id: int | None) -> User | None:
    """One user with the staff roles; None when the account was erased."""
    return session.scalar(
        select(User)
        .where(User.id == user_id, User.erased_at.is_(None))
        .options(selectinload(User.staff_roles))
    )


def lock_user(session: Session, user_id: int) -> User | None:
    """The same, as it is now. The row is held until the commit, so that one of several is first."""
    return session.scalar(
        select(User)
        .where(User.id == user_id)
        .options(selectinload(User.staff_roles))
        .with_for_update(of=User, key_share=True)
        .execution_options(populate_existing=True)
    )


def user_by_email(session: Session, email: str | None) -> User | None:
    """`email` as normalised_email gives it."""
    return session.scalar(
        select(User).where(User.email == email).options(selectinload(User.staff_roles))
    )


def staff_role(session: Session, user_id: int, role_id: int) -> StaffRole | None:
    """One role of one user, with the user and all the user's roles."""
    return session.scalar(
        select(StaffRole)
        .where(StaffRole.id == role_id, StaffRole.user_id == user_id)
        .options(joinedload(StaffRole.user).selectinload(User.staff_roles))
    )


def role_requests(session: Session, user_id: int) -> Sequence[RoleRequest]:
    """Return roles of a user that wait for a second administrator, with who asked."""
    return session.scalars(
        select(RoleRequest)
        .where(RoleRequest.user_id == user_id)
        .options(joinedload(RoleRequest.asked_by))
        .order_by(RoleRequest.id)
    ).all()


def role_request(session: Session, user_id: int, request_id: int) -> RoleRequest | None:
    """Return one of them, with the user and the user's roles; it is held until the commit."""
    return session.scalar(
        select(RoleRequest)
        .where(RoleRequest.id == request_id, RoleRequest.user_id == user_id)
        .options(joinedload(RoleRequest.user, innerjoin=True).selectinload(User.staff_roles))
        .with_for_update(of=RoleRequest)
    )


def search(text: str) -> Select[tuple[User]]:
    """Accounts whose e-mail or name holds the text, newest first."""
    query = (
        select(User)
        .where(User.erased_at.is_(None))
        .options(selectinload(User.staff_roles))
        .order_by(User.id.desc())
    )
    if text:
        query = query.where(
            or_(
                User.email.icontains(text, autoescape=True),
                User.name.icontains(text, autoescape=True),
            )
        )
    return query


def curators_of(session: Session, province: str) -> Sequence[User]:
    """Return the province's own curators and the national ones."""
    mine = and_(StaffRole.role == "provincial_curator", StaffRole.province == province)
    staff = select(StaffRole.user_id).where(or_(mine, StaffRole.role == "national_curator"))
    return session.scalars(
        select(User).where(User.id.in_(staff), User.may_sign_in).order_by(User.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Reachable:
    """A curator as organisations may reach them; "" for what the curator has not given."""

    name: str
    office: str
    phone: str
    email: str


def reachable_curators(session: Session, province: str) -> Sequence[Reachable]:
    """The province's own curators; the national ones where it has none."""
    own = and_(StaffRole.role == "provincial_curator", StaffRole.province == province)
    return _reachable(session, own) or _reachable(session, StaffRole.role == "national_curator")


def _reachable(session: Session, role: ColumnElement[bool]) -> Sequence[Reachable]:
    rows = session.execute(
        select(User.name, StaffContact.office, StaffContact.phone, StaffContact.email)
        .outerjoin(StaffContact, StaffContact.user_id == User.id)
        .where(User.id.in_(select(StaffRole.user_id).where(role)), User.may_sign_in)
        .order_by(User.id)
    ).tuples()
    return [Reachable(name, *(value or "" for value in given)) for name, *given in rows]


def staff_contact(session: Session, user_id: int | None) -> StaffContact | None:
    return session.get(StaffContact, user_id) if user_id is not None else None


def office_of(session: Session, user_id: int | None) -> str:
    """The office that a curator has given; "" if none."""
    contact = staff_contact(session, user_id)
    return contact.office if contact else ""


def lock_active_administrators(session: Session) -> Sequence[int]:
    """Return the ids of those who can administer now.

    Their rows are locked until the commit, so that two cannot remove each other.
    """
    return session.scalars(
        select(User.id)
        .join(StaffRole, StaffRole.user_id == User.id)
        .where(StaffRole.role == "administrator", User.may_sign_in)
        .order_by(User.id)
        .with_for_update(key_share=True)
    ).all()


def open_session(
    session: Session, token_hash: str, lifetimes: Lifetimes, at: datetime
) -> UserSession | None:
    """The session of a cookie, unless it was ended, was idle or is too old."""
    return session.scalar(
        select(UserSession).where(UserSession.token_hash == token_hash, _is_open(lifetimes, at))
    )


def open_sessions(
    session: Session, user: User, lifetimes: Lifetimes, at: datetime
) -> Sequence[UserSession]:
    """Where the user is signed in now, the latest used first."""
    return session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.generation == user.generation,
            _is_open(lifetimes, at),
        )
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    ).all()


def session_by_id(session: Session, session_id: int) -> UserSession:
    return session.scalars(select(UserSession).where(UserSession.id == session_id)).one()


def places(session: Session, user_id: int) -> Sequence[Place]:
    """Every place that the user has signed in from, as far back as sessions are kept."""
    rows = session.execute(
        select(UserSession.address, UserSession.browser)
        .where(UserSession.user_id == user_id)
        .distinct()
    )
    return [Place(address, browser) for address, browser in rows]


def _is_open(lifetimes: Lifetimes, at: datetime) -> ColumnElement[bool]:
    return and_(
        UserSession.ended_at.is_(None),
        UserSession.seen_at > at - lifetimes.idle,
        UserSession.created_at > at - lifetimes.longest,
    )


def second_factor(session: Session, user_id: int, *, lock: bool = False) -> SecondFactor | None:
    """The user's factor, confirmed or not; `lock` holds it until the commit."""
    query = select(SecondFactor).where(SecondFactor.user_id == user_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def has_second_factor(session: Session, user_id: int) -> bool:
    """Return whether signing in takes a code."""
    confirmed = SecondFactor.confirmed_at.is_not(None)
    return bool(
        session.scalar(select(func.count()).where(SecondFactor.user_id == user_id, confirmed))
    )


def unused_recovery_codes(session: Session, user_id: int) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )


def recovery_codes(session: Session, user_id: int) -> Sequence[RecoveryCode]:
    """Every recovery code of the user, used or not."""
    return session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user_id)).all()


def recovery_code(session: Session, user_id: int, code_hash: str) -> RecoveryCode | None:
    """An unused recovery code of the user."""
    return session.scalars(
        select(RecoveryCode).where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.used_at.is_(None),
        )
    ).first()


def linked_sign_in(session: Session, user_id: int | None) -> LinkedSignIn | None:
    """The person of an institution who signs in to the account, or did until it was unlinked."""
    return session.scalar(select(LinkedSignIn).where(LinkedSignIn.user_id == user_id))


def linked_sign_in_of(session: Session, issuer: str, subject: str) -> LinkedSignIn | None:
    """The account that a person of an institution signs in to."""
    return session.scalar(
        select(LinkedSignIn).where(LinkedSignIn.issuer == issuer, LinkedSignIn.subject == subject)
    )


def feed_address(session: Session, user_id: int | None) -> FeedAddress | None:
    """The secret address of a person's feeds."""
    return session.get(FeedAddress, user_id) if user_id is not None else None


def reader_of_feed(session: Session, token_hash: str) -> int | None:
    """Return whose address has the token."""
    return session.scalar(select(FeedAddress.user_id).where(FeedAddress.token_hash == token_hash))
