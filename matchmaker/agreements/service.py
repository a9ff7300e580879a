"""The life of an agreement: written, sent, consented to, changed, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker import codelists
from matchmaker.agreements import messages, queries, rules
from matchmaker.agreements.instruments import instrument as instrument_of
from matchmaker.agreements.models import (
    Agreement,
    AgreementVersion,
    Consent,
    Milestone,
)
from matchmaker.agreements.states import AgreementStatus, Answer, VersionStatus
from matchmaker.agreements.terms import Payment, Terms
from matchmaker.audit import service as audit
from matchmaker.cooperation import queries as matches
from matchmaker.cooperation import service as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.permissions import SYSTEM, Actor


def begin(
    session: Session,
    actor: Actor,
    match: Match,
    instrument_code: str,
    terms: Terms,
    *,
    at: datetime | None = None,
) -> Agreement:
    """Write the first draft of an agreement. Only the actor's side knows of it until it is sent.

    Raises KeyError for an unknown instrument.
    """
    at = moment(at)
    code = instrument_of(instrument_code).code
    check_together(match)
    agreement = Agreement(
        match=match,
        instrument_code=code,
        drafter_id=actor.organisation_id or 0,
        status=AgreementStatus.DRAFT,
        created_at=at,
        updated_at=at,
        versions=[_draft(actor, terms, at=at)],
        people=[],
        milestones=[],
        payments_made=[],
        entries=[],
        facility=None,
        registration=None,
    )
    session.add(agreement)
    session.flush()
    audit.record(
        session, actor, "agreement.draft", "agreement", agreement.id, instrument=code, at=at
    )
    return agreement


def save_draft(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    terms: Terms,
    *,
    version: int,
    at: datetime | None = None,
) -> None:
    """Keep what the actor's side writes. The other side does not see it."""
    at = moment(at)
    agreement = _hold(session, agreement, version)
    _check_may("send", agreement, actor)
    draft = agreement.draft_of(actor.organisation_id)
    if draft is None:
        draft = _draft(actor, terms, at=at)
        agreement.versions.append(draft)
    draft.content, draft.written_at, draft.author_id = terms.to_json(), at, actor.user_id or 0
    session.flush()
    audit.record(session, actor, "agreement.save_draft", "agreement", agreement.id, at=at)


def discard_draft(
    session: Session, actor: Actor, agreement: Agreement, *, at: datetime | None = None
) -> bool:
    """Throw away what the actor's side was writing; return whether the agreement went with it."""
    at = moment(at)
    agreement = queries.locked(session, agreement.id)
    draft = agreement.draft_of(actor.organisation_id)
    if draft is None:
        raise Conflict("agreement", agreement.id)
    audit.record(session, actor, "agreement.discard_draft", "agreement", agreement.id, at=at)
    if not agreement.is_known:
        session.delete(agreement)
        session.flush()
        return True
    agreement.versions.remove(draft)
    session.flush()
    return False


def send(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    *,
    version: int,
    at: datetime | None = None,
) -> None:
    """Put the draft before everybody who has to consent. Who sends it consents by that.

    Raises Refused when something is missing or wrong: `rules.faults` says what.
    """
    at = moment(at)
    agreement = _hold(session, agreement, version)
    _check_may("send", agreement, actor)
    _check_acts(actor, agreement)
    draft = agreement.draft_of(actor.organisation_id)
    if draft is None:
        raise Conflict("agreement", agreement.id)
    terms = draft.terms
    if rules.faults(agreement.instrument, terms, agreement.side_ids, paid(agreement)):
        raise Refused(Refusal.TERMS_INCOMPLETE)
    draft.number = max((one.number or 0 for one in agreement.sent), default=0) + 1
    draft.status, draft.sent_at = VersionStatus.SENT, at
    asked = rules.asked_of(agreement.side_ids, terms)
    draft.consents = [Consent(organisation_id=one) for one in sorted(asked)]
    _answer(draft, actor, Answer.YES, at=at)
    agreement.status = rules.after("send", agreement.status)
    _touch(agreement, at=at)
    session.flush()
    audit.record(
        session,
        actor,
        "agreement.send",
        "agreement",
        agreement.id,
        number=draft.number,
        match=agreement.match_id,
        at=at,
    )
    messages.tell_sent(session, agreement, actor, asked, at=at)


def consent(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    *,
    number: int,
    at: datetime | None = None,
) -> bool:
    """Consent to the version `number`; return whether it came into force by that.

    Raises Conflict when another version is before the organisation by now.
    """
    at = moment(at)
    agreement = queries.locked(session, agreement.id)
    pending = agreement.pending
    if pending is None or pending.number != number:
        raise Conflict("agreement", agreement.id)
    _check_may("consent", agreement, actor)
    _check_acts(actor, agreement)
    _answer(pending, actor, Answer.YES, at=at)
    _record(session, actor, "agreement.consent", agreement, pending, at=at)
    in_force = not agreement.standing.missing
    if in_force:
        _bring_into_force(session, actor, agreement, pending, at=at)
    session.flush()
    return in_force


def send_back(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    words: str,
    *,
    number: int,
    at: datetime | None = None,
) -> None:
    """Say what would have to change. The version is off the table, and stays readable."""
    at = moment(at)
    agreement = queries.locked(session, agreement.id)
    pending = agreement.pending
    if pending is None or pending.number != number:
        raise Conflict("agreement", agreement.id)
    _check_may("send_back", agreement, actor)
    _answer(pending, actor, Answer.NO, words, at=at)
    _close(agreement, pending, "send_back", VersionStatus.SENT_BACK, at=at)
    _record(session, actor, "agreement.send_back", agreement, pending, at=at)
    session.flush()
    messages.tell_sent_back(session, agreement, actor, at=at)


def take_back(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    *,
    number: int,
    at: datetime | None = None,
) -> None:
    """Take back what one's own side has sent, before everybody has consented."""
    at = moment(at)
    agreement = queries.locked(session, agreement.id)
    pending = agreement.pending
    if pending is None or pending.number != number:
        raise Conflict("agreement", agreement.id)
    _check_may("take_back", agreement, actor)
    _close(agreement, pending, "take_back", VersionStatus.TAKEN_BACK, at=at)
    _record(session, actor, "agreement.take_back", agreement, pending, at=at)
    session.flush()


def end(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    reason: str,
    words: str = "",
    *,
    version: int,
    at: datetime | None = None,
) -> None:
    """End the agreement, with a coded reason and words for the others. All stays readable."""
    at = moment(at)
    agreement = _hold(session, agreement, version)
    _check_may("end", agreement, actor)
    if reason not in codelists.codes("agreement_end_reason"):
        raise Refused(Refusal.NO_END_REASON)
    pending = agreement.pending
    if pending is not None:
        pending.status, pending.closed_at = VersionStatus.TAKEN_BACK, at
    agreement.status = rules.after("end", agreement.status)
    agreement.end_reason, agreement.end_note = reason, words
    agreement.ended_on = day_of(at)
    _touch(agreement, at=at)
    session.flush()
    audit.record(session, actor, "agreement.end", "agreement", agreement.id, reason=reason, at=at)
    messages.tell_ended(session, agreement, actor, at=at)


def paid(agreement: Agreement) -> dict[int, Payment]:
    """Place → payment, of those that were made."""
    payments = agreement.current.terms.payments if agreement.current else ()
    places = (one.place for one in agreement.payments_made)
    return {place: payments[place] for place in places if place < len(payments)}


def check_together(match: Match) -> None:
    """Raise Refused unless the two sides may work together on this match."""
    if match.status not in MatchStatus.TOGETHER:
        raise Refused(Refusal.NOT_TOGETHER)
    if not match.are_organisations_shown:
        raise Refused(Refusal.PARTNER_UNAVAILABLE)


def _draft(actor: Actor, terms: Terms, *, at: datetime) -> AgreementVersion:
    return AgreementVersion(
        organisation_id=actor.organisation_id,
        author_id=actor.user_id,
        status=VersionStatus.DRAFT,
        content=terms.to_json(),
        written_at=at,
        consents=[],
    )


def _hold(session: Session, agreement: Agreement, version: int) -> Agreement:
    """Return the agreement as it is now, held; Conflict when it is not what the page showed."""
    agreement = queries.locked(session, agreement.id)
    if agreement.version != version:
        raise Conflict("agreement", agreement.id)
    return agreement


def _check_may(move: str, agreement: Agreement, actor: Actor) -> None:
    if not rules.may(move, agreement.standing, actor.organisation_id):
        raise Conflict("agreement", agreement.id)


def _check_acts(actor: Actor, agreement: Agreement) -> None:
    """Raise Refused where the actor's organisation may not commit itself."""
    if not actor.organisation_verified:
        raise Refused(Refusal.OWN_ORGANISATION_UNVERIFIED)
    check_together(agreement.match)


def _answer(
    version: AgreementVersion, actor: Actor, answer: Answer, words: str = "", *, at: datetime
) -> None:
    own = next(one for one in version.consents if one.organisation_id == actor.organisation_id)
    own.answer, own.words, own.user_id, own.at = answer, words, actor.user_id, at


def _close(
    agreement: Agreement, pending: AgreementVersion, move: str, status: str, *, at: datetime
) -> None:
    pending.status, pending.closed_at = status, at
    agreement.status = rules.after(move, agreement.status)
    _touch(agreement, at=at)


def _bring_into_force(
    session: Session, actor: Actor, agreement: Agreement, pending: AgreementVersion, *, at: datetime
) -> None:
    before = agreement.current
    if before is not None:
        before.status = VersionStatus.SUPERSEDED
        session.flush()  # one version is in force at a time: the old one goes first
    _close(agreement, pending, "consent", VersionStatus.IN_FORCE, at=at)
    if before is None:
        agreement.agreed_on = day_of(at)
        agreement.milestones = _from_template(agreement, pending.terms)
        advance_match(session, actor, agreement, "agree", at=at)
    _record(session, actor, "agreement.in_force", agreement, pending, at=at)
    messages.tell_in_force(session, agreement, actor, at=at)


def _from_template(agreement: Agreement, terms: Terms) -> list[Milestone]:
    """The milestones of the instrument, counted from the day that the agreement begins."""
    agreed = agreement.agreed_on
    begins = max(one for one in (agreed, terms.begins) if one is not None)
    return [
        Milestone(template=step.code, by=step.by, due_on=rules.due_on(begins, step.after), files=[])
        for step in agreement.instrument.steps
    ]


def advance_match(
    session: Session, actor: Actor, agreement: Agreement, move: str, *, at: datetime
) -> None:
    """Bring the match as far as the agreement shows; a third party moves it for who wrote it."""
    match = matches.match(session, agreement.match_id)
    if match is None:
        raise Conflict("agreement", agreement.id)
    if actor.organisation_id not in agreement.side_ids:
        actor = replace(SYSTEM, organisation_id=agreement.drafter_id)
    cooperation.advance(session, actor, match, move, at=at)


def _touch(agreement: Agreement, *, at: datetime) -> None:
    agreement.version += 1
    agreement.updated_at = at


def _record(
    session: Session,
    actor: Actor,
    action: str,
    agreement: Agreement,
    version: AgreementVersion,
    *,
    at: datetime,
) -> None:
    audit.record(session, actor, action, "agreement", agreement.id, number=version.number, at=at)
