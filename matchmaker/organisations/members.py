"""Everything that changes who belongs to an organisation."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts import queries as accounts
from matchmaker.accounts import service as account_service
from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import NotAllowed, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.notices import service as notices
from matchmaker.organisations import belonging, identity, joining, queries, rules
from matchmaker.organisations.models import Invitation, Membership, Organisation
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor, MemberRole

# Builds the address of the page that a mailed token opens.
Path = Callable[[str], str]


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    email: str,
    role: str,
    *,
    path: Path,
    at: datetime | None = None,
) -> Invitation:
    """Ask a colleague to join; an older invitation to the same address is replaced.

    Raises Refused for a member, and for an unverified organisation that has invited enough;
    LimitReached for too many.
    """
    at = moment(at)
    belonging.lock_members(session, organisation.id)  # two owners may ask one colleague at once
    _may_invite(session, actor, organisation)
    if belonging.is_member_email(session, organisation.id, email):
        raise Refused(Refusal.ALREADY_A_MEMBER)
    for older in belonging.open_invitations(session, organisation.id, at):
        if older.email == email:
            older.withdrawn_at = at
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        organisation_id=organisation.id,
        email=email,
        role=role,
        token_hash=hash_token(token),
        invited_by_id=actor.user_id,
        created_at=at,
        expires_at=at + rules.INVITATION_GOOD_FOR,
    )
    session.add(invitation)
    session.flush()
    audit.record(
        session, actor, "organisation.invite", "organisation", organisation.id, role=role, at=at
    )
    limits.count(session, actor, Act.INVITATION, email, at=at)
    _mail_invitation(session, actor, organisation, invitation, path(token), at=at)
    return invitation


def _may_invite(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Nobody uses the site to mail strangers before a curator has seen who they are."""
    by_administrator = actor.organisation_id != organisation.id
    if by_administrator or organisation.status != OrganisationStatus.REGISTERED:
        return
    most = rules.MOST_INVITATIONS_UNVERIFIED
    if belonging.invitations_unverified(session, organisation.id) >= most:
        raise Refused(Refusal.INVITATIONS_UNVERIFIED, number=most)


def _mail_invitation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    invitation: Invitation,
    path: str,
    *,
    at: datetime,
) -> None:
    """Write in the inviter's language: whether the address has an account must not show."""
    language = actor.language or "zh"
    params = {
        "inviter": actor.name,
        "organisation": organisation.name_for(language),
        "role": invitation.role,
    }
    unverified = organisation.status == OrganisationStatus.REGISTERED
    kind = "organisation.first_invitation" if unverified else "organisation.invitation"
    notices.mail(session, invitation.email, language, kind, path, **params, at=at)


def withdraw(
    session: Session, actor: Actor, invitation: Invitation, *, at: datetime | None = None
) -> None:
    at = moment(at)
    if invitation.accepted_at is not None:
        raise Refused(Refusal.INVITATION_ACCEPTED)
    invitation.withdrawn_at = invitation.withdrawn_at or at
    audit.record(
        session,
        actor,
        "organisation.withdraw_invitation",
        "organisation",
        invitation.organisation_id,
        at=at,
    )


def accept(
    session: Session, user: User, invitation: Invitation, *, at: datetime | None = None
) -> Membership:
    """Join with an open invitation, which must be for this user's own address."""
    at = moment(at)
    if user.email != invitation.email:
        raise NotAllowed
    membership = joining.enrol(session, user, invitation.organisation_id, invitation.role, at=at)
    invitation.accepted_at = at
    actor = account_service.as_actor(user)
    joining.end_requests(session, actor, user.id, invitation.organisation_id, at=at)
    kept = belonging.registration(session, user.id)
    if kept is not None:
        session.delete(kept)
    session.flush()
    audit.record(
        session,
        actor,
        "organisation.join",
        "organisation",
        invitation.organisation_id,
        role=invitation.role,
        at=at,
    )
    _note_owner(session, user, invitation, at=at)
    return membership


def _note_owner(session: Session, user: User, invitation: Invitation, *, at: datetime) -> None:
    """An organisation that a curator has entered has an owner now, and waits to be verified."""
    organisation = queries.organisation(session, invitation.organisation_id)
    if organisation is None or not organisation.awaits_owner:
        return
    organisation.awaits_owner = False
    identity.touch(session, organisation)
    kind, provinces = "organisation.taken_over", [organisation.province]
    identity.tell_curators(session, organisation, kind, provinces, name=user.name, at=at)


def accept_as_new(
    session: Session,
    invitation: Invitation,
    name: str,
    language: str,
    password: str,
    *,
    at: datetime | None = None,
) -> User:
    """Open an account for the invited address and join. The mailed link has proved the address."""
    at = moment(at)
    known = accounts.user_by_email(session, invitation.email)
    if known is not None and account_service.is_claimed(known):
        raise NotAllowed
    user = account_service.open_account(
        session, invitation.email, name, language, hash_password(password), at=at
    )
    account_service.confirm(session, user, at=at)
    accept(session, user, invitation, at=at)
    return user


def change_role(
    session: Session, actor: Actor, membership: Membership, role: str, *, at: datetime | None = None
) -> None:
    at = moment(at)
    members = _current(session, membership)
    _still_owner(actor, members)
    if membership.role == role:
        return
    _keep_an_owner(membership, members)
    membership.role = role
    audit.record(
        session,
        actor,
        "organisation.change_role",
        "organisation",
        membership.organisation_id,
        user=membership.user_id,
        role=role,
        at=at,
    )


def remove(
    session: Session, actor: Actor, membership: Membership, *, at: datetime | None = None
) -> None:
    at = moment(at)
    members = _current(session, membership)
    _still_owner(actor, members)
    _keep_an_owner(membership, members)
    session.delete(membership)
    audit.record(
        session,
        actor,
        "organisation.remove_member",
        "organisation",
        membership.organisation_id,
        user=membership.user_id,
        at=at,
    )


def leave(
    session: Session, actor: Actor, membership: Membership, *, at: datetime | None = None
) -> None:
    at = moment(at)
    members = _current(session, membership)
    _keep_an_owner(membership, members)
    session.delete(membership)
    audit.record(
        session, actor, "organisation.leave", "organisation", membership.organisation_id, at=at
    )


def _current(session: Session, membership: Membership) -> Sequence[Membership]:
    """Return the members as they are now, held until the commit.

    Raises NotAllowed when this one is gone meanwhile.
    """
    members = belonging.lock_members(session, membership.organisation_id)
    if membership not in members:
        raise NotAllowed
    return members


def _still_owner(actor: Actor, members: Sequence[Membership]) -> None:
    """Another owner may have been quicker than the page this was sent from."""
    if not any(
        member.user_id == actor.user_id and member.role == MemberRole.OWNER for member in members
    ):
        raise NotAllowed


def _keep_an_owner(membership: Membership, members: Sequence[Membership]) -> None:
    is_closed = membership.organisation.status == OrganisationStatus.CLOSED
    roles = [member.role for member in members]
    if not rules.may_leave(membership.role, roles, is_closed=is_closed):
        raise Refused(Refusal.LAST_OWNER)
