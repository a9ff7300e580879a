"""Everything that changes an organisation: registering, profile, curators' decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts import links, messages
from matchmaker.accounts import queries as accounts
from matchmaker.accounts import service as account_service
from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.audit import service as audit
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.notices import service as notices
from matchmaker.organisations import belonging, identity, joining, queries, rules
from matchmaker.organisations.identity import tell_curators, tell_owners
from matchmaker.organisations.models import (
    Membership,
    Organisation,
    ProfileChange,
    Registration,
)
from matchmaker.organisations.rules import Profile
from matchmaker.organisations.states import ChangeStatus, OrganisationStatus
from matchmaker.permissions import Actor, MemberRole

# Builds the path of the page that a mailed token opens.
Path = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person who registers an organisation without an account. `email` is normalised."""

    email: str
    name: str
    language: str
    password: str


def register_visitor(
    session: Session,
    profile: Profile,
    person: Newcomer,
    *,
    confirm: Path,
    sign_in: str,
    joins: bool = False,
    at: datetime | None = None,
) -> None:
    """Keep what a visitor typed until they prove their address.

    For an address with an account, that account is told instead. Work and page are the same either
    way, so that nobody learns whose address is known. `joins`: ask to join who has the code.
    """
    at = moment(at)
    password_hash = hash_password(person.password)
    user = accounts.user_by_email(session, person.email)
    if user is not None and account_service.is_claimed(user):
        audit.record(
            session,
            account_service.as_actor(user),
            "account.register_again",
            "account",
            user.id,
            at=at,
        )
        _post(session, messages.exists(user, sign_in), at=at)
        return
    user = account_service.open_account(
        session, person.email, person.name, person.language, password_hash, at=at
    )
    keep(session, user.id, profile, joins=joins, at=at)
    _post(session, messages.confirm(user, confirm(links.make(links.CONFIRM, user))), at=at)


def keep(
    session: Session,
    user_id: int,
    profile: Profile,
    *,
    joins: bool = False,
    at: datetime | None = None,
) -> None:
    """Keep what somebody typed until it is sure that an organisation is to be registered."""
    kept = belonging.registration(session, user_id)
    if kept is None:
        kept = Registration(user_id=user_id)
        session.add(kept)
    kept.data, kept.joins, kept.created_at = asdict(profile), joins, moment(at)


def confirm_visitor(
    session: Session, user: User, *, at: datetime | None = None
) -> Organisation | None:
    """Confirm the address and register the organisation that came with it.

    None when there is none to register: it was done before, or others have its code. They are
    asked to let the visitor join, if the visitor wants that. None too where it may be one of those
    that are here: the visitor is asked. What was typed is kept for the form.
    """
    at = moment(at)
    account_service.confirm(session, user, at=at)
    kept = belonging.registration(session, user.id)
    if kept is None or belonging.memberships_of(session, user.id):
        return None
    actor, profile = account_service.as_actor(user), Profile(**kept.data)
    twin = queries.by_uscc(session, profile.uscc)
    if twin is not None and not kept.joins:
        return None
    if twin is not None:
        joining.ask(session, actor, user, twin, at=at)
        return None
    if queries.likely_same(session, profile):
        return None
    return register(session, actor, profile, at=at)


def register(
    session: Session, actor: Actor, profile: Profile, *, at: datetime | None = None
) -> Organisation:
    """A new organisation with the actor as its owner; the curators of its province are told."""
    at = moment(at)
    if belonging.memberships_of(session, actor.user_id):
        raise Refused(Refusal.BELONGS_ALREADY)
    organisation = Organisation(
        **asdict(profile),
        search_text=rules.search_text(profile),
        status=OrganisationStatus.REGISTERED,
        created_at=at,
    )
    session.add(organisation)
    session.flush()
    owner = Membership(
        organisation_id=organisation.id,
        user_id=actor.user_id,
        role=MemberRole.OWNER,
        joined_at=at,
    )
    session.add(owner)
    joining.end_requests(session, actor, actor.user_id, organisation.id, at=at)
    kept = belonging.registration(session, actor.user_id)
    if kept is not None:
        session.delete(kept)
    audit.record(session, actor, "organisation.register", "organisation", organisation.id, at=at)
    provinces = [organisation.province]
    tell_curators(session, organisation, "organisation.registered", provinces, at=at)
    return organisation


def edit(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    profile: Profile,
    *,
    at: datetime | None = None,
) -> None:
    """Change the profile. A verified identity stands until a curator verifies the new one."""
    at = moment(at)
    identity.check_version(organisation, version)
    another, text = rules.changes(organisation, profile)
    known = organisation.is_shown
    if not known:
        text, another = another | text, {}
    if another or not known:
        identity.drop_unconfirmed(session, organisation, at=at)
    before = identity.replace(organisation, text)
    identity.touch(session, organisation)
    if text:
        fields = sorted(text)
        audit.record(
            session,
            actor,
            "organisation.edit",
            "organisation",
            organisation.id,
            fields=fields,
            at=at,
        )
        if known:
            made = ChangeStatus.MADE
            identity.keep_change(
                session, actor, organisation, made, before=before, after=text, at=at
            )
            provinces = [organisation.province]
            tell_curators(session, organisation, "organisation.edited", provinces, at=at)
    if known:
        identity.propose(session, actor, organisation, another, at=at)


def revert(
    session: Session,
    actor: Actor,
    change: ProfileChange,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    """Change text of a profile back to what it was before. Raises Refused if it changed since."""
    at = moment(at)
    organisation = change.organisation
    identity.check_version(organisation, version)
    if change.status != ChangeStatus.MADE or not rules.still_stands(organisation, change.after):
        raise Refused(Refusal.CHANGE_OVERTAKEN)
    identity.replace(organisation, change.before)
    identity.decide(change, actor, ChangeStatus.REVERTED, at=at)
    identity.touch(session, organisation)
    fields = sorted(change.before)
    audit.record(
        session, actor, "organisation.revert", "organisation", organisation.id, fields=fields, at=at
    )
    tell_owners(session, organisation, "organisation.reverted", at=at)


def suspend(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    at = moment(at)
    identity.check_version(organisation, version)
    if organisation.status in OrganisationStatus.OUT:
        raise Conflict("organisation", organisation.id)
    organisation.suspension_reason = reason
    identity.move(session, organisation, OrganisationStatus.SUSPENDED)
    audit.record(session, actor, "organisation.suspend", "organisation", organisation.id, at=at)
    tell_owners(session, organisation, "organisation.suspended", note=reason, at=at)


def reinstate(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    """Back to what its verification says: verified, lapsed, or waiting for one."""
    at = moment(at)
    identity.check_version(organisation, version)
    if organisation.status != OrganisationStatus.SUSPENDED:
        raise Conflict("organisation", organisation.id)
    organisation.suspension_reason = ""
    status = rules.status_when_reinstated(organisation.verified_until, day_of(at))
    identity.move(session, organisation, status)
    status = organisation.status
    audit.record(
        session,
        actor,
        "organisation.reinstate",
        "organisation",
        organisation.id,
        status=status,
        at=at,
    )
    tell_owners(session, organisation, "organisation.reinstated", at=at)


def close(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """End its verification, what was granted to it, and its invitations; nobody works for it.

    A new verification opens it again.
    """
    at = moment(at)
    identity.check_version(organisation, version)
    if organisation.status == OrganisationStatus.CLOSED:
        raise Conflict("organisation", organisation.id)
    for invitation in belonging.open_invitations(session, organisation.id, at):
        invitation.withdrawn_at = at
    identity.end_verification(session, actor, organisation, at=at)
    organisation.closing_reason, organisation.suspension_reason = reason, ""
    identity.move(session, organisation, OrganisationStatus.CLOSED)
    audit.record(session, actor, "organisation.close", "organisation", organisation.id, at=at)
    tell_owners(session, organisation, "organisation.closed", note=reason, at=at)
    tell_curators(session, organisation, "organisation.closed_down", [organisation.province], at=at)


def grant_posting(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    needs: bool | None,
    capabilities: bool | None,
    at: datetime | None = None,
) -> None:
    """Decide what the organisation may post: True or False, or None to leave it to the plan."""
    at = moment(at)
    identity.check_version(organisation, version)
    organisation.needs_grant, organisation.capabilities_grant = needs, capabilities
    identity.touch(session, organisation)
    audit.record(
        session,
        actor,
        "organisation.grant_posting",
        "organisation",
        organisation.id,
        needs=needs,
        capabilities=capabilities,
        at=at,
    )
    tell_owners(session, organisation, "organisation.posting_changed", at=at)


def _post(session: Session, letter: messages.Letter, *, at: datetime) -> None:
    notices.mail(
        session, letter.recipient, letter.language, letter.kind, letter.path, **letter.params, at=at
    )
