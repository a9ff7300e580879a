"""Everything that changes an account. Mails are returned as values: the caller posts them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts import queries, rules
from matchmaker.accounts.models import RoleRequest, StaffContact, StaffRole, User
from matchmaker.accounts.passwords import NONE, hash_password, is_outdated, matches
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Refusal, Refused
from matchmaker.permissions import SYSTEM, Actor


def as_actor(user: User) -> Actor:
    """Somebody who acts on their own account before being signed in."""
    return Actor(user_id=user.id, name=user.name, language=user.language)


def is_claimed(user: User) -> bool:
    """Return whether the account is somebody's, so that nobody may register over it.

    One that an administrator opened is, before its owner ever came: it may hold a role.
    """
    proven = user.email_confirmed_at is not None or user.suspended_at is not None
    return proven or user.password_hash == NONE or bool(user.staff_roles)


def open_account(
    session: Session,
    email: str,
    name: str,
    language: str,
    password_hash: str,
    *,
    at: datetime | None = None,
) -> User:
    """Open an account whose address is not confirmed yet.

    One that never was confirmed is taken over, and its links end.
    """
    at = moment(at)
    user = queries.user_by_email(session, email)
    if user is None:
        user = User(email=email, generation=1, created_at=at, staff_roles=[])
        session.add(user)
    elif is_claimed(user):
        raise ValueError("the account belongs to somebody")
    else:
        user.generation += 1
    user.name, user.language, user.password_hash = name, language, password_hash
    session.flush()
    audit.record(session, as_actor(user), "account.register", "account", user.id, at=at)
    return user


def confirm(session: Session, user: User, *, at: datetime | None = None) -> None:
    at = moment(at)
    if user.email_confirmed_at is None:
        user.email_confirmed_at = at
        audit.record(session, as_actor(user), "account.confirm", "account", user.id, at=at)


def authenticate(session: Session, email: str | None, password: str) -> User | None:
    """Return the user with this e-mail and password; unknown addresses take as long."""
    user = queries.user_by_email(session, email) if email else None
    return (
        user
        if matches(user.password_hash if user else None, password) and user is not None
        else None
    )


def renew_hash(user: User, password: str) -> None:
    """Hash the password again if that was done with weaker parameters."""
    if is_outdated(user.password_hash):
        user.password_hash = hash_password(password)


def ask_reset(
    session: Session, actor: Actor, email: str | None, *, at: datetime | None = None
) -> User | None:
    """Return who may be mailed a link.

    Asked for an unknown or suspended address, the same is done and nobody is named.
    """
    at = moment(at)
    user = queries.user_by_email(session, email) if email else None
    found = user if user is not None and user.suspended_at is None else None
    audit.record(session, actor, "account.ask_reset", "account", found.id if found else None, at=at)
    return found


def set_password(
    session: Session, actor: Actor, user: User, password: str, *, at: datetime | None = None
) -> None:
    """Set a new password; every session and every mailed link of the user ends.

    Raises Refused for a weak one.
    """
    at = moment(at)
    _check_password(password, user.email)
    user.password_hash = hash_password(password)
    user.generation += 1
    audit.record(session, actor, "account.set_password", "account", user.id, at=at)


def change_email(session: Session, user: User, address: str, *, at: datetime | None = None) -> str:
    """Give the user another address, which a mailed link has proved; return the former one.

    Every session and mailed link of the user ends. Raises Refused for somebody else's address.
    """
    at = moment(at)
    former = _take_address(session, user, address)
    audit.record(session, as_actor(user), "account.change_email", "account", user.id, at=at)
    return former


def revert_email(session: Session, user: User, address: str, *, at: datetime | None = None) -> None:
    """Give the user the former address back, and no password until a mailed link sets one."""
    at = moment(at)
    _take_address(session, user, address)
    user.password_hash = NONE
    linked = queries.linked_sign_in(session, user.id)
    if linked is not None:  # it may be of who changed the address
        session.delete(linked)
    audit.record(session, as_actor(user), "account.revert_email", "account", user.id, at=at)


def edit_profile(
    session: Session,
    actor: Actor,
    user: User,
    name: str,
    language: str,
    *,
    time_zone: str,
    at: datetime | None = None,
) -> None:
    at = moment(at)
    user.name, user.language, user.time_zone = name, language, time_zone
    audit.record(session, actor, "account.edit", "account", user.id, at=at)


def create(
    session: Session,
    actor: Actor,
    email: str,
    name: str,
    language: str,
    *,
    at: datetime | None = None,
) -> User:
    """Open an account without a password, for somebody who is then mailed a link.

    Raises Refused for a known address.
    """
    at = moment(at)
    user = _new(session, email, name, language, NONE, at=at)
    audit.record(session, actor, "account.create", "account", user.id, at=at)
    return user


def create_administrator(
    session: Session,
    email: str,
    name: str,
    password: str,
    language: str = "zh",
    *,
    at: datetime | None = None,
) -> User:
    """Open the account of an administrator, ready to sign in.

    Raises Refused for what is no address, a known one or a weak password.
    """
    at = moment(at)
    _check_password(password, email)
    user = _new(session, email, name, language, hash_password(password), at=at)
    user.email_confirmed_at = at
    user.staff_roles = [StaffRole(role="administrator")]
    session.flush()
    audit.record(session, SYSTEM, "account.create", "account", user.id, at=at)
    audit.record(
        session,
        SYSTEM,
        "account.give_role",
        "account",
        user.id,
        role="administrator",
        provinces=[],
        at=at,
    )
    return user


def set_staff_contact(
    session: Session,
    actor: Actor,
    *,
    office: str,
    phone: str,
    email: str,
    at: datetime | None = None,
) -> None:
    """Keep how organisations may reach the actor, a curator."""
    at = moment(at)
    session.merge(StaffContact(user_id=actor.user_id, office=office, phone=phone, email=email))
    audit.record(session, actor, "account.set_contact", "account", actor.user_id, at=at)


def suspend(
    session: Session, actor: Actor, user: User, reason: str, *, at: datetime | None = None
) -> None:
    """Ends every session. Nobody suspends themselves, nor the last administrator."""
    at = moment(at)
    if user.id == actor.user_id:
        raise Refused(Refusal.OWN_ACCOUNT)
    if user.suspended_at is not None:
        raise Refused(Refusal.ACCOUNT_SUSPENDED)
    _keep_an_administrator(session, user)
    user.suspended_at, user.suspension_reason = at, reason
    user.generation += 1
    audit.record(session, actor, "account.suspend", "account", user.id, at=at)


def reinstate(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> None:
    at = moment(at)
    if user.suspended_at is None:
        raise Refused(Refusal.ACCOUNT_NOT_SUSPENDED)
    user.suspended_at, user.suspension_reason = None, ""
    audit.record(session, actor, "account.reinstate", "account", user.id, at=at)


def erase(
    session: Session,
    actor: Actor,
    user: User,
    name: str,
    address: str,
    *,
    at: datetime | None = None,
) -> None:
    """Put a name and an address that say nothing in the place of the user's; sessions end.

    Raises Refused for the last administrator.
    """
    at = moment(at)
    _keep_an_administrator(session, user)
    user.name, user.email, user.password_hash = name, address, NONE
    user.email_confirmed_at, user.erased_at = None, at
    user.generation += 1
    session.flush()
    audit.record(session, actor, "account.erase", "account", user.id, at=at)


def give_role(
    session: Session,
    actor: Actor,
    user: User,
    role: str,
    provinces: Iterable[str] = (),
    *,
    at: datetime | None = None,
) -> None:
    """Give a role beyond one's own organisation; a provincial curator's has provinces."""
    at = moment(at)
    added = _to_be_added(user, role, provinces)
    user.staff_roles.extend(StaffRole(role=role, province=province) for province in added)
    session.flush()
    _record_role(session, actor, "account.give_role", user, role=role, provinces=added, at=at)


def _record_role(
    session: Session,
    actor: Actor,
    action: str,
    user: User,
    *,
    role: str,
    provinces: Iterable[str],
    at: datetime,
) -> None:
    named = [province for province in provinces if province]
    audit.record(session, actor, action, "account", user.id, role=role, provinces=named, at=at)


def _to_be_added(user: User, role: str, provinces: Iterable[str]) -> list[str]:
    """Return the provinces that a role would add, "" for a role without. Raises Refused."""
    if user.email_confirmed_at is None and user.password_hash != NONE:
        raise Refused(Refusal.ADDRESS_UNPROVEN)
    wanted = sorted(set(provinces)) if role == "provincial_curator" else [""]
    if not wanted:
        raise Refused(Refusal.NO_PROVINCE)
    had = {(entry.role, entry.province) for entry in user.staff_roles}
    added = [province for province in wanted if (role, province) not in had]
    if not added:
        raise Refused(Refusal.HAS_ROLE)
    return added


def ask_role(
    session: Session,
    actor: Actor,
    user: User,
    role: str,
    provinces: Iterable[str] = (),
    *,
    at: datetime | None = None,
) -> None:
    """Put a role before a second administrator, who gives it."""
    at = moment(at)
    added = _to_be_added(user, role, provinces)
    session.add(
        RoleRequest(user_id=user.id, role=role, provinces=added, asked_by_id=actor.user_id, at=at)
    )
    _record_role(session, actor, "account.ask_role", user, role=role, provinces=added, at=at)


def confirm_role(
    session: Session, actor: Actor, request: RoleRequest, *, at: datetime | None = None
) -> None:
    """Give the role that another administrator asked for."""
    if request.asked_by_id == actor.user_id:
        raise Refused(Refusal.SECOND_OFFICER)
    give_role(session, actor, request.user, request.role, request.provinces, at=at)
    session.delete(request)


def drop_role(
    session: Session, actor: Actor, request: RoleRequest, *, at: datetime | None = None
) -> None:
    """Decide against it."""
    at = moment(at)
    user, role, provinces = request.user, request.role, request.provinces
    session.delete(request)
    _record_role(session, actor, "account.drop_role", user, role=role, provinces=provinces, at=at)


def take_role(
    session: Session, actor: Actor, role: StaffRole, *, at: datetime | None = None
) -> None:
    """Raises Refused for the last administrator."""
    at = moment(at)
    user = role.user
    if role.role == "administrator":
        _keep_an_administrator(session, user)
    user.staff_roles.remove(role)
    session.flush()
    _record_role(
        session, actor, "account.take_role", user, role=role.role, provinces=[role.province], at=at
    )


def _take_address(session: Session, user: User, address: str) -> str:
    """Change the address. An account that nobody has confirmed gives way to who has proved it."""
    holder = queries.user_by_email(session, address)
    if holder is not None and holder is not user:
        if is_claimed(holder):
            raise Refused(Refusal.ADDRESS_KNOWN, email=address)
        holder.email = f"{holder.id}@unconfirmed.invalid"
        holder.generation += 1
        session.flush()
    former, user.email = user.email, address
    user.generation += 1
    session.flush()
    return former


def _new(
    session: Session, email: str, name: str, language: str, password_hash: str, *, at: datetime
) -> User:
    address = rules.normalised_email(email)
    if address is None:
        raise Refused(Refusal.NO_ADDRESS, email=email)
    if queries.user_by_email(session, address) is not None:
        raise Refused(Refusal.ADDRESS_KNOWN, email=address)
    user = User(
        email=address,
        name=name,
        language=language,
        password_hash=password_hash,
        generation=1,
        created_at=at,
        staff_roles=[],
    )
    session.add(user)
    session.flush()
    return user


def _check_password(password: str, email: str) -> None:
    fault = rules.password_fault(password, email)
    if fault is not None:
        raise Refused(fault, **rules.PASSWORD_LIMITS.get(fault, {}))


def _keep_an_administrator(session: Session, user: User) -> None:
    """Called before an administrator may lose the role or the account."""
    administrators = queries.lock_active_administrators(session)
    if user.id in administrators and not rules.may_lose_administrator(user.id, administrators):
        raise Refused(Refusal.LAST_ADMINISTRATOR)
