"""What happens under an agreement in force: milestones, payments, the service log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.agreements import queries
from matchmaker.agreements.instruments import Extra
from matchmaker.agreements.models import Agreement, Milestone, PaymentMade, ServiceEntry
from matchmaker.audit import service as audit
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.files import service as files
from matchmaker.files.models import StoredFile
from matchmaker.files.service import Received
from matchmaker.files.states import Purpose
from matchmaker.permissions import Actor


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


def check_has(agreement: Agreement, extra: Extra) -> None:
    if extra not in agreement.instrument.extras:
        raise NotAllowed


def check_own(actor: Actor, organisation_id: int) -> None:
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
    record(session, actor, "agreement.add_milestone", agreement, at=at, milestone=milestone.id)


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
    record(
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
    record(session, actor, "agreement.finish_milestone", agreement, at=at, milestone=milestone.id)


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
    record(session, actor, "agreement.reopen_milestone", agreement, at=at, milestone=milestone.id)


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
    record(
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
    check_own(actor, file.organisation_id)
    milestone.files.remove(file)
    files.delete(session, actor, file, at=at)
    _flush(session, agreement)
    record(
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
    record(session, actor, "agreement.note_payment", agreement, at=at, place=place + 1)


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
    record(session, actor, "agreement.undo_payment", agreement, at=at, place=place + 1)


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
    check_has(agreement, Extra.LOG)
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
    record(session, actor, "agreement.log_service", agreement, at=at, entry=entry.id)
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
    check_own(actor, entry.organisation_id)
    if entry.struck_at is not None:
        raise Conflict("agreement", agreement.id)
    entry.struck_at = at
    session.flush()
    record(session, actor, "agreement.strike_service", agreement, at=at, entry=entry.id)


def _flush(session: Session, agreement: Agreement) -> None:
    agreement_id = agreement.id
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("agreement", agreement_id) from error


def record(
    session: Session,
    actor: Actor,
    action: str,
    agreement: Agreement,
    *,
    at: datetime,
    **detail: object,
) -> None:
    audit.record(session, actor, action, "agreement", agreement.id, at=at, **detail)
