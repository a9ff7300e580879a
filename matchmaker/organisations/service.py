"""Everything that changes an organisation: registering, profile, curators' decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
from matchmaker.organisations.models import (
    Membership,
    Organisation,
    ProfileChange,
    Registration,
    Verification,
)
from matchmaker.organisations.rules import Profile
from matchmaker.organisations.states import ChangeStatus, OrganisationStatus
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
    provinces = [organisation.province]
    _tell_curators(session, organisation, "organisation.registered", provinces, at=at)
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
    check_version(organisation, version)
    identity, text = rules.changes(organisation, profile)
    known = organisation.is_shown
    if not known:
        text, identity = identity | text, {}
    if identity or not known:
        _drop_unconfirmed(session, organisation, at=at)
    before = _replace(organisation, text)
    touch(session, organisation)
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
            _keep_change(session, actor, organisation, made, before=before, after=text, at=at)
            provinces = [organisation.province]
            _tell_curators(session, organisation, "organisation.edited", provinces, at=at)
    if known:
        _propose(session, actor, organisation, identity, at=at)


def _propose(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    identity: dict[str, Any],
    *,
    at: datetime,
) -> None:
    """Put another identity before the curators, in the place of what was proposed before."""
    older = queries.proposal(session, organisation.id)
    if identity == (older.after if older else {}):
        return
    if older is not None:
        _decide(older, actor, ChangeStatus.WITHDRAWN, at=at)
        session.flush()
    if not identity:
        audit.record(
            session, actor, "organisation.withdraw_identity", "organisation", organisation.id, at=at
        )
        return
    before = {name: getattr(organisation, name) for name in identity}
    status = ChangeStatus.PROPOSED
    _keep_change(session, actor, organisation, status, before=before, after=identity, at=at)
    fields = sorted(identity)
    audit.record(
        session,
        actor,
        "organisation.propose_identity",
        "organisation",
        organisation.id,
        fields=fields,
        at=at,
    )
    provinces = {organisation.province, identity.get("province", organisation.province)}
    _tell_curators(session, organisation, "organisation.changed", provinces, at=at)


def refuse_identity(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    note: str,
    *,
    at: datetime | None = None,
) -> None:
    """Keep the verified identity, and tell the owners why."""
    at = moment(at)
    check_version(organisation, version)
    proposal = queries.proposal(session, organisation.id)
    if proposal is None:
        raise Conflict("organisation", organisation.id)
    _decide(proposal, actor, ChangeStatus.REFUSED, at=at)
    touch(session, organisation)
    audit.record(
        session, actor, "organisation.refuse_identity", "organisation", organisation.id, at=at
    )
    _tell_owners(session, organisation, "organisation.identity_refused", MINE, note=note, at=at)


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
    check_version(organisation, version)
    if change.status != ChangeStatus.MADE or not rules.still_stands(organisation, change.after):
        raise Refused(Refusal.CHANGE_OVERTAKEN)
    _replace(organisation, change.before)
    _decide(change, actor, ChangeStatus.REVERTED, at=at)
    touch(session, organisation)
    fields = sorted(change.before)
    audit.record(
        session, actor, "organisation.revert", "organisation", organisation.id, fields=fields, at=at
    )
    _tell_owners(session, organisation, "organisation.reverted", MINE, at=at)


def verify(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    evidence: str,
    verified_on: date,
    expires_on: date,
    four_eyes: bool = False,
    at: datetime | None = None,
) -> None:
    """A curator says who the organisation is, on what evidence, until when. Also renews.

    A proposed identity is in force from then on. `four_eyes`: all this waits for a second officer.
    """
    at = moment(at)
    check_version(organisation, version)
    if organisation.status == OrganisationStatus.SUSPENDED:
        raise Refused(Refusal.ORGANISATION_SUSPENDED)
    if rules.verification_fault(verified_on, expires_on, day_of(at)) is not None:
        raise Refused(Refusal.DATES_IMPOSSIBLE)
    _drop_unconfirmed(session, organisation, at=at)
    verification = Verification(
        organisation_id=organisation.id,
        curator_id=actor.user_id,
        evidence=evidence,
        verified_on=verified_on,
        expires_on=expires_on,
        awaits_second=four_eyes,
    )
    session.add(verification)
    if not four_eyes:
        _put_in_force(session, actor, organisation, verification, at=at)
        return
    touch(session, organisation)
    audit.record(session, actor, "organisation.check", "organisation", organisation.id, at=at)
    _tell_curators(session, organisation, "organisation.checked", [organisation.province], at=at)


def confirm(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    """A second officer agrees to a check, which is in force from then on.

    Raises Refused for the officer who made it.
    """
    at = moment(at)
    check_version(organisation, version)
    found = queries.open_verifications(session, organisation.id)
    unconfirmed = next((one for one in found if one.awaits_second), None)
    if unconfirmed is None:
        raise Conflict("organisation", organisation.id)
    if unconfirmed.curator_id == actor.user_id:
        raise Refused(Refusal.SECOND_OFFICER)
    if organisation.status == OrganisationStatus.SUSPENDED:
        raise Refused(Refusal.ORGANISATION_SUSPENDED)
    unconfirmed.awaits_second, unconfirmed.second_id = False, actor.user_id
    _put_in_force(session, actor, organisation, unconfirmed, at=at)


def _put_in_force(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    verification: Verification,
    *,
    at: datetime,
) -> None:
    accepted = _accept_identity(session, actor, organisation, verification, at=at)
    organisation.verified_until = verification.expires_on
    _move(session, organisation, OrganisationStatus.VERIFIED)
    until = verification.expires_on.isoformat()
    detail = {"until": until, **({"identity": accepted} if accepted else {})}
    audit.record(
        session, actor, "organisation.verify", "organisation", organisation.id, **detail, at=at
    )
    _tell_owners(session, organisation, "organisation.verified", MINE, until=until, at=at)


def _drop_unconfirmed(session: Session, organisation: Organisation, *, at: datetime) -> None:
    """A check that nobody confirmed yet was of what stood there then."""
    for verification in queries.open_verifications(session, organisation.id):
        if verification.awaits_second:
            verification.awaits_second, verification.ended_at = False, at


def end_verification(
    session: Session, actor: Actor, organisation: Organisation, *, at: datetime
) -> None:
    """Nobody stands behind the organisation now: it has to be verified like a new one."""
    proposal = queries.proposal(session, organisation.id)
    if proposal is not None:
        _decide(proposal, actor, ChangeStatus.REFUSED, at=at)
    for verification in queries.open_verifications(session, organisation.id):
        verification.awaits_second, verification.ended_at = False, at
    organisation.verified_until = None
    _end_grants(organisation)
    if organisation.status != OrganisationStatus.SUSPENDED:
        organisation.status = OrganisationStatus.REGISTERED


def _accept_identity(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    verification: Verification,
    *,
    at: datetime,
) -> list[str]:
    """Make the proposed identity that of the organisation; return the fields that changed.

    What was granted to the former identity ends with it.
    """
    proposal = queries.proposal(session, organisation.id)
    if proposal is None:
        return []
    code = proposal.after.get("uscc")
    if code is not None and queries.by_uscc(session, code) is not None:
        raise Refused(Refusal.CODE_TAKEN)
    for former in queries.open_verifications(session, organisation.id):
        if former is not verification:
            former.ended_at = at
    _replace(organisation, proposal.after)
    _decide(proposal, actor, ChangeStatus.ACCEPTED, at=at)
    return sorted(proposal.after)


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
    check_version(organisation, version)
    touch(session, organisation)
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
    check_version(organisation, version)
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
    check_version(organisation, version)
    if organisation.status != OrganisationStatus.SUSPENDED:
        raise Conflict("organisation", organisation.id)
    organisation.suspension_reason = ""
    status = rules.status_when_reinstated(organisation.verified_until, day_of(at))
    _move(session, organisation, status)
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
    check_version(organisation, version)
    organisation.needs_grant, organisation.capabilities_grant = needs, capabilities
    touch(session, organisation)
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


def _replace(organisation: Organisation, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set fields of the profile and return what stood there; grants end with the identity."""
    before = {name: getattr(organisation, name) for name in values}
    for name, value in values.items():
        setattr(organisation, name, value)
    if not values.keys().isdisjoint(rules.IDENTITY):
        _end_grants(organisation)
    return before


def _end_grants(organisation: Organisation) -> None:
    organisation.needs_grant = rules.grant_for_successor(organisation.needs_grant)
    organisation.capabilities_grant = rules.grant_for_successor(organisation.capabilities_grant)


def _keep_change(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    status: ChangeStatus,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    at: datetime,
) -> None:
    change = ProfileChange(
        organisation_id=organisation.id,
        user_id=actor.user_id,
        at=at,
        before=before,
        after=after,
        status=status,
    )
    session.add(change)


def _decide(change: ProfileChange, actor: Actor, status: ChangeStatus, *, at: datetime) -> None:
    change.status, change.decided_by_id, change.decided_at = status, actor.user_id, at


def check_version(organisation: Organisation, version: int) -> None:
    if organisation.version != version:
        raise Conflict("organisation", organisation.id)


def touch(session: Session, organisation: Organisation) -> None:
    """Raise the version though the status stays: who decides on an older page is told."""
    _move(session, organisation, organisation.status)


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
    session: Session,
    organisation: Organisation,
    kind: str,
    provinces: Iterable[str],
    *,
    at: datetime,
) -> None:
    """Tell the curators of the provinces, each person once."""
    path = DESK.format(organisation.id)
    curators = {
        curator.id: curator
        for province in sorted(provinces)
        for curator in accounts.curators_of(session, province)
    }
    for curator in curators.values():
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
