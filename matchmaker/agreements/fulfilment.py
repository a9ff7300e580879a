"""What happens under an agreement in force: people, milestones, payments, the service log."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.agreements import queries, rules
from matchmaker.agreements.instruments import Extra
from matchmaker.agreements.models import (
    Agreement,
    AgreementPerson,
    Milestone,
    PaymentMade,
    ServiceEntry,
)
from matchmaker.audit import service as audit
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.files import service as files
from matchmaker.files.models import StoredFile
from matchmaker.files.service import Received
from matchmaker.files.states import Purpose
from matchmaker.organisations import queries as organisations
from matchmaker.permissions import Actor


@dataclass(frozen=True, slots=True)
class Naming:
    """Somebody whom a side names. `staff_number` tells two people of one name apart."""

    name: str
    starts_on: date
    ends_on: date
    full_time: bool
    staff_number: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone as a form has it."""

    what: str
    by: str
    due_on: date
    evidence_asked: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of a service log."""

    day: date
    place: str
    hours: float
    what: str
    people: int


def check_binding(agreement: Agreement) -> None:
    """Raise Refused unless the agreement is in force."""
    if not agreement.is_binding:
        raise Refused(Refusal.AGREEMENT_NOT_IN_FORCE)


def _check_has(agreement: Agreement, extra: Extra) -> None:
    if extra not in agreement.instrument.extras:
        raise NotAllowed


# People


def name_person(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    naming: Naming,
    *,
    at: datetime | None = None,
) -> AgreementPerson:
    """Name one of one's own people. Others read the name once their consent is noted.

    Raises Refused when the same person is bound full time elsewhere in those days.
    """
    at = moment(at)
    check_binding(agreement)
    _check_has(agreement, Extra.PEOPLE)
    own = actor.organisation_id or 0
    organisations.hold(session, own)  # two colleagues who name the same person take turns
    if naming.ends_on < naming.starts_on:
        raise Refused(Refusal.PERIOD_BACKWARDS)
    key = person_key(naming.name, naming.staff_number)
    if naming.full_time:
        _check_free(session, own, key, (naming.starts_on, naming.ends_on))
    person = AgreementPerson(
        organisation_id=own,
        name=naming.name,
        staff_number=naming.staff_number,
        key=key,
        post=naming.post,
        full_time=naming.full_time,
        starts_on=naming.starts_on,
        ends_on=naming.ends_on,
    )
    agreement.people.append(person)
    session.flush()
    _record(session, actor, "agreement.name_person", agreement, at=at, person=person.id)
    return person


def note_consent(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    person: AgreementPerson,
    *,
    consent_on: date,
    evidence: str,
    at: datetime | None = None,
) -> None:
    """Note when a person agreed to be named, and what shows it: the name opens to the others."""
    at = moment(at)
    _check_own(actor, person.organisation_id)
    if consent_on > day_of(at):
        raise Refused(Refusal.DAY_TO_COME)
    if person.consent_on is not None:
        raise Conflict("agreement", agreement.id)
    person.consent_on, person.consent_evidence = consent_on, evidence
    person.consent_noted_by_id = actor.user_id
    session.flush()
    _record(session, actor, "agreement.note_consent", agreement, at=at, person=person.id)


def remove_person(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    person: AgreementPerson,
    *,
    at: datetime | None = None,
) -> None:
    """Take a person's name out again, also when they take their consent back."""
    at = moment(at)
    _check_own(actor, person.organisation_id)
    person_id = person.id
    agreement.people.remove(person)
    session.flush()
    _record(session, actor, "agreement.remove_person", agreement, at=at, person=person_id)


def person_key(name: str, staff_number: str) -> str:
    """What tells a person of an organisation from its others, however the name is typed."""
    plain = unicodedata.normalize("NFKC", f"{name}|{staff_number}").casefold()
    return "".join(plain.split())


def _check_free(
    session: Session, organisation_id: int, key: str, period: tuple[date, date]
) -> None:
    for other in queries.full_time_of(session, organisation_id, key):
        if rules.overlap(period, (other.starts_on, other.ends_on)):
            raise Refused(
                Refusal.PERSON_BOUND,
                begin=other.starts_on,
                end=other.ends_on,
                agreement=other.agreement_id,
            )


def _check_own(actor: Actor, organisation_id: int) -> None:
    if actor.organisation_id != organisation_id:
        raise NotAllowed


# Milestones


def add_milestone(
    session: Session, actor: Actor, agreement: Agreement, step: Step, *, at: datetime | None = None
) -> None:
    at = moment(at)
    check_binding(agreement)
    milestone = Milestone(**_columns(step), files=[])
    agreement.milestones.append(milestone)
    session.flush()
    _record(session, actor, "agreement.add_milestone", agreement, at=at, milestone=milestone.id)


def edit_milestone(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    milestone: Milestone,
    step: Step,
    *,
    version: int,
    at: datetime | None = None,
) -> None:
    """Change what is to be reached, by whom and until when. The record keeps the old day."""
    at = moment(at)
    _check_milestone(agreement, milestone, version, done=False)
    before = {"due": milestone.due_on.isoformat(), "by": milestone.by}
    if step.due_on > milestone.due_on:
        milestone.told_at = None
    for name, value in _columns(step).items():
        setattr(milestone, name, value)
    _flush(session, agreement)
    _record(
        session,
        actor,
        "agreement.edit_milestone",
        agreement,
        at=at,
        milestone=milestone.id,
        **before,
    )


def finish_milestone(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    milestone: Milestone,
    *,
    done_on: date,
    evidence: str,
    version: int,
    attached: Sequence[Received] = (),
    at: datetime | None = None,
) -> None:
    """Note that it was reached, when, and what shows it, in words and files."""
    at = moment(at)
    _check_milestone(agreement, milestone, version, done=False)
    if done_on > day_of(at):
        raise Refused(Refusal.DAY_TO_COME)
    milestone.done_on, milestone.evidence = done_on, evidence
    own = actor.organisation_id or 0
    milestone.files += files.keep(session, actor, own, attached, purpose=Purpose.MILESTONE, at=at)
    _flush(session, agreement)
    _record(session, actor, "agreement.finish_milestone", agreement, at=at, milestone=milestone.id)


def reopen_milestone(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    milestone: Milestone,
    *,
    version: int,
    at: datetime | None = None,
) -> None:
    """It was not reached after all; the record keeps that it was noted."""
    at = moment(at)
    _check_milestone(agreement, milestone, version, done=True)
    milestone.done_on = None
    _flush(session, agreement)
    _record(session, actor, "agreement.reopen_milestone", agreement, at=at, milestone=milestone.id)


def remove_milestone(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    milestone: Milestone,
    *,
    version: int,
    at: datetime | None = None,
) -> None:
    at = moment(at)
    _check_milestone(agreement, milestone, version, done=False)
    milestone_id, due = milestone.id, milestone.due_on.isoformat()
    for file in milestone.files:
        files.delete(session, actor, file, at=at)
    agreement.milestones.remove(milestone)
    _flush(session, agreement)
    _record(
        session,
        actor,
        "agreement.remove_milestone",
        agreement,
        at=at,
        milestone=milestone_id,
        due=due,
    )


def remove_file(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    milestone: Milestone,
    file: StoredFile,
    *,
    version: int,
    at: datetime | None = None,
) -> None:
    """Delete a file of one's own side, while the milestone is not noted as reached."""
    at = moment(at)
    _check_milestone(agreement, milestone, version, done=False)
    _check_own(actor, file.organisation_id)
    milestone.files.remove(file)
    files.delete(session, actor, file, at=at)
    _flush(session, agreement)
    _record(
        session, actor, "agreement.remove_file", agreement, at=at,
        milestone=milestone.id, file=file.id,
    )  # fmt: skip


def _check_milestone(
    agreement: Agreement, milestone: Milestone, version: int, *, done: bool
) -> None:
    check_binding(agreement)
    if milestone.version != version or (milestone.done_on is not None) != done:
        raise Conflict("agreement", agreement.id)


def _columns(step: Step) -> dict[str, object]:
    return {
        "what": step.what,
        "by": step.by,
        "due_on": step.due_on,
        "evidence_asked": step.evidence_asked,
    }


# Payments


def note_payment(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    place: int,
    paid_on: date,
    *,
    at: datetime | None = None,
) -> None:
    """Note that a stage of the price was paid. It cannot be changed by a later version then."""
    at = moment(at)
    agreement = queries.locked(session, agreement.id)
    check_binding(agreement)
    payments = agreement.current.terms.payments if agreement.current else ()
    if place >= len(payments):
        raise NotAllowed
    if paid_on > day_of(at):
        raise Refused(Refusal.DAY_TO_COME)
    if any(one.place == place for one in agreement.payments_made):
        raise Conflict("agreement", agreement.id)
    agreement.payments_made.append(PaymentMade(place=place, paid_on=paid_on))
    session.flush()
    _record(session, actor, "agreement.note_payment", agreement, at=at, place=place + 1)


def undo_payment(
    session: Session, actor: Actor, agreement: Agreement, place: int, *, at: datetime | None = None
) -> None:
    """A payment was noted by mistake; the record keeps that it was."""
    at = moment(at)
    agreement = queries.locked(session, agreement.id)
    check_binding(agreement)
    made = next((one for one in agreement.payments_made if one.place == place), None)
    if made is None:
        raise Conflict("agreement", agreement.id)
    agreement.payments_made.remove(made)
    session.flush()
    _record(session, actor, "agreement.undo_payment", agreement, at=at, place=place + 1)


# The service log


def log_service(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    service: Service,
    *,
    at: datetime | None = None,
) -> ServiceEntry:
    """Write an entry of the service log. It lies between the first day and today."""
    at = moment(at)
    check_binding(agreement)
    _check_has(agreement, Extra.LOG)
    if service.day > day_of(at):
        raise Refused(Refusal.DAY_TO_COME)
    entry = ServiceEntry(
        organisation_id=actor.organisation_id or 0,
        day=service.day,
        place=service.place,
        hours=service.hours,
        what=service.what,
        people=service.people,
        written_at=at,
    )
    agreement.entries.append(entry)
    session.flush()
    _record(session, actor, "agreement.log_service", agreement, at=at, entry=entry.id)
    return entry


def strike_service(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    entry: ServiceEntry,
    *,
    at: datetime | None = None,
) -> None:
    """Strike out an entry of one's own side: it stays readable and is not counted."""
    at = moment(at)
    check_binding(agreement)
    _check_own(actor, entry.organisation_id)
    if entry.struck_at is not None:
        raise Conflict("agreement", agreement.id)
    entry.struck_at = at
    session.flush()
    _record(session, actor, "agreement.strike_service", agreement, at=at, entry=entry.id)


def _flush(session: Session, agreement: Agreement) -> None:
    agreement_id = agreement.id
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("agreement", agreement_id) from error


def _record(
    session: Session,
    actor: Actor,
    action: str,
    agreement: Agreement,
    *,
    at: datetime,
    **detail: object,
) -> None:
    audit.record(session, actor, action, "agreement", agreement.id, at=at, **detail)
