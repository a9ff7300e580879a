from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from matchmaker.accounts.models import User
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import Membership, Organisation
from matchmaker.organisations.rules import may_post
from matchmaker.permissions import Actor
from matchmaker.plan.models import Plan
from matchmaker.plan.rules import Sides

NO_SIDES: Sides = {"beneficiary": (), "partner": (), "also_partner": ()}


def actor_of(session: Session, user_id: int) -> tuple[Actor, int] | None:
    """The actor that a user is now, and the user's generation; None when suspended, unconfirmed or absent."""
    row = session.execute(
        select(User, Membership, Organisation, Plan.sides)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Plan, Plan.is_current)
        .where(User.id == user_id, User.suspended_at.is_(None), User.email_confirmed_at.is_not(None))
        .options(selectinload(User.staff_roles))
    ).first()
    if row is None:
        return None
    user, membership, organisation, sides = row
    return _actor(user, membership, organisation, sides or NO_SIDES), user.generation


def frame_facts(session: Session, user_id: int | None) -> tuple[Sides, int]:
    """The current plan's sides and how many notices the user has not read."""
    unread = select(func.count(Notice.id)).where(Notice.user_id == user_id, Notice.read_at.is_(None)).scalar_subquery()
    row = session.execute(select(Plan.sides, unread).where(Plan.is_current)).first()
    return (row[0], row[1]) if row else (NO_SIDES, 0)


def _actor(user: User, membership: Membership | None, organisation: Organisation | None, sides: Sides) -> Actor:
    staff = Actor(
        user_id=user.id,
        name=user.name,
        language=user.language,
        roles=frozenset(entry.role for entry in user.staff_roles),
        provinces=frozenset(entry.province for entry in user.staff_roles if entry.role == "provincial_curator"),
    )
    if membership is None or organisation is None or organisation.status == "suspended":
        return staff
    verified = organisation.status == "verified"
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
