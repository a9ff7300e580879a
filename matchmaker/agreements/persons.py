"""The people whom a side names under an agreement, and their consent to it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matchmaker.agreements import queries, rules
from matchmaker.agreements.fulfilment import check_binding, check_has, check_own, record
from matchmaker.agreements.instruments import Extra
from matchmaker.agreements.models import Agreement, AgreementPerson
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, Refusal, Refused
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
    check_has(agreement, Extra.PEOPLE)
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
    record(session, actor, "agreement.name_person", agreement, at=at, person=person.id)
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
    check_own(actor, person.organisation_id)
    if consent_on > day_of(at):
        raise Refused(Refusal.DAY_TO_COME)
    if person.consent_on is not None:
        raise Conflict("agreement", agreement.id)
    person.consent_on, person.consent_evidence = consent_on, evidence
    person.consent_noted_by_id = actor.user_id
    session.flush()
    record(session, actor, "agreement.note_consent", agreement, at=at, person=person.id)


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
    check_own(actor, person.organisation_id)
    person_id = person.id
    agreement.people.remove(person)
    session.flush()
    record(session, actor, "agreement.remove_person", agreement, at=at, person=person_id)


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
