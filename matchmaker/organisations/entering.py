"""Organisations that curators enter: unverified, each until its contact takes the account over."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.notices import service as notices
from matchmaker.organisations import belonging, identity, queries, rules
from matchmaker.organisations.members import Path, hash_token
from matchmaker.organisations.models import Invitation, JoinRequest, Organisation
from matchmaker.organisations.rules import Profile, search_text
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor, MemberRole


def enter(
    session: Session,
    actor: Actor,
    profiles: Sequence[Profile],
    *,
    path: Path,
    at: datetime | None = None,
) -> list[Organisation]:
    """Organisations with these profiles; each contact is asked to take theirs over."""
    at = moment(at)
    made = [
        Organisation(
            **asdict(profile),
            search_text=search_text(profile),
            status=OrganisationStatus.REGISTERED,
            awaits_owner=True,
            leaves_on=rules.leaves_on(day_of(at)),
            created_at=at,
        )
        for profile in profiles
    ]
    session.add_all(made)
    session.flush()
    audit.record_all(
        session,
        [audit.Event(actor, "organisation.enter", "organisation", one.id, {}, at) for one in made],
    )
    for one in made:
        _invite(session, actor, one, one.contact_email, path=path, at=at)
    return made


def invite_again(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    email: str,
    *,
    path: Path,
    at: datetime | None = None,
) -> None:
    """Ask somebody, perhaps another person, to take an organisation over. Older links end.

    Raises Conflict when somebody has taken it over, LimitReached for too many mails.
    """
    at = moment(at)
    queries.hold(session, organisation.id)
    session.refresh(organisation, ["awaits_owner"])
    if not organisation.awaits_owner:
        raise Conflict("organisation", organisation.id)
    for older in belonging.open_invitations(session, organisation.id, at):
        older.withdrawn_at = at
    audit.record(
        session, actor, "organisation.invite_owner", "organisation", organisation.id, at=at
    )
    limits.count(session, actor, Act.INVITATION, email, at=at)
    _invite(session, actor, organisation, email, path=path, at=at)


def keep(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    """Let an organisation that nobody has taken over stay for as long again, from today on.

    Raises Conflict when somebody has taken it over, or kept it, meanwhile.
    """
    at = moment(at)
    queries.hold(session, organisation.id)
    session.refresh(organisation, ["awaits_owner", "version"])
    identity.check_version(organisation, version)
    if not organisation.awaits_owner:
        raise Conflict("organisation", organisation.id)
    organisation.leaves_on = rules.leaves_on(day_of(at))
    session.flush()
    audit.record(session, actor, "organisation.keep", "organisation", organisation.id, at=at)


def _invite(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    email: str,
    *,
    path: Path,
    at: datetime,
) -> None:
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            organisation_id=organisation.id,
            email=email,
            role=MemberRole.OWNER,
            token_hash=hash_token(token),
            invited_by_id=actor.user_id,
            created_at=at,
            expires_at=at + rules.INVITATION_GOOD_FOR,
        )
    )
    language = organisation.summary_language
    params = {"inviter": actor.name, "organisation": organisation.name_for(language)}
    notices.mail(session, email, language, "organisation.take_over", path(token), **params, at=at)


def remove(
    session: Session, actor: Actor, ids: Sequence[int], *, at: datetime | None = None
) -> None:
    """Delete organisations that nobody has worked with, their invitations and requests to join."""
    at = moment(at)
    unseen = {"synchronize_session": False}
    for statement in (
        delete(Invitation).where(Invitation.organisation_id.in_(ids)),
        delete(JoinRequest).where(JoinRequest.organisation_id.in_(ids)),
        delete(Organisation).where(Organisation.id.in_(ids)),
    ):
        session.execute(statement, execution_options=unseen)
    audit.record_all(
        session,
        [audit.Event(actor, "organisation.remove", "organisation", one, {}, at) for one in ids],
    )
