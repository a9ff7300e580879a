"""Everything that changes an organisation: registering, profile, curators' decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from matchmaker.accounts import links, messages
from matchmaker.accounts import queries as accounts
from matchmaker.accounts import service as account_service
from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.audit import service as audit
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.notices import service as notices
from matchmaker.organisations import queries, rules
from matchmaker.organisations.models import Membership, Organisation, Registration, Verification
from matchmaker.organisations.rules import Profile
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import SYSTEM, Actor, MemberRole

MINE, DESK = "/organisation", "/desk/organisations/{}"

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
    at: datetime | None = None,
) -> None:
    """Keep what a visitor typed until they prove their address.

    For an address with an account, that account is told instead. Work and page are the same either
    way, so that nobody learns whose address is known.
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
    kept = queries.registration(session, user.id)
    if kept is None:
        kept = Registration(user_id=user.id)
        session.add(kept)
    kept.data, kept.created_at = asdict(profile), at
    _post(session, messages.confirm(user, confirm(links.make(links.CONFIRM, user))), at=at)


def confirm_visitor(
    session: Session, user: User, *, at: datetime | None = None
) -> Organisation | None:
    """Confirm the address and register the organisation that came with it.

    None when there is none to register: it was done before, or others registered its code
    meanwhile. What was typed is then kept for the form.
    """
    at = moment(at)
    account_service.confirm(session, user, at=at)
    kept = queries.registration(session, user.id)
    if kept is None or queries.membership_of(session, user.id) is not None:
        return None
    profile = Profile(**kept.data)
    if queries.by_uscc(session, profile.uscc) is not None:
        return None
    return register(session, account_service.as_actor(user), profile, at=at)


def register(
    session: Session, actor: Actor, profile: Profile, *, at: datetime | None = None
) -> Organisation:
    """A new organisation with the actor as its owner; the curators of its province are told."""
    at = moment(at)
    if queries.membership_of(session, actor.user_id) is not None:
        raise Refused(Refusal.BELONGS_ALREADY)
    organisation = Organisation(
        **asdict(profile), status=OrganisationStatus.REGISTERED, created_at=at
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
    kept = queries.registration(session, actor.user_id)
    if kept is not None:
        session.delete(kept)
    audit.record(session, actor, "organisation.register", "organisation", organisation.id, at=at)
    _tell_curators(session, organisation, "organisation.registered", at=at)
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
    """Change the profile; a changed identity waits for verification again."""
    at = moment(at)
    _check(organisation, version)
    another = rules.is_somebody_else(organisation, profile)
    for name, value in asdict(profile).items():
        setattr(organisation, name, value)
    again = another and organisation.status in OrganisationStatus.SHOWN
    if again:
        organisation.status = OrganisationStatus.REGISTERED
        for verification in organisation.verifications:
            verification.ended_at = verification.ended_at or at
    flag_modified(organisation, "status")
    session.flush()
    audit.record(
        session,
        actor,
        "organisation.edit",
        "organisation",
        organisation.id,
        verify_again=again,
        at=at,
    )
    if again:
        _tell_curators(session, organisation, "organisation.changed", at=at)


def verify(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    evidence: str,
    verified_on: date,
    expires_on: date,
    at: datetime | None = None,
) -> Verification:
    """A curator says who the organisation is, on what evidence, until when. Also renews."""
    at = moment(at)
    _check(organisation, version)
    if organisation.status == OrganisationStatus.SUSPENDED:
        raise Refused(Refusal.ORGANISATION_SUSPENDED)
    if rules.verification_fault(verified_on, expires_on, day_of(at)) is not None:
        raise Refused(Refusal.DATES_IMPOSSIBLE)
    verification = Verification(
        organisation_id=organisation.id,
        curator_id=actor.user_id,
        evidence=evidence,
        verified_on=verified_on,
        expires_on=expires_on,
    )
    session.add(verification)
    _move(session, organisation, OrganisationStatus.VERIFIED)
    until = expires_on.isoformat()
    audit.record(
        session, actor, "organisation.verify", "organisation", organisation.id, until=until, at=at
    )
    _tell_owners(session, organisation, "organisation.verified", MINE, until=until, at=at)
    return verification


def ask_for_more(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    note: str,
    *,
    at: datetime | None = None,
) -> None:
    """Before verifying: what the organisation should add or mend, in words."""
    at = moment(at)
    _check(organisation, version)
    _move(session, organisation, organisation.status)
    audit.record(session, actor, "organisation.ask_more", "organisation", organisation.id, at=at)
    _tell_owners(session, organisation, "organisation.more_needed", MINE, note=note, at=at)


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
    _check(organisation, version)
    if organisation.status == OrganisationStatus.SUSPENDED:
        raise Conflict("organisation", organisation.id)
    organisation.suspension_reason = reason
    _move(session, organisation, OrganisationStatus.SUSPENDED)
    audit.record(session, actor, "organisation.suspend", "organisation", organisation.id, at=at)
    _tell_owners(session, organisation, "organisation.suspended", MINE, note=reason, at=at)


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
    _check(organisation, version)
    if organisation.status != OrganisationStatus.SUSPENDED:
        raise Conflict("organisation", organisation.id)
    organisation.suspension_reason = ""
    in_force = [entry.expires_on for entry in organisation.verifications if entry.ended_at is None]
    _move(
        session, organisation, rules.status_when_reinstated(max(in_force, default=None), day_of(at))
    )
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
    _tell_owners(session, organisation, "organisation.reinstated", MINE, at=at)


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
    _check(organisation, version)
    organisation.needs_grant, organisation.capabilities_grant = needs, capabilities
    _move(session, organisation, organisation.status)
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
    _tell_owners(session, organisation, "organisation.posting_changed", MINE, at=at)


def lapse(session: Session, organisation: Organisation, *, at: datetime | None = None) -> None:
    """The verification ran out."""
    at = moment(at)
    _move(session, organisation, OrganisationStatus.LAPSED)
    audit.record(session, SYSTEM, "organisation.lapse", "organisation", organisation.id, at=at)
    _tell_owners(session, organisation, "organisation.lapsed", MINE, at=at)


def _check(organisation: Organisation, version: int) -> None:
    if organisation.version != version:
        raise Conflict("organisation", organisation.id)


def _move(session: Session, organisation: Organisation, status: str) -> None:
    """Set a status, perhaps the same: the version goes up, so that the second is told."""
    organisation.status = status
    flag_modified(organisation, "status")
    session.flush()


def _tell_owners(
    session: Session,
    organisation: Organisation,
    kind: str,
    path: str,
    *,
    at: datetime,
    **params: Any,
) -> None:
    for owner in queries.owners(session, organisation.id):
        notices.notify(
            session,
            [owner],
            kind,
            path,
            organisation=organisation.name_for(owner.language),
            **params,
            at=at,
        )


def _tell_curators(
    session: Session, organisation: Organisation, kind: str, *, at: datetime
) -> None:
    path = DESK.format(organisation.id)
    for curator in accounts.curators_of(session, organisation.province):
        notices.notify(
            session,
            [curator],
            kind,
            path,
            organisation=organisation.name_for(curator.language),
            at=at,
        )


def _post(session: Session, letter: messages.Letter, *, at: datetime) -> None:
    notices.mail(
        session, letter.recipient, letter.language, letter.kind, letter.path, **letter.params, at=at
    )
