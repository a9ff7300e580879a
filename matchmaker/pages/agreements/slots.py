"""Slots of a pilot line, an instrument or a base: offered by its owner, booked by the partner."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from matchmaker.agreements import queries
from matchmaker.agreements import slots as service
from matchmaker.agreements.models import Agreement
from matchmaker.db import db
from matchmaker.errors import Refusal, Refused
from matchmaker.pages.agreements.forms import BookForm, FacilityForm, SlotForm
from matchmaker.pages.agreements.fulfilment import Part
from matchmaker.pages.agreements.page import surroundings
from matchmaker.pages.agreements.views import again, done
from matchmaker.pages.shared.refusals import sentence
from matchmaker.web.guards import guard
from matchmaker.web.session import current_actor

blueprint = Blueprint("slots", __name__)


def slot_of(session: Session, agreement_id: int, slot_id: int) -> Part | None:
    agreement = queries.agreement(session, agreement_id)
    found = queries.slot(session, agreement, slot_id) if agreement else None
    return Part(agreement, found) if agreement and found else None


@blueprint.post("/agreements/<int:agreement_id>/facility")
@guard("agreement.edit", load=queries.agreement)
def choose_facility(agreement: Agreement) -> ResponseReturnValue:
    form = FacilityForm()
    if not form.validate():
        return again(agreement, form)
    service.choose_facility(db.session(), current_actor(), agreement, form["name"].data)
    return done(agreement, gettext("Now offer its slots."), "slots")


@blueprint.post("/agreements/<int:agreement_id>/slots")
@guard("agreement.edit", load=queries.agreement)
def offer(agreement: Agreement) -> ResponseReturnValue:
    form = SlotForm()
    if not form.validate():
        return again(agreement, form)
    try:
        service.offer(
            db.session(),
            current_actor(),
            agreement,
            form.begins_at.moment,
            form.ends_at.moment,
            days=form.days.data or 1,
        )
    except Refused as refusal:
        late = refusal.refusal == Refusal.PERIOD_BACKWARDS
        field = form.ends_at if late else form.begins_at
        field.errors = [
            gettext("Ends: after the beginning, and at most 60 days later.")
            if late
            else sentence(refusal.refusal)
        ]
        return again(agreement, form)
    return done(agreement, gettext("Offered."), "slots")


@blueprint.post("/agreements/<int:agreement_id>/slots/<int:slot_id>/withdraw")
@guard("agreement.edit", load=slot_of)
def withdraw(subject: Part) -> ResponseReturnValue:
    service.withdraw(db.session(), current_actor(), subject.agreement, subject.thing)
    return done(subject.agreement, gettext("The slot is withdrawn."), "slots")


@blueprint.get("/agreements/<int:agreement_id>/slots/<int:slot_id>")
@guard("agreement.edit", load=slot_of)
def booking(subject: Part) -> str:
    return _booking_page(subject, BookForm(formdata=None))


@blueprint.post("/agreements/<int:agreement_id>/slots/<int:slot_id>/book")
@guard("agreement.edit", load=slot_of)
def book(subject: Part) -> ResponseReturnValue:
    form = BookForm()
    if not form.validate():
        return _booking_page(subject, form), 422
    service.book(
        db.session(), current_actor(), subject.agreement, subject.thing, form.data["purpose"]
    )
    return done(subject.agreement, gettext("The slot is yours."), "slots")


@blueprint.post("/agreements/<int:agreement_id>/slots/<int:slot_id>/release")
@guard("agreement.edit", load=slot_of)
def release(subject: Part) -> ResponseReturnValue:
    service.release(db.session(), current_actor(), subject.agreement, subject.thing)
    return done(subject.agreement, gettext("The slot is free again."), "slots")


def _booking_page(subject: Part, form: BookForm) -> str:
    return render_template(
        "agreements/slot.html", **surroundings(subject.agreement), slot=subject.thing, form=form
    )
