"""Who an organisation is: proposed by its owners, verified by curators, until a day.

Every function changes a loaded organisation, and is audited in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from matchmaker.accounts import queries as accounts
from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.notices import service as notices
from matchmaker.organisations import belonging, queries, rules
from matchmaker.organisations.models import (
    Organisation,
    ProfileChange,
    Verification,
    VerificationMessage,
)
from matchmaker.organisations.states import ChangeStatus, MessageKind, OrganisationStatus
from matchmaker.permissions import SYSTEM, Actor

MINE, DESK = "/organisation", "/desk/organisations/{}"
CONVERSATION = "/organisation/verification"


def verify(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    evidence: str,
    checks: Sequence[str],
    verified_on: date,
    expires_on: date,
    four_eyes: bool = False,
    at: datetime | None = None,
) -> None:
    """A curator says who the organisation is, on what evidence, until when. Also renews.

    `evidence` is for curators; `checks`, codes of verification_check, stand on the public badge.

    A proposed identity is in force from then on. `four_eyes`: all this waits for a second officer.
    """
    at = moment(at)
    check_version(organisation, version)
    if organisation.status == OrganisationStatus.SUSPENDED:
        raise Refused(Refusal.ORGANISATION_SUSPENDED)
    if rules.verification_fault(verified_on, expires_on, day_of(at)) is not None:
        raise Refused(Refusal.DATES_IMPOSSIBLE)
    check_other_officer(session, actor, organisation)
    drop_unconfirmed(session, organisation, at=at)
    verification = Verification(
        organisation_id=organisation.id,
        curator_id=actor.user_id,
        evidence=evidence,
        checks=list(checks),
        office=accounts.office_of(session, actor.user_id),
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
    tell_curators(session, organisation, "organisation.checked", [organisation.province], at=at)


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
    organisation.verified_until, organisation.lapse_warning = verification.expires_on, None
    organisation.closing_reason = ""
    move(session, organisation, OrganisationStatus.VERIFIED)
    say(session, actor, organisation, MessageKind.VERIFIED, at=at)
    until = verification.expires_on.isoformat()
    detail = {"until": until, **({"identity": accepted} if accepted else {})}
    audit.record(
        session, actor, "organisation.verify", "organisation", organisation.id, **detail, at=at
    )
    tell_owners(session, organisation, "organisation.verified", until=until, at=at)


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
    replace(organisation, proposal.after)
    decide(proposal, actor, ChangeStatus.ACCEPTED, at=at)
    return sorted(proposal.after)


def propose(
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
        decide(older, actor, ChangeStatus.WITHDRAWN, at=at)
        session.flush()
    if not identity:
        audit.record(
            session, actor, "organisation.withdraw_identity", "organisation", organisation.id, at=at
        )
        return
    before = {name: getattr(organisation, name) for name in identity}
    status = ChangeStatus.PROPOSED
    keep_change(session, actor, organisation, status, before=before, after=identity, at=at)
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
    tell_curators(session, organisation, "organisation.changed", provinces, at=at)


def say(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    kind: MessageKind,
    text: str = "",
    *,
    at: datetime,
) -> VerificationMessage:
    """Add to the conversation about the organisation's verification."""
    message = VerificationMessage(
        organisation_id=organisation.id,
        author_id=actor.user_id,
        kind=kind,
        text=text,
        at=at,
        files=[],
    )
    session.add(message)
    session.flush()
    return message


def check_other_officer(session: Session, actor: Actor, organisation: Organisation) -> None:
    """An appeal is decided by another officer than the one who refused."""
    if rules.refused_by(queries.messages(session, organisation.id)) == actor.user_id:
        raise Refused(Refusal.APPEAL_TO_ANOTHER)


def drop_unconfirmed(session: Session, organisation: Organisation, *, at: datetime) -> None:
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
        decide(proposal, actor, ChangeStatus.REFUSED, at=at)
    for verification in queries.open_verifications(session, organisation.id):
        verification.awaits_second, verification.ended_at = False, at
    organisation.verified_until = None
    _end_grants(organisation)
    if organisation.status not in OrganisationStatus.OUT:
        organisation.status = OrganisationStatus.REGISTERED


def lapse(session: Session, organisation: Organisation, *, at: datetime | None = None) -> None:
    """The verification ran out."""
    at = moment(at)
    move(session, organisation, OrganisationStatus.LAPSED)
    audit.record(session, SYSTEM, "organisation.lapse", "organisation", organisation.id, at=at)
    tell_owners(session, organisation, "organisation.lapsed", CONVERSATION, at=at)


def warn_of_lapse(session: Session, organisation: Organisation, days: int, *, at: datetime) -> None:
    """Tell the owners that the verification runs out soon."""
    organisation.lapse_warning = days
    audit.record(
        session, SYSTEM, "organisation.warn", "organisation", organisation.id, days=days, at=at
    )
    until = organisation.verified_until.isoformat() if organisation.verified_until else ""
    tell_owners(session, organisation, "organisation.lapses", CONVERSATION, until=until, at=at)


def replace(organisation: Organisation, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set fields of the profile and return what stood there; grants end with the identity."""
    before = {name: getattr(organisation, name) for name in values}
    for name, value in values.items():
        setattr(organisation, name, value)
    organisation.search_text = rules.search_text(organisation)
    if not values.keys().isdisjoint(rules.IDENTITY):
        _end_grants(organisation)
    return before


def _end_grants(organisation: Organisation) -> None:
    organisation.needs_grant = rules.grant_for_successor(organisation.needs_grant)
    organisation.capabilities_grant = rules.grant_for_successor(organisation.capabilities_grant)


def keep_change(
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


def forget_contact(session: Session, user: User, organisation_id: int | None) -> None:
    """Take a person out of the history of profiles, where they were the contact.

    Whom an organisation names as its contact today is for its owners to say.
    """
    for change in queries.changes_around(session, user.id, organisation_id):
        if any(
            rules.names_as_contact(values, user.name, user.email)
            for values in (change.before, change.after)
        ):
            change.before = rules.without_contact(change.before)
            change.after = rules.without_contact(change.after)
            if not change.after:
                session.delete(change)
    session.flush()


def decide(change: ProfileChange, actor: Actor, status: ChangeStatus, *, at: datetime) -> None:
    change.status, change.decided_by_id, change.decided_at = status, actor.user_id, at


def check_version(organisation: Organisation, version: int) -> None:
    """Raise Conflict for an older page, and for what is part of another organisation by now."""
    if organisation.version != version or organisation.status == OrganisationStatus.MERGED:
        raise Conflict("organisation", organisation.id)


def touch(session: Session, organisation: Organisation) -> None:
    """Raise the version though the status stays: who decides on an older page is told."""
    move(session, organisation, organisation.status)


def move(session: Session, organisation: Organisation, status: str) -> None:
    """Set a status, perhaps the same: the version goes up, so that the second is told."""
    organisation.status = status
    flag_modified(organisation, "status")
    session.flush()


def tell_owners(
    session: Session,
    organisation: Organisation,
    kind: str,
    path: str = MINE,
    *,
    at: datetime,
    **params: Any,
) -> None:
    for owner in belonging.owners(session, organisation.id):
        notices.notify(
            session,
            [owner],
            kind,
            path,
            organisation=organisation.name_for(owner.language),
            **params,
            concerning=organisation.id,
            at=at,
        )


def tell_curators(
    session: Session,
    organisation: Organisation,
    kind: str,
    provinces: Iterable[str],
    *,
    at: datetime,
    **params: Any,
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
            **params,
            at=at,
        )
