from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import (
    Invitation,
    Membership,
    Organisation,
    Registration,
    Verification,
)
from matchmaker.organisations.rules import may_post
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor, MemberRole
from matchmaker.plan.models import Plan
from matchmaker.plan.rules import Sides

NO_SIDES: Sides = {"beneficiary": (), "partner": (), "also_partner": ()}


def actor_of(session: Session, user_id: int) -> tuple[Actor, int] | None:
    """Return the actor that a user is now, and the user's generation.

    None when suspended, unconfirmed or absent.
    """
    row = session.execute(
        select(User, Membership, Organisation, Plan.sides)
        .select_from(User)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Plan, Plan.is_current.is_(True))
        .where(User.id == user_id, User.may_sign_in)
        .options(selectinload(User.staff_roles))
    ).first()
    if row is None:
        return None
    user, membership, organisation, sides = row
    return _actor(user, membership, organisation, sides or NO_SIDES), user.generation


def frame_facts(session: Session, user_id: int | None) -> tuple[Sides, int]:
    """The current plan's sides and how many notices the user has not read."""
    unread = (
        select(func.count(Notice.id))
        .where(Notice.user_id == user_id, Notice.read_at.is_(None))
        .scalar_subquery()
    )
    sides = select(Plan.sides).where(Plan.is_current).scalar_subquery()
    found, count = session.execute(select(sides, unread)).one()
    return found or NO_SIDES, count


def _actor(
    user: User, membership: Membership | None, organisation: Organisation | None, sides: Sides
) -> Actor:
    staff = Actor(
        user_id=user.id,
        name=user.name,
        language=user.language,
        roles=frozenset(entry.role for entry in user.staff_roles),
        provinces=frozenset(
            entry.province for entry in user.staff_roles if entry.role == "provincial_curator"
        ),
    )
    if (
        membership is None
        or organisation is None
        or organisation.status == OrganisationStatus.SUSPENDED
    ):
        return staff
    verified = organisation.status == OrganisationStatus.VERIFIED
    return Actor(
        user_id=staff.user_id,
        name=staff.name,
        language=staff.language,
        roles=staff.roles,
        provinces=staff.provinces,
        organisation_id=organisation.id,
        organisation_role=membership.role,
        organisation_verified=verified,
        may_post_needs=may_post("need", organisation.province, organisation.needs_grant, sides),
        may_post_capabilities=may_post(
            "capability", organisation.province, organisation.capabilities_grant, sides
        ),
    )


def select_awaiting(actor: Actor) -> Select[tuple[Organisation]]:
    """Select what the actor may verify: new organisations first, then lapsed ones, by age."""
    query = select(Organisation).where(Organisation.status.in_(OrganisationStatus.AWAITING))
    if "national_curator" not in actor.roles:
        provinces = actor.provinces if "provincial_curator" in actor.roles else ()
        query = query.where(Organisation.province.in_(provinces))
    if actor.organisation_id is not None:
        query = query.where(Organisation.id != actor.organisation_id)
    return query.order_by((Organisation.status == OrganisationStatus.LAPSED), Organisation.id)


def organisation(session: Session, organisation_id: int | None) -> Organisation | None:
    """One organisation with its verifications, newest first, and who gave them."""
    return session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(selectinload(Organisation.verifications).joinedload(Verification.curator))
    )


def by_ids(session: Session, ids: Collection[int]) -> Mapping[int, Organisation]:
    """Organisations by id, without anything that belongs to them."""
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {organisation.id: organisation for organisation in found}


def with_members(session: Session, organisation_id: int | None) -> Organisation | None:
    """The same with its members."""
    return session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(
            selectinload(Organisation.verifications).joinedload(Verification.curator),
            selectinload(Organisation.memberships).joinedload(Membership.user),
        )
    )


def by_uscc(session: Session, uscc: str) -> Organisation | None:
    return session.scalar(select(Organisation).where(Organisation.uscc == uscc))


def of_user(session: Session, user_id: int | None) -> Organisation | None:
    """The organisation that a user belongs to, also while it is suspended."""
    return session.scalar(
        select(Organisation).join(Organisation.memberships).where(Membership.user_id == user_id)
    )


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


def membership_of(session: Session, user_id: int | None) -> Membership | None:
    return session.scalar(
        select(Membership)
        .where(Membership.user_id == user_id)
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
    )


def lock_members(session: Session, organisation_id: int) -> Sequence[Membership]:
    """Return the members as they are now.

    The organisation's row is held until the commit: two owners who leave at once take turns.
    """
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    )
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


def invitation(session: Session, invitation_id: int) -> Invitation | None:
    return session.get(Invitation, invitation_id)


def open_invitation(session: Session, token_hash: str, at: datetime) -> Invitation | None:
    """Return the invitation of a mailed link, with its organisation, while it is open."""
    query = _open(at).where(
        Invitation.token_hash == token_hash, Organisation.status != OrganisationStatus.SUSPENDED
    )
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


def lock_lapsed(session: Session, today: date) -> Sequence[Organisation]:
    """Return verified organisations whose last verification ran out, held until the commit."""
    runs_out = (
        select(Verification.organisation_id)
        .where(Verification.ended_at.is_(None))
        .group_by(Verification.organisation_id)
        .having(func.max(Verification.expires_on) < today)
    )
    return session.scalars(
        select(Organisation)
        .where(Organisation.status == OrganisationStatus.VERIFIED, Organisation.id.in_(runs_out))
        .order_by(Organisation.id)
        .with_for_update(skip_locked=True)
    ).all()
