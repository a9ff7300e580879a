"""The conversation about a verification: questions, papers, refusals and appeals.

What curators ask stands on the organisation's home until it has answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.files import service as files
from matchmaker.files.service import Received
from matchmaker.files.states import Purpose
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.organisations import identity, queries, rules
from matchmaker.organisations.identity import CONVERSATION, tell_curators, tell_owners
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.states import ChangeStatus, MessageKind, OrganisationStatus
from matchmaker.permissions import Actor

MOST_FILES = 5


def send(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    text: str,
    received: Sequence[Received],
    *,
    at: datetime | None = None,
) -> MessageKind:
    """Send words and papers of an organisation that is held to the curators.

    Return what that was. After a refusal it is an appeal, which another officer decides. Raises
    Refused when nothing was sent, or when the refusal stands; LimitReached for too many.
    """
    at = moment(at)
    messages = queries.messages(session, organisation.id)
    kind = rules.kind_of_reply(organisation.status, messages)
    if not text and not received:
        raise Refused(Refusal.NOTHING_SENT)
    if len(received) > MOST_FILES:
        raise Refused(Refusal.TOO_MANY_FILES, most=MOST_FILES)
    if kind == MessageKind.APPEAL and not rules.may_appeal(messages):
        raise Refused(Refusal.REFUSAL_STANDS)
    message = identity.say(session, actor, organisation, kind, text, at=at)
    message.files.extend(
        files.keep(session, actor, organisation.id, received, purpose=Purpose.VERIFICATION, at=at)
    )
    if kind == MessageKind.APPEAL:
        identity.move(session, organisation, OrganisationStatus.REGISTERED)
    appeals = kind == MessageKind.APPEAL
    action = "organisation.appeal" if appeals else "organisation.send_papers"
    number = len(received)
    audit.record(session, actor, action, "organisation", organisation.id, files=number, at=at)
    limits.count(session, actor, Act.MESSAGE, at=at)
    told = "organisation.appealed" if appeals else "organisation.answered"
    tell_curators(session, organisation, told, [organisation.province], at=at)
    return kind


def ask(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    question: str,
    *,
    at: datetime | None = None,
) -> None:
    """Before verifying: what the organisation should add or mend, in words."""
    at = moment(at)
    identity.check_version(organisation, version)
    identity.say(session, actor, organisation, MessageKind.QUESTION, question, at=at)
    identity.touch(session, organisation)
    audit.record(session, actor, "organisation.ask_more", "organisation", organisation.id, at=at)
    tell_owners(
        session, organisation, "organisation.more_needed", CONVERSATION, note=question, at=at
    )


def refuse(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """Refuse to verify an organisation that waits for its first verification."""
    at = moment(at)
    identity.check_version(organisation, version)
    if organisation.status != OrganisationStatus.REGISTERED:
        raise Conflict("organisation", organisation.id)
    identity.check_other_officer(session, actor, organisation)
    identity.drop_unconfirmed(session, organisation, at=at)
    identity.say(session, actor, organisation, MessageKind.REFUSAL, reason, at=at)
    identity.move(session, organisation, OrganisationStatus.REFUSED)
    audit.record(session, actor, "organisation.refuse", "organisation", organisation.id, at=at)
    tell_owners(session, organisation, "organisation.refused", CONVERSATION, note=reason, at=at)


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
    identity.check_version(organisation, version)
    proposal = queries.proposal(session, organisation.id)
    if proposal is None:
        raise Conflict("organisation", organisation.id)
    identity.decide(proposal, actor, ChangeStatus.REFUSED, at=at)
    identity.say(session, actor, organisation, MessageKind.REFUSAL, note, at=at)
    identity.touch(session, organisation)
    audit.record(
        session, actor, "organisation.refuse_identity", "organisation", organisation.id, at=at
    )
    tell_owners(
        session, organisation, "organisation.identity_refused", CONVERSATION, note=note, at=at
    )
