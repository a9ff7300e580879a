"""The page of one agreement: what was agreed, who consented, what is due, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext

from matchmaker.agreements import queries, rules, service
from matchmaker.agreements.instruments import Extra
from matchmaker.agreements.models import (
    Agreement,
    AgreementPerson,
    AgreementVersion,
    Milestone,
    Slot,
)
from matchmaker.agreements.terms import Payment, Terms
from matchmaker.db import db, now, today
from matchmaker.organisations.models import Organisation
from matchmaker.outcomes.rules import may_report
from matchmaker.pages.agreements.forms import (
    EndForm,
    FacilityForm,
    MilestoneForm,
    PaidForm,
    PartForm,
    PersonForm,
    Resolve,
    SendBackForm,
    ServiceForm,
    SlotForm,
)
from matchmaker.pages.agreements.wording import (
    Line,
    difference_lines,
    lines,
    milestone_words,
    payment_text,
)
from matchmaker.pages.matches.frame import frame
from matchmaker.pages.shared.requests import whole_number
from matchmaker.permissions import may
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

FORMS: tuple[type[PartForm], ...] = (
    SendBackForm,
    EndForm,
    MilestoneForm,
    PersonForm,
    PaidForm,
    ServiceForm,
    FacilityForm,
    SlotForm,
)


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    milestone: Milestone
    what: str
    evidence_asked: str


@dataclass(frozen=True, slots=True)
class PaymentLine:
    payment: Payment
    paid_on: Any


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody named; `name` is empty for who may not read it yet."""

    person: AgreementPerson
    name: str
    organisation: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A slot of the facility; `by`: who has it, for its owner alone."""

    slot: Slot
    is_ours: bool
    by: str


def title_of(agreement: Agreement) -> str:
    return agreement.title_for(reader_language(), current_actor().organisation_id)


def surroundings(agreement: Agreement) -> dict[str, Any]:
    """What goes around a page about an agreement: for a third party not the match."""
    inside = may(current_actor(), "match.agreements", agreement.match)
    return {
        "agreement": agreement,
        "title": title_of(agreement),
        "instrument": agreement.instrument,
        "layout": "matches/_frame.html" if inside else "agreements/_apart.html",
        "frame": frame(agreement.match, "agreements.index") if inside else None,
    }


def agreement_page(agreement: Agreement, sent: PartForm | None = None) -> str:
    """Show an agreement; a form that was sent keeps its text and errors."""
    actor = current_actor()
    forms = {kind.part.rstrip("-"): kind(formdata=None) for kind in FORMS}
    if sent is not None:
        forms[sent.part.rstrip("-")] = sent
    version = _chosen(agreement)
    payments = _payments(agreement, version)
    unpaid = [(str(n), payment_text(p.payment)) for n, p in enumerate(payments) if not p.paid_on]
    forms["paid"].place.choices = unpaid
    works = agreement.is_binding and may(actor, "agreement.edit", agreement)
    totals = queries.service_totals(db.session(), agreement.id)
    return render_template(
        "agreements/show.html",
        **surroundings(agreement),
        version=version,
        is_current=version is not None and version is agreement.current,
        lines=lines(agreement.instrument, version.terms) if version else (),
        parties=version.terms.parties if version else (),
        changes=_changes(agreement, version),
        pending=agreement.pending,
        draft=agreement.draft_of(actor.organisation_id),
        moves=_moves(agreement),
        works=works,
        extras={extra.value for extra in agreement.instrument.extras},
        payments=payments,
        unpaid=unpaid,
        milestones=_milestones(agreement),
        people=_people(agreement),
        may_see_people=actor.organisation_id in agreement.side_ids or actor.is_curator,
        totals=totals,
        may_report=agreement.agreed_on is not None
        and may(actor, "outcome.report", agreement.match)
        and may_report(agreement.match.status),
        sides_names=_side_names(agreement),
        slots=_slots(agreement),
        owns_facility=bool(
            agreement.facility and agreement.facility.organisation_id == actor.organisation_id
        ),
        facilities=queries.facilities(db.session(), actor.organisation_id or 0) if works else (),
        forms=forms,
        today=today(),
    )


def _chosen(agreement: Agreement) -> AgreementVersion | None:
    """The version that the address asks for, else the one in force, else the newest."""
    number = whole_number(request.args.get("version"))
    asked = next((one for one in agreement.sent if number and one.number == number), None)
    return asked or agreement.shown or agreement.draft_of(current_actor().organisation_id)


def _changes(agreement: Agreement, version: AgreementVersion | None) -> Sequence[Line]:
    """What the pending version would change, else what the chosen one has changed."""
    newer = agreement.pending or version
    if newer is None or newer.number is None:
        return ()
    older = agreement.current if agreement.pending else _before(agreement, newer.number)
    if older is None:
        return ()
    found = rules.differences(agreement.instrument, older.terms, newer.terms)
    return difference_lines(agreement.instrument, found)


def _before(agreement: Agreement, number: int) -> AgreementVersion | None:
    return next((one for one in agreement.sent if (one.number or 0) < number), None)


def _moves(agreement: Agreement) -> frozenset[str]:
    actor = current_actor()
    if not may(actor, "agreement.answer", agreement):
        return frozenset()
    return rules.moves_open(agreement.standing, actor.organisation_id)


def _payments(agreement: Agreement, version: AgreementVersion | None) -> Sequence[PaymentLine]:
    terms = version.terms if version else Terms()
    is_current = version is not None and version is agreement.current
    made = {one.place: one.paid_on for one in agreement.payments_made} if is_current else {}
    return [PaymentLine(one, made.get(place)) for place, one in enumerate(terms.payments)]


def _milestones(agreement: Agreement) -> Sequence[MilestoneLine]:
    ordered = sorted(agreement.milestones, key=lambda one: (one.due_on, one.id))
    return [MilestoneLine(one, *milestone_words(agreement.instrument, one)) for one in ordered]


def _people(agreement: Agreement) -> Sequence[PersonLine]:
    if Extra.PEOPLE not in agreement.instrument.extras:
        return ()
    own, names = current_actor().organisation_id, _organisation_names(agreement)
    return [
        PersonLine(
            one,
            one.name if one.is_shown_to(own) else "",
            names.get(one.organisation_id, ""),
            one.organisation_id == own,
        )
        for one in agreement.people
    ]


def _organisation_names(agreement: Agreement) -> Mapping[int, str]:
    match, language = agreement.match, reader_language()
    sides = (match.need.organisation, match.capability.organisation)
    return {one.id: one.name_for(language) for one in sides}


def _side_names(agreement: Agreement) -> Mapping[str, str]:
    """By whom a milestone is reached: side → the organisation's name."""
    need, capability = (_organisation_names(agreement)[one] for one in agreement.side_ids)
    return {"need": need, "capability": capability, "both": str(gettext("Both sides"))}


def _slots(agreement: Agreement) -> Sequence[SlotLine]:
    if agreement.facility_id is None or agreement.facility is None:
        return ()
    found = queries.slots(db.session(), agreement.facility_id, now())
    is_owner = agreement.facility.organisation_id == current_actor().organisation_id
    bookers = queries.bookers(db.session(), found) if is_owner else {}
    return [
        SlotLine(
            one,
            one.agreement_id == agreement.id,
            _booker(bookers[one.agreement_id], agreement.facility.organisation_id)
            if one.agreement_id in bookers
            else "",
        )
        for one in found
    ]


def _booker(agreement: Agreement, owner_id: int) -> str:
    """The name of the other side of the agreement that has booked."""
    names = _organisation_names(agreement)
    return next((name for one, name in names.items() if one != owner_id), "")


def resolver(agreement_sides: Sequence[Organisation]) -> Resolve:
    """Return a function that finds the organisation of a name: a side of the match, or another."""

    def resolve(name: str) -> int | None:
        for one in agreement_sides:
            if name in (one.name_zh, one.name_other, one.uscc):
                return one.id
        found = queries.organisation_named(db.session(), name)
        return found.id if found else None

    return resolve


def paid_of(agreement: Agreement | None) -> dict[int, Payment]:
    return service.paid(agreement) if agreement else {}
