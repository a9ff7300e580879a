"""Who belongs to an organisation, was invited or asks to join, and who is told what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matchmaker.accounts.models import User
from matchmaker.organisations.models import (
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    Registration,
    Verification,
)
from matchmaker.organisations.queries import hold
from matchmaker.organisations.states import JoinStatus, OrganisationStatus
from matchmaker.permissions import MemberRole


def join_request(session: Session, request_id: int) -> JoinRequest | None:
    """One request to join, with the person and the organisation."""
    return session.scalar(_join_requests().where(JoinRequest.id == request_id))


def join_requests(session: Session, organisation_id: int) -> Sequence[JoinRequest]:
    """Requests that wait for the owners, oldest first."""
    return session.scalars(
        _join_requests().where(
            JoinRequest.organisation_id == organisation_id, JoinRequest.status == JoinStatus.OPEN
        )
    ).all()


def join_requests_of(session: Session, user_id: int | None) -> Sequence[JoinRequest]:
    """A person's own requests that wait."""
    return session.scalars(
        _join_requests().where(
            JoinRequest.user_id == user_id, JoinRequest.status == JoinStatus.OPEN
        )
    ).all()


def _join_requests() -> Select[tuple[JoinRequest]]:
    loaded = joinedload(JoinRequest.user), joinedload(JoinRequest.organisation)
    return select(JoinRequest).options(*loaded).order_by(JoinRequest.id)


def of_user(session: Session, user_id: int | None) -> Organisation | None:
    """The organisation that a user belongs to, also while it is suspended or closed.

    Of several it is the first.
    """
    found = memberships_of(session, user_id)
    return found[0].organisation if found else None


def people_of(
    session: Session, organisation_ids: Collection[int], roles: Collection[str]
) -> Mapping[int, Sequence[User]]:
    """Organisation → its people with one of the roles who may sign in: those who are told."""
    people: defaultdict[int, list[User]] = defaultdict(list)
    rows = session.execute(
        select(Membership.organisation_id, User)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role.in_(roles),
            User.may_sign_in,
        )
        .order_by(User.id)
    ).tuples()
    for organisation_id, user in rows:
        people[organisation_id].append(user)
    return people


def names_for_people_of_several(
    session: Session, pairs: Collection[tuple[int, int]]
) -> Mapping[tuple[int, int], str]:
    """(person, organisation) → its name in their language, of those who may act for several."""
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    rows = session.execute(
        select(User.id, User.language, Organisation)
        .select_from(Membership)
        .join(Membership.user)
        .join(Membership.organisation)
        .where(
            User.id.in_({user_id for user_id, _ in pairs}),
            Organisation.status.not_in(OrganisationStatus.OUT),
        )
    ).tuples()
    for user_id, language, organisation in rows:
        found[user_id][organisation.id] = organisation.name_for(language)
    return {
        (user_id, one): found[user_id][one]
        for user_id, one in pairs
        if len(found[user_id]) > 1 and one in found[user_id]
    }


def writers(session: Session, organisation_id: int) -> Sequence[User]:
    """Return who is told of an organisation's listings, partners and matches."""
    return people_of(session, [organisation_id], MemberRole.WRITERS).get(organisation_id, ())


def owners(session: Session, organisation_id: int) -> Sequence[User]:
    """Return who is told what happens to an organisation itself."""
    return people_of(session, [organisation_id], [MemberRole.OWNER]).get(organisation_id, ())


def membership(session: Session, membership_id: int) -> Membership | None:
    """One membership with its user and organisation."""
    return session.scalar(
        select(Membership)
        .where(Membership.id == membership_id)
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
    )


def memberships_of(session: Session, user_id: int | None) -> Sequence[Membership]:
    """Where a user belongs, the first joined first; what became part of another does not count."""
    return session.scalars(
        select(Membership)
        .join(Membership.organisation)
        .where(Membership.user_id == user_id, Organisation.status != OrganisationStatus.MERGED)
        .options(joinedload(Membership.user), contains_eager(Membership.organisation))
        .order_by(Membership.id)
    ).all()


def membership_of(
    session: Session, user_id: int | None, organisation_id: int | None
) -> Membership | None:
    """A user's membership of one organisation."""
    found = memberships_of(session, user_id)
    return next((one for one in found if one.organisation_id == organisation_id), None)


def lock_members(session: Session, organisation_id: int) -> Sequence[Membership]:
    """Return the members as they are now.

    The organisation's row is held until the commit: two owners who leave at once take turns.
    """
    hold(session, organisation_id)
    return session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
        .order_by(Membership.id)
        .execution_options(populate_existing=True)
    ).all()


def is_member_email(session: Session, organisation_id: int, email: str) -> bool:
    query = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id, User.email == email)
    )
    return session.scalar(query) is not None


def open_invitations(session: Session, organisation_id: int, at: datetime) -> Sequence[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return session.scalars(
        _open(at)
        .where(Invitation.organisation_id == organisation_id)
        .order_by(Invitation.id.desc())
    ).all()


def invitations_unverified(session: Session, organisation_id: int) -> int:
    """The number of invitations since the organisation's last verification ended, or ever."""
    ended = (
        select(func.max(Verification.ended_at))
        .where(Verification.organisation_id == organisation_id)
        .scalar_subquery()
    )
    query = select(func.count(Invitation.id)).where(
        Invitation.organisation_id == organisation_id,
        or_(ended.is_(None), Invitation.created_at > ended),
    )
    return session.scalar(query) or 0


def concerned_by_address(session: Session, email: str, at: datetime) -> Sequence[User]:
    """Return the owners of organisations that have or invite somebody with this address."""
    member_of = (
        select(Membership.organisation_id)
        .join(User, User.id == Membership.user_id)
        .where(User.email == email)
    )
    invited_by = _open(at).where(Invitation.email == email)
    invited_by = invited_by.with_only_columns(Invitation.organisation_id)
    return session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            or_(
                Membership.organisation_id.in_(member_of),
                Membership.organisation_id.in_(invited_by),
            ),
            Membership.role == MemberRole.OWNER,
            User.may_sign_in,
        )
        .order_by(User.id)
    ).all()


def invitation(session: Session, invitation_id: int) -> Invitation | None:
    return session.get(Invitation, invitation_id)


def open_invitation(
    session: Session, token_hash: str, at: datetime, *, lock: bool = False
) -> Invitation | None:
    """Return the invitation of a mailed link, with its organisation, while it is open.

    `lock` holds it until the commit: of several who send one link, one is first.
    """
    query = _open(at).where(
        Invitation.token_hash == token_hash, Organisation.status.not_in(OrganisationStatus.OUT)
    )
    if lock:
        query = query.with_for_update(of=Invitation).execution_options(populate_existing=True)
    return session.scalar(
        query.join(Invitation.organisation).options(joinedload(Invitation.organisation))
    )


def _open(at: datetime) -> Select[tuple[Invitation]]:
    return select(Invitation).where(
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > at,
    )


def registration(session: Session, user_id: int | None) -> Registration | None:
    """Return the typed registration of a user who has no organisation yet."""
    return session.get(Registration, user_id) if user_id is not None else None
