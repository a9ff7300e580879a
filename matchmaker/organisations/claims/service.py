"""Asking to manage an organisation's account, on evidence: a curator decides.

This is the way in where the only account manager has left, or never took the account over.
Account managers and the organisation's contact are told at once, and have days to object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.service import as_actor
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.files import service as files
from matchmaker.files.service import Received
from matchmaker.files.states import Purpose
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.organisations import belonging, identity, joining, queries
from matchmaker.organisations.claims import messages, rules
from matchmaker.organisations.claims import queries as claims
from matchmaker.organisations.claims.models import Claim, ClaimMessage
from matchmaker.organisations.claims.states import ClaimStatus, ClaimWord
from matchmaker.organisations.models import Membership, Organisation
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import SYSTEM, Actor, MemberRole

# Builds the address by which the organisation's contact can object.
Path = Callable[[Claim], str]


def ask(
    session: Session,
    actor: Actor,
    user: User,
    organisation: Organisation,
    received: Sequence[Received],
    *,
    position: str,
    reason: str,
    path: Path,
    at: datetime | None = None,
) -> Claim:
    """Ask for the account. Raises Refused without a file, and where one waits or was refused.

    Nothing about the organisation is told to who asks but what becomes of the request.
    """
    at = moment(at)
    queries.hold(session, organisation.id)
    session.refresh(organisation, ["status"])
    if organisation.status in OrganisationStatus.OUT:
        raise NotAllowed
    if any(one.organisation_id == organisation.id for one in claims.open_of(session, user.id)):
        raise Refused(Refusal.CLAIM_WAITS)
    days = rules.days_to_wait(claims.last_refused(session, user.id, organisation.id), at)
    if days:
        raise Refused(Refusal.CLAIM_TOO_SOON, number=days)
    if not received:
        raise Refused(Refusal.NO_FILE)
    claim = Claim(
        organisation_id=organisation.id,
        organisation=organisation,
        user_id=user.id,
        user=user,
        position=position,
        reason=reason,
        at=at,
        status=ClaimStatus.OPEN,
    )
    session.add(claim)
    session.flush()
    _say(session, actor, claim, ClaimWord.PAPERS, received=received, at=at)
    _record(session, actor, claim, "organisation.ask_account", at=at, files=len(received))
    limits.count(session, actor, Act.INVITATION, at=at)
    owners = belonging.owners(session, organisation.id)
    messages.asked(session, claim, owners, path(claim), at=at)
    return claim


def object_to(
    session: Session,
    actor: Actor,
    claim: Claim,
    text: str,
    *,
    by_contact: bool = False,
    at: datetime | None = None,
) -> None:
    """An account manager or the contact says why not, once. Raises Refused when it is too late."""
    at = moment(at)
    _check_open(session, claim)
    author = None if by_contact else actor.user_id
    if claims.objection_of(session, claim.id, author) is not None:
        raise Refused(Refusal.OBJECTED_ALREADY)
    if at >= objections_until(session, claim):
        raise Refused(Refusal.OBJECTION_TOO_LATE)
    by = SYSTEM if by_contact else actor
    _say(session, by, claim, ClaimWord.OBJECTION, text, at=at)
    _record(session, by, claim, "organisation.object_account", at=at)
    messages.to_curators(session, claim, "organisation.claim_objected", at=at)


def ask_more(
    session: Session, actor: Actor, claim: Claim, question: str, *, at: datetime | None = None
) -> None:
    """A curator asks who asks."""
    at = moment(at)
    _check_open(session, claim)
    _say(session, actor, claim, ClaimWord.QUESTION, question, at=at)
    _record(session, actor, claim, "organisation.question_account", at=at)
    messages.to_claimant(session, claim, "organisation.claim_question", note=question, at=at)


def reply(
    session: Session,
    actor: Actor,
    claim: Claim,
    text: str,
    received: Sequence[Received],
    *,
    at: datetime | None = None,
) -> None:
    """Words and files of who asks. Raises Refused for nothing, and for too many files in all."""
    at = moment(at)
    _check_open(session, claim)
    if not text and not received:
        raise Refused(Refusal.NOTHING_SENT)
    if claims.number_of_files(session, claim.id) + len(received) > rules.MOST_FILES:
        raise Refused(Refusal.CLAIM_FILES_ENOUGH, most=rules.MOST_FILES)
    _say(session, actor, claim, ClaimWord.REPLY, text, received=received, at=at)
    _record(session, actor, claim, "organisation.answer_account", at=at, files=len(received))
    limits.count(session, actor, Act.MESSAGE, at=at)
    messages.to_curators(session, claim, "organisation.claim_answered", at=at)


def withdraw(session: Session, actor: Actor, claim: Claim, *, at: datetime | None = None) -> None:
    at = moment(at)
    _check_open(session, claim)
    _decide(claim, actor, ClaimStatus.WITHDRAWN, at=at)
    _record(session, actor, claim, "organisation.withdraw_account", at=at)
    owners = belonging.owners(session, claim.organisation_id)
    messages.came_to_nothing(session, claim, owners, at=at)


def refuse(
    session: Session, actor: Actor, claim: Claim, reason: str, *, at: datetime | None = None
) -> None:
    """A curator leaves the account with whom it is; who asked is told why."""
    at = moment(at)
    _check_open(session, claim)
    _check_time(session, claim, at)
    _decide(claim, actor, ClaimStatus.REFUSED, at=at)
    claim.note = reason
    _record(session, actor, claim, "organisation.refuse_account", at=at)
    messages.to_claimant(session, claim, "organisation.claim_refused", note=reason, at=at)
    owners = belonging.owners(session, claim.organisation_id)
    messages.came_to_nothing(session, claim, owners, at=at)


def approve(session: Session, actor: Actor, claim: Claim, *, at: datetime | None = None) -> None:
    """Give the account to who asks. The former account managers leave the organisation.

    Raises Refused for a suspended organisation, and for somebody who cannot sign in or is staff.
    """
    at = moment(at)
    _check_open(session, claim)
    _check_time(session, claim, at)
    organisation = claim.organisation
    if organisation.status == OrganisationStatus.SUSPENDED:
        raise Refused(Refusal.ORGANISATION_SUSPENDED)
    if not claim.user.may_sign_in:
        raise Refused(Refusal.CLAIMANT_AWAY)
    present = belonging.lock_members(session, organisation.id)
    told = [one.user for one in present if one.user_id != claim.user_id and one.user.may_sign_in]
    _part_with_owners(session, actor, claim, present, at=at)
    _appoint(session, claim, present, at=at)
    organisation.awaits_owner = False
    identity.touch(session, organisation)
    _decide(claim, actor, ClaimStatus.APPROVED, at=at)
    _record(session, actor, claim, "organisation.give_account", at=at, user=claim.user_id)
    messages.granted(session, claim, told, at=at)


def _part_with_owners(
    session: Session, actor: Actor, claim: Claim, present: Sequence[Membership], *, at: datetime
) -> None:
    """End the memberships of the account managers, and whom they invited or could follow them."""
    leaving = [
        one for one in present if one.role == MemberRole.OWNER and one.user_id != claim.user_id
    ]
    gone = {one.user_id for one in leaving}
    for one in leaving:
        session.delete(one)
        _record(session, actor, claim, "organisation.remove_member", at=at, user=one.user_id)
    for invitation in belonging.open_invitations(session, claim.organisation_id, at):
        if invitation.role == MemberRole.OWNER or invitation.invited_by_id in gone:
            invitation.withdrawn_at = at
    session.flush()


def _appoint(
    session: Session, claim: Claim, present: Sequence[Membership], *, at: datetime
) -> None:
    person, organisation_id = as_actor(claim.user), claim.organisation_id
    own = next((one for one in present if one.user_id == claim.user_id), None)
    if own is not None:
        own.role = MemberRole.OWNER
        return
    joining.enrol(session, claim.user, organisation_id, MemberRole.OWNER, at=at)
    joining.end_requests(session, person, claim.user_id, organisation_id, at=at)
    kept = belonging.registration(session, claim.user_id)
    if kept is not None:
        session.delete(kept)
    _record(session, person, claim, "organisation.join", at=at, role=MemberRole.OWNER)


def withdraw_all(session: Session, actor: Actor, user: User, *, at: datetime) -> None:
    """Take back what somebody asks for whose account is erased."""
    for claim in claims.open_of(session, user.id):
        withdraw(session, actor, claim, at=at)


def decided_from(session: Session, found: Sequence[Claim]) -> Mapping[int, datetime]:
    """Request → from when on a curator may decide about it."""
    since = claims.managing_since(session, {one.organisation_id for one in found})
    return {one.id: rules.decided_from(one.at, since.get(one.organisation_id, ())) for one in found}


def objections_until(session: Session, claim: Claim) -> datetime:
    since = claims.managing_since(session, [claim.organisation_id])
    return rules.objections_until(claim.at, since.get(claim.organisation_id, ()))


def _check_open(session: Session, claim: Claim) -> None:
    """Two may act at once: the second is told."""
    queries.hold(session, claim.organisation_id)
    session.refresh(claim, ["status"])
    session.refresh(claim.organisation, ["status"])
    merged = claim.organisation.status == OrganisationStatus.MERGED
    if merged or claim.status != ClaimStatus.OPEN:
        raise Conflict("claim", claim.id)


def _check_time(session: Session, claim: Claim, at: datetime) -> None:
    if at < decided_from(session, [claim])[claim.id]:
        raise Refused(Refusal.CLAIM_TOO_EARLY)


def _decide(claim: Claim, actor: Actor, status: ClaimStatus, *, at: datetime) -> None:
    claim.status, claim.decided_by_id, claim.decided_at = status, actor.user_id, at


def _say(
    session: Session,
    actor: Actor,
    claim: Claim,
    kind: ClaimWord,
    text: str = "",
    *,
    received: Sequence[Received] = (),
    at: datetime,
) -> None:
    message = ClaimMessage(
        claim_id=claim.id, author_id=actor.user_id, kind=kind, text=text, at=at, files=[]
    )
    session.add(message)
    session.flush()
    message.files.extend(
        files.keep(session, actor, claim.organisation_id, received, purpose=Purpose.CLAIM, at=at)
    )


def _record(
    session: Session, actor: Actor, claim: Claim, action: str, *, at: datetime, **detail: object
) -> None:
    audit.record(session, actor, action, "organisation", claim.organisation_id, at=at, **detail)
