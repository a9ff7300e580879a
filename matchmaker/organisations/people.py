"""Experts and brokers on an organisation's page: shown once they have agreed by a mailed link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.notices import service as notices
from matchmaker.organisations import queries
from matchmaker.organisations.models import Organisation, ShownPerson
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor

MOST_PEOPLE = 30


def add(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    *,
    name: str,
    email: str,
    role: str,
    level: str,
    field: str,
    path: Callable[[ShownPerson], str],
    at: datetime | None = None,
) -> ShownPerson:
    """Name a person, and ask them by mail whether they may be shown; `path`: of the question.

    Raises Refused for an organisation that is not verified or names enough; LimitReached.
    """
    at = moment(at)
    if organisation.standing != OrganisationStatus.VERIFIED:
        raise Refused(Refusal.OWN_ORGANISATION_UNVERIFIED)
    if len(queries.people(session, organisation.id)) >= MOST_PEOPLE:
        raise Refused(Refusal.PEOPLE_ENOUGH, most=MOST_PEOPLE)
    person = ShownPerson(
        organisation_id=organisation.id,
        name=name,
        email=email,
        role=role,
        level=level if role == "broker" else "",
        field=field,
        added_by_id=actor.user_id,
        added_at=at,
    )
    session.add(person)
    session.flush()
    audit.record(session, actor, "organisation.name_person", "organisation", organisation.id, at=at)
    limits.count(session, actor, Act.INVITATION, email, at=at)
    language = actor.language or "zh"
    notices.mail(
        session,
        email,
        language,
        "organisation.person_asked",
        path(person),
        name=name,
        organisation=organisation.name_for(language),
        at=at,
    )
    return person


def answer(
    session: Session, actor: Actor, person: ShownPerson, *, agrees: bool, at: datetime | None = None
) -> None:
    """Record what the person says, by the link that was mailed to them."""
    at = moment(at)
    person.consented_at = at if agrees else None
    action = "organisation.person_agrees" if agrees else "organisation.person_objects"
    audit.record(session, actor, action, "organisation", person.organisation_id, at=at)


def remove(
    session: Session, actor: Actor, person: ShownPerson, *, at: datetime | None = None
) -> None:
    """Take a person off the page; nothing of them is kept."""
    at = moment(at)
    session.delete(person)
    audit.record(
        session, actor, "organisation.remove_person", "organisation", person.organisation_id, at=at
    )
