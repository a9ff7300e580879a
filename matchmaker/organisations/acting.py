"""Who acts: an account, with what its organisation gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in: as themselves, and for each organisation that they belong to."""

    alone: Actor
    members: tuple[Actor, ...]
    organisations: Mapping[int, Organisation]
    generation: int

    def acting_for(self, organisation_id: int | None) -> Actor:
        """The actor for the organisation; of a single one they act for that.

        Who has several and has chosen none acts for none.
        """
        if len(self.members) == 1:
            return self.members[0]
        chosen = (one for one in self.members if one.organisation_id == organisation_id)
        return next(chosen, self.alone)


def person(session: Session, user_id: int) -> Person | None:
    """Return who a user is now. None when suspended, unconfirmed or absent."""
    rows = session.execute(
        select(User, Membership, Organisation, Plan.sides)
        .select_from(User)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Plan, Plan.is_current.is_(True))
        .where(User.id == user_id, User.may_sign_in)
        .order_by(Membership.id)
        .options(selectinload(User.staff_roles))
    ).all()
    if not rows:
        return None
    user, sides = rows[0][0], rows[0][3] or NO_SIDES
    held = [
        (membership, organisation)
        for _, membership, organisation, _ in rows
        if organisation is not None and organisation.status not in OrganisationStatus.OUT
    ]
    alone = replace(_alone(user), organisations=tuple(one.id for _, one in held))
    members = tuple(_member(alone, *pair, sides) for pair in held)
    return Person(alone, members, {one.id: one for _, one in held}, user.generation)


def actor_of(
    session: Session, user_id: int, organisation_id: int | None = None
) -> tuple[Actor, int] | None:
    """Return the actor that a user is for an organisation, and the user's generation.

    None when suspended, unconfirmed or absent.
    """
    found = person(session, user_id)
    return (found.acting_for(organisation_id), found.generation) if found else None


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


def _alone(user: User) -> Actor:
    return Actor(
        user_id=user.id,
        name=user.name,
        language=user.language,
        time_zone=user.time_zone,
        roles=frozenset(entry.role for entry in user.staff_roles),
        provinces=frozenset(
            entry.province for entry in user.staff_roles if entry.role == "provincial_curator"
        ),
    )


def _member(
    alone: Actor, membership: Membership, organisation: Organisation, sides: Sides
) -> Actor:
    return replace(
        alone,
        organisation_id=organisation.id,
        organisation_role=membership.role,
        organisation_verified=organisation.standing == OrganisationStatus.VERIFIED,
        may_post_needs=may_post_now(organisation, "need", sides),
        may_post_capabilities=may_post_now(organisation, "capability", sides),
    )
