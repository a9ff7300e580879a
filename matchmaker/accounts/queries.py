from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import RoleRequest, StaffRole, User


def user(session: Session, user_id: int | None) -> User | None:
    """One user with the staff roles."""
    return session.scalar(
        select(User).where(User.id == user_id).options(selectinload(User.staff_roles))
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
    query = select(User).options(selectinload(User.staff_roles)).order_by(User.id.desc())
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


def lock_active_administrators(session: Session) -> Sequence[int]:
    """Return the ids of those who can administer now.

    Their rows are locked until the commit, so that two cannot remove each other.
    """
    return session.scalars(
        select(User.id)
        .join(StaffRole, StaffRole.user_id == User.id)
        .where(StaffRole.role == "administrator", User.may_sign_in)
        .order_by(User.id)
        .with_for_update()
    ).all()
