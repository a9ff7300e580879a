"""Asking to join an organisation that is registered already: its owners decide."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts import queries as accounts
from matchmaker.accounts import service as account_service
from matchmaker.accounts import sessions
from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.notices import service as notices
from matchmaker.organisations import belonging, identity, queries
from matchmaker.organisations.models import JoinRequest, Membership, Organisation
from matchmaker.organisations.states import JoinStatus
from matchmaker.permissions import Actor


def ask(
    session: Session,
    actor: Actor,
    user: User,
    organisation: Organisation,
    *,
    at: datetime | None = None,
) -> None:
    """Ask the owners to let a person join; one request waits at a time.

    Nothing about the organisation is told to who asks but what becomes of the request. Where nobody
    can decide as an owner, the curators are told: an administrator hands the organisation over.
    """
    at = moment(at)
    if belonging.memberships_of(session, user.id):
        raise Refused(Refusal.BELONGS_ALREADY)
    for older in belonging.join_requests_of(session, user.id):
        if older.organisation_id == organisation.id:
            return
        _decide(older, actor, JoinStatus.WITHDRAWN, at=at)
    session.add(
        JoinRequest(organisation_id=organisation.id, user_id=user.id, at=at, status=JoinStatus.OPEN)
    )
    audit.record(session, actor, "organisation.ask_join", "organisation", organisation.id, at=at)
    limits.count(session, actor, Act.INVITATION, at=at)
    if belonging.owners(session, organisation.id):
        identity.tell_owners(
            session, organisation, "organisation.join_asked", name=user.name, at=at
        )
        return
    kind, provinces = "organisation.join_ownerless", [organisation.province]
    identity.tell_curators(session, organisation, kind, provinces, name=user.name, at=at)


def accept(
    session: Session,
    actor: Actor,
    request: JoinRequest,
    role: str,
    *,
    at: datetime | None = None,
) -> None:
    """Let the person join, who may belong elsewhere too. Raises Refused for a member."""
    at = moment(at)
    _check_open(session, request)
    enrol(session, request.user, request.organisation_id, role, at=at)
    kept = belonging.registration(session, request.user_id)
    if kept is not None:
        session.delete(kept)
    _decide(request, actor, JoinStatus.ACCEPTED, at=at)
    joined = account_service.as_actor(request.user)
    audit.record(
        session,
        joined,
        "organisation.join",
        "organisation",
        request.organisation_id,
        role=role,
        at=at,
    )
    notices.notify(
        session,
        [request.user],
        "organisation.joined",
        "/home",
        organisation=request.organisation.name_for(request.user.language),
        concerning=request.organisation_id,
        at=at,
    )


def enrol(
    session: Session, user: User, organisation_id: int, role: str, *, at: datetime
) -> Membership:
    """Make somebody a member. Where they are signed in they go on acting for whom they did.

    Raises Refused for a member, and for staff.
    """
    account = accounts.user(session, user.id)
    if account is not None and account.staff_roles:
        raise Refused(Refusal.STAFF_CANNOT_JOIN)
    before = belonging.memberships_of(session, user.id)
    if any(one.organisation_id == organisation_id for one in before):
        raise Refused(Refusal.ALREADY_A_MEMBER)
    if before:
        sessions.keep_acting(session, user.id, before[0].organisation_id)
    membership = Membership(
        organisation_id=organisation_id, user_id=user.id, role=role, joined_at=at
    )
    session.add(membership)
    return membership


def decline(
    session: Session, actor: Actor, request: JoinRequest, *, at: datetime | None = None
) -> None:
    at = moment(at)
    _check_open(session, request)
    _decide(request, actor, JoinStatus.DECLINED, at=at)
    organisation_id = request.organisation_id
    audit.record(
        session, actor, "organisation.decline_join", "organisation", organisation_id, at=at
    )
    notices.notify(session, [request.user], "organisation.join_declined", "/organisation", at=at)


def withdraw(
    session: Session, actor: Actor, request: JoinRequest, *, at: datetime | None = None
) -> None:
    at = moment(at)
    _check_open(session, request)
    _decide(request, actor, JoinStatus.WITHDRAWN, at=at)
    organisation_id = request.organisation_id
    audit.record(
        session, actor, "organisation.withdraw_join", "organisation", organisation_id, at=at
    )


def end_requests(
    session: Session, actor: Actor, user_id: int | None, organisation_id: int, *, at: datetime
) -> None:
    """End what waits of a person who belongs to an organisation now."""
    for request in belonging.join_requests_of(session, user_id):
        is_theirs = request.organisation_id == organisation_id
        _decide(request, actor, JoinStatus.ACCEPTED if is_theirs else JoinStatus.WITHDRAWN, at=at)


def _check_open(session: Session, request: JoinRequest) -> None:
    """Two owners may decide at once: the second is told."""
    queries.hold(session, request.organisation_id)
    session.refresh(request, ["status"])
    if request.status != JoinStatus.OPEN:
        raise Conflict("organisation", request.organisation_id)


def _decide(request: JoinRequest, actor: Actor, status: JoinStatus, *, at: datetime) -> None:
    request.status, request.decided_by_id, request.decided_at = status, actor.user_id, at
