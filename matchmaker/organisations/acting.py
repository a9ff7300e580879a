"""Who acts: an account, with what its organisation gives it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from matchmaker.accounts.models import User
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import (
    Membership,
    Organisation,
)
from matchmaker.organisations.queries import NO_SIDES
from matchmaker.organisations.rules import may_post_now
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor
from matchmaker.plan.models import Plan
from matchmaker.plan.rules import Sides


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
        time_zone=user.time_zone,
        roles=frozenset(entry.role for entry in user.staff_roles),
        provinces=frozenset(
            entry.province for entry in user.staff_roles if entry.role == "provincial_curator"
        ),
    )
    if membership is None or organisation is None or organisation.status in OrganisationStatus.OUT:
        return staff
    verified = organisation.standing == OrganisationStatus.VERIFIED
    return Actor(
        user_id=staff.user_id,
        name=staff.name,
        language=staff.language,
        time_zone=staff.time_zone,
        roles=staff.roles,
        provinces=staff.provinces,
        organisation_id=organisation.id,
        organisation_role=membership.role,
        organisation_verified=verified,
        may_post_needs=may_post_now(organisation, "need", sides),
        may_post_capabilities=may_post_now(organisation, "capability", sides),
    )
