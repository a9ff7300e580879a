"""An administrator gives an organisation to its rightful owner, on evidence.

This is the way out for codes that others registered, organisations without an owner, and owners'
accounts that were stolen.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts import queries as accounts
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.notices import service as notices
from matchmaker.organisations import belonging, identity, members
from matchmaker.organisations.models import Handover, Organisation
from matchmaker.permissions import Actor, MemberRole


def hand_over(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    email: str,
    evidence: str,
    clear: bool,
    path: members.Path,
    at: datetime | None = None,
) -> None:
    """Make the person with this address an owner: a member at once, others by an invitation.

    `clear`: the present members were never entitled. They leave, and the verification ends.
    """
    at = moment(at)
    identity.check_version(organisation, version)
    told = {member.user_id: member.user for member in organisation.memberships}
    if clear:
        _clear(session, actor, organisation, at=at)
    identity.touch(session, organisation)
    session.add(
        Handover(
            organisation_id=organisation.id,
            administrator_id=actor.user_id,
            email=email,
            evidence=evidence,
            cleared=clear,
            at=at,
        )
    )
    audit.record(
        session,
        actor,
        "organisation.hand_over",
        "organisation",
        organisation.id,
        cleared=clear,
        at=at,
    )
    _make_owner(session, actor, organisation, email, path=path, at=at)
    told |= {user.id: user for user in accounts.curators_of(session, organisation.province)}
    for user in told.values():
        notices.notify(
            session,
            [user],
            "organisation.handed_over",
            "/home",
            organisation=organisation.name_for(user.language),
            concerning=organisation.id,
            at=at,
        )


def _clear(session: Session, actor: Actor, organisation: Organisation, *, at: datetime) -> None:
    for member in belonging.lock_members(session, organisation.id):
        session.delete(member)
    for invitation in belonging.open_invitations(session, organisation.id, at):
        invitation.withdrawn_at = at
    session.flush()
    identity.end_verification(session, actor, organisation, at=at)


def _make_owner(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    email: str,
    *,
    path: members.Path,
    at: datetime,
) -> None:
    user = accounts.user_by_email(session, email)
    member = belonging.membership_of(session, user.id, organisation.id) if user else None
    if member is not None:
        member.role = MemberRole.OWNER
        return
    members.invite(session, actor, organisation, email, MemberRole.OWNER, path=path, at=at)
