"""What happens under an agreement in force: people, milestones, payments, the service log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.agreements import fulfilment as service
from matchmaker.agreements import persons, queries
from matchmaker.agreements.fulfilment import Service, Step
from matchmaker.agreements.models import Agreement, AgreementPerson, Milestone, ServiceEntry
from matchmaker.agreements.persons import Naming
from matchmaker.db import db, today
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.files.models import StoredFile
from matchmaker.files.service import receiving
from matchmaker.pages.agreements.forms import (
    ConsentForm,
    DoneForm,
    MilestoneForm,
    PaidForm,
    PersonForm,
    ServiceForm,
)
from matchmaker.pages.agreements.page import surroundings
from matchmaker.pages.agreements.views import again, done
from matchmaker.pages.agreements.wording import milestone_words
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import version_sent, version_to_send, whole_number
from matchmaker.permissions import may
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import show_date
from matchmaker.web.security import begin_to_write, takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("fulfilment", __name__)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that belongs to an agreement; whose it is decides who may."""

    agreement: Agreement
    thing: Any

    @property
    def organisation_ids(self) -> frozenset[int]:
        return self.agreement.organisation_ids

    @property
    def side_ids(self) -> tuple[int, int]:
        return self.agreement.side_ids


@dataclass(frozen=True, slots=True)
class MilestoneFile(Part):
    """A file that shows that a milestone, the `thing`, was reached."""

    file: StoredFile


def part(name: str) -> Callable[..., Part | None]:
    """Return a function that loads one thing of an agreement from its relation `name`."""

    def load(session: Session, agreement_id: int, thing_id: int) -> Part | None:
        agreement = queries.agreement(session, agreement_id)
        things = getattr(agreement, name) if agreement else ()
        found = next((one for one in things if one.id == thing_id), None)
        return Part(agreement, found) if agreement and found else None

    return load


def own_person(session: Session, agreement_id: int, thing_id: int) -> Part | None:
    """A person whom the reader's own side has named: others find no such page."""
    found = part("people")(session, agreement_id, thing_id)
    own = found and found.thing.organisation_id == current_actor().organisation_id
    return found if own else None


# People


@blueprint.post("/agreements/<int:agreement_id>/people")
@guard("agreement.edit", load=queries.agreement)
def name_person(agreement: Agreement) -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate():
        return again(agreement, form)
    naming = Naming(
        name=form.data["name"],
        staff_number=form.data["staff_number"] or "",
        post=form.data["post"] or "",
        starts_on=form.data["starts_on"],
        ends_on=form.data["ends_on"],
        full_time=form.data["full_time"],
    )
    try:
        persons.name_person(db.session(), current_actor(), agreement, naming)
    except Refused as refusal:
        field = form.ends_on if refusal.refusal == Refusal.PERIOD_BACKWARDS else form["name"]
        days = {name: show_date(day) for name, day in refusal.data.items() if isinstance(day, date)}
        field.errors = [sentence(refusal.refusal, **days)]
        return again(agreement, form)
    return done(
        agreement,
        gettext("Named. The other side sees the name once consent is recorded."),
        "people",
    )


@blueprint.get("/agreements/<int:agreement_id>/people/<int:thing_id>")
@guard("agreement.edit", load=own_person)
def person(subject: Part) -> str:
    return _person_page(subject, ConsentForm(formdata=None, data={"consent_on": today()}))


@blueprint.post("/agreements/<int:agreement_id>/people/<int:thing_id>/consent")
@guard("agreement.edit", load=own_person)
def note_consent(subject: Part) -> ResponseReturnValue:
    form = ConsentForm()
    if not form.validate():
        return _person_page(subject, form), 422
    try:
        persons.note_consent(
            db.session(),
            current_actor(),
            subject.agreement,
            subject.thing,
            consent_on=form.data["consent_on"],
            evidence=form.data["evidence"],
        )
    except Refused as refusal:
        form.consent_on.errors = [sentence(refusal.refusal)]
        return _person_page(subject, form), 422
    return done(subject.agreement, gettext("Recorded. The other side now sees the name."), "people")


@blueprint.post("/agreements/<int:agreement_id>/people/<int:thing_id>/remove")
@guard("agreement.edit", load=own_person)
def remove_person(subject: Part) -> ResponseReturnValue:
    persons.remove_person(db.session(), current_actor(), subject.agreement, subject.thing)
    return done(subject.agreement, gettext("The name is removed."), "people")


def _person_page(subject: Part, form: ConsentForm) -> str:
    one: AgreementPerson = subject.thing
    return render_template(
        "agreements/person.html", **surroundings(subject.agreement), person=one, form=form
    )


# Milestones


@blueprint.post("/agreements/<int:agreement_id>/milestones")
@guard("agreement.edit", load=queries.agreement)
def add_milestone(agreement: Agreement) -> ResponseReturnValue:
    form = MilestoneForm()
    if not form.validate():
        return again(agreement, form)
    service.add_milestone(db.session(), current_actor(), agreement, _step(form))
    return done(agreement, gettext("The milestone is added."), "milestones")


@blueprint.get("/agreements/<int:agreement_id>/milestones/<int:thing_id>")
@guard("agreement.edit", load=part("milestones"))
def milestone(subject: Part) -> str:
    return _milestone_page(subject)


@blueprint.post("/agreements/<int:agreement_id>/milestones/<int:thing_id>")
@guard("agreement.edit", load=part("milestones"))
def edit_milestone(subject: Part) -> ResponseReturnValue:
    form = MilestoneForm()
    if not form.validate():
        return _milestone_page(subject, editing=form), 422
    service.edit_milestone(
        db.session(),
        current_actor(),
        subject.agreement,
        subject.thing,
        _step(form),
        version=version_sent(),
    )
    return done(subject.agreement, gettext("The milestone is changed."), "milestones")


@blueprint.post("/agreements/<int:agreement_id>/milestones/<int:thing_id>/done")
@takes_files
@guard("agreement.edit", load=part("milestones"))
def finish_milestone(subject: Part) -> ResponseReturnValue:
    """Note that it was reached. What is refused comes back with what was typed."""
    form, place = DoneForm(), (subject.agreement.id, subject.thing.id)
    if not form.validate():
        return _milestone_page(subject, finishing=form), 422
    try:
        with receiving(form.uploads) as received:
            begin_to_write()
            subject = _milestone_again(*place)
            service.finish_milestone(
                db.session(),
                current_actor(),
                subject.agreement,
                subject.thing,
                done_on=form.data["done_on"],
                evidence=form.data["evidence"],
                version=version_sent(),
                attached=received,
            )
            return done(subject.agreement, gettext("Marked as reached."), "milestones")
    except Refused as error:
        db.session.rollback()
        form.refuse(error)
        return _milestone_page(_milestone_again(*place), finishing=form), 422


def _milestone_again(agreement_id: int, thing_id: int) -> Part:
    """The milestone as it is now: files were checked meanwhile."""
    subject = part("milestones")(db.session(), agreement_id, thing_id)
    if subject is None or not may(current_actor(), "agreement.edit", subject):
        raise Conflict("agreement", agreement_id)
    return subject


def milestone_file(
    session: Session, agreement_id: int, thing_id: int, file_id: int
) -> MilestoneFile | None:
    """A file of a milestone that the reader's own side has given."""
    subject = part("milestones")(session, agreement_id, thing_id)
    files = subject.thing.files if subject else ()
    found = next((one for one in files if one.id == file_id), None)
    if subject is None or not found:
        return None
    is_own = found.organisation_id == current_actor().organisation_id
    return MilestoneFile(subject.agreement, subject.thing, found) if is_own else None


@blueprint.post(
    "/agreements/<int:agreement_id>/milestones/<int:thing_id>/files/<int:file_id>/delete"
)
@guard("agreement.edit", load=milestone_file)
def remove_file(subject: MilestoneFile) -> ResponseReturnValue:
    service.remove_file(
        db.session(),
        current_actor(),
        subject.agreement,
        subject.thing,
        subject.file,
        version=version_sent(),
    )
    jobs.commit("remove_files")
    flash(gettext("Deleted. The history shows that there was a file."))
    return redirect_to(
        "agreements.fulfilment.milestone",
        agreement_id=subject.agreement.id,
        thing_id=subject.thing.id,
    )


@blueprint.post("/agreements/<int:agreement_id>/milestones/<int:thing_id>/reopen")
@guard("agreement.edit", load=part("milestones"))
def reopen_milestone(subject: Part) -> ResponseReturnValue:
    service.reopen_milestone(
        db.session(), current_actor(), subject.agreement, subject.thing, version=version_sent()
    )
    return done(subject.agreement, gettext("Marked as not reached."), "milestones")


@blueprint.post("/agreements/<int:agreement_id>/milestones/<int:thing_id>/remove")
@guard("agreement.edit", load=part("milestones"))
def remove_milestone(subject: Part) -> ResponseReturnValue:
    service.remove_milestone(
        db.session(), current_actor(), subject.agreement, subject.thing, version=version_sent()
    )
    return done(subject.agreement, gettext("The milestone is removed."), "milestones")


def _milestone_page(
    subject: Part, *, editing: MilestoneForm | None = None, finishing: DoneForm | None = None
) -> str:
    one: Milestone = subject.thing
    what, evidence_asked = milestone_words(subject.agreement.instrument, one)
    shown = {"what": what, "by": one.by, "due_on": one.due_on, "evidence_asked": evidence_asked}
    return render_template(
        "agreements/milestone.html",
        **surroundings(subject.agreement),
        milestone=one,
        what=what,
        evidence_asked=evidence_asked,
        editing=editing or MilestoneForm(formdata=None, data=shown),
        finishing=finishing or DoneForm(formdata=None, data={"done_on": today()}),
        version=version_to_send(one.version),
    )


def _step(form: MilestoneForm) -> Step:
    return Step(
        form.data["what"], form.data["by"], form.data["due_on"], form.data["evidence_asked"] or ""
    )


# Payments


def paid(session: Session, agreement_id: int, place: int) -> Part | None:
    """A payment that was noted, by its number on the page."""
    agreement = queries.agreement(session, agreement_id)
    made = agreement.payments_made if agreement else ()
    found = next((one for one in made if one.place == place - 1), None)
    return Part(agreement, found) if agreement and found else None


@blueprint.post("/agreements/<int:agreement_id>/payments")
@guard("agreement.edit", load=queries.agreement)
def note_payment(agreement: Agreement) -> ResponseReturnValue:
    form = PaidForm()
    place = whole_number(form.data["place"])
    if place is None:
        form.place.errors = [
            gettext("%(field)s: choose one from the list.", field=form.place.label.text)
        ]
    if not form.validate() or place is None:
        return again(agreement, form)
    try:
        service.note_payment(db.session(), current_actor(), agreement, place, form.data["paid_on"])
    except Refused as refusal:
        form.paid_on.errors = [sentence(refusal.refusal)]
        return again(agreement, form)
    return done(agreement, gettext("The payment is recorded."), "payments")


@blueprint.post("/agreements/<int:agreement_id>/payments/<int:place>/undo")
@guard("agreement.edit", load=paid)
def undo_payment(subject: Part) -> ResponseReturnValue:
    service.undo_payment(db.session(), current_actor(), subject.agreement, subject.thing.place)
    return done(subject.agreement, gettext("The record of the payment is undone."), "payments")


# The service log


@blueprint.post("/agreements/<int:agreement_id>/log")
@guard("agreement.edit", load=queries.agreement)
def log_service(agreement: Agreement) -> ResponseReturnValue:
    form = ServiceForm()
    if not form.validate():
        return again(agreement, form)
    entry = Service(
        day=form.data["day"],
        place=form.data["place"],
        hours=form.data["hours"],
        what=form.data["what"],
        people=form.data["people"] or 0,
    )
    try:
        service.log_service(db.session(), current_actor(), agreement, entry)
    except Refused as refusal:
        form.day.errors = [sentence(refusal.refusal)]
        return again(agreement, form)
    return done(agreement, gettext("The entry is written."), "log")


@blueprint.post("/agreements/<int:agreement_id>/log/<int:thing_id>/strike")
@guard("agreement.edit", load=part("entries"))
def strike_service(subject: Part) -> ResponseReturnValue:
    entry: ServiceEntry = subject.thing
    service.strike_service(db.session(), current_actor(), subject.agreement, entry)
    return done(subject.agreement, gettext("The entry is crossed out."), "log")
