"""Agreements of the demonstration: how each came about, and what happened under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from matchmaker.agreements import fulfilment, persons, registration, service, slots
from matchmaker.agreements.fulfilment import Service
from matchmaker.agreements.persons import Naming
from matchmaker.agreements.registration import Result
from matchmaker.agreements.terms import Party
from matchmaker.db import start_of
from matchmaker.demo.stage import midday, owner_of
from matchmaker.demo.tales import Entry, registered_number, terms
from matchmaker.permissions import Actor

if TYPE_CHECKING:
    from matchmaker.agreements.models import Agreement, Slot
    from matchmaker.cooperation.models import Match
    from matchmaker.demo.stage import Stage

Sides = dict[str, Actor]
ANSWER_DAYS = 3  # from the draft to the last consent
FILED = "{papers}已归档"


def conclude(stage: Stage, match: Match, entry: Entry) -> None:
    """Draft an agreement, send it, let the others answer; then let happen what is told."""
    sides = {"need": owner_of(stage, match.need), "capability": owner_of(stage, match.capability)}
    agreement = _draft(stage, match, entry, sides)
    state = entry.get("state", "in_force")
    if state != "draft":
        _answer(stage, agreement, entry, sides)
    if state == "in_force":
        for part, happens in PARTS.items():
            if part in entry:
                happens(stage, agreement, entry, sides)


def _draft(stage: Stage, match: Match, entry: Entry, sides: Sides) -> Agreement:
    drafter, at = sides[entry.get("by", "need")], stage.noon(entry["agreed"] - ANSWER_DAYS)
    said = terms(entry, stage.day, parties(stage))
    agreement = service.begin(stage.session, drafter, match, entry["kind"], said, at=at)
    if entry.get("state") != "draft":
        service.send(stage.session, drafter, agreement, version=agreement.version, at=at)
    return agreement


def _answer(stage: Stage, agreement: Agreement, entry: Entry, sides: Sides) -> None:
    at, state = stage.noon(entry["agreed"]), entry.get("state", "in_force")
    other = next(actor for side, actor in sides.items() if side != entry.get("by", "need"))
    if state == "revising":
        service.send_back(stage.session, other, agreement, entry["words"], number=1, at=at)
        return
    service.consent(stage.session, other, agreement, number=1, at=at)
    if state == "ended":
        days, reason, words = entry["ended"]
        version = agreement.version
        service.end(
            stage.session, other, agreement, reason, words, version=version, at=stage.noon(days)
        )


def _names_people(stage: Stage, agreement: Agreement, entry: Entry, sides: Sides) -> None:
    begins, ends = (stage.day(one) for one in entry["values"]["period"])
    for one in entry["people"]:
        actor, named = sides[one["side"]], max(begins, stage.day(entry["agreed"]))
        naming = Naming(
            one["name"], begins, ends, one["full_time"], one.get("staff", ""), one["post"]
        )
        person = persons.name_person(stage.session, actor, agreement, naming, at=midday(named))
        if "consented" in one:
            consent = stage.day(one["consented"])
            persons.note_consent(
                stage.session,
                actor,
                agreement,
                person,
                consent_on=consent,
                evidence="本人签字同意书，存本单位人事部门",
                at=midday(consent),
            )


def _pays(stage: Stage, agreement: Agreement, entry: Entry, sides: Sides) -> None:
    for place, one in enumerate(entry["payments"]):
        if "paid" in one:
            paid = stage.day(one["paid"])
            fulfilment.note_payment(
                stage.session, sides["need"], agreement, place, paid, at=midday(paid)
            )


def _serves(stage: Stage, agreement: Agreement, entry: Entry, sides: Sides) -> None:
    for days, place, hours, what, people in entry["log"]:
        served = stage.day(days)
        fulfilment.log_service(
            stage.session,
            sides["capability"],
            agreement,
            Service(served, place, hours, what, people),
            at=midday(served),
        )


def _books(stage: Stage, agreement: Agreement, entry: Entry, sides: Sides) -> None:
    told = entry["slots"]
    owner = told.get("owner", "capability")
    partner = next(actor for side, actor in sides.items() if side != owner)
    opens, closes = told["hours"]
    offered: dict[int, Slot] = {}
    at = stage.noon(entry["agreed"])
    slots.choose_facility(stage.session, sides[owner], agreement, told["facility"], at=at)
    for first, days in told["offers"]:
        begin, end = (
            start_of(stage.day(first)) + timedelta(hours=hour) for hour in (opens, closes)
        )
        made = slots.offer(stage.session, sides[owner], agreement, begin, end, days=days, at=at)
        offered |= dict(enumerate(made, start=first))
    for days, purpose in told["booked"]:
        booked = min(stage.began, stage.noon(days - 5))
        slots.book(stage.session, partner, agreement, offered[days], purpose, at=booked)


def _reaches(stage: Stage, agreement: Agreement, entry: Entry, sides: Sides) -> None:
    for one in agreement.milestones:
        step = agreement.instrument.step(one.template)
        if step is not None and one.template in entry["done"]:
            done = stage.day(entry["done"][one.template])
            fulfilment.finish_milestone(
                stage.session,
                sides.get(one.by, sides["need"]),
                agreement,
                one,
                done_on=done,
                evidence=FILED.format(papers=step.evidence["zh"]),
                version=one.version,
                at=midday(done),
            )


def _registers(stage: Stage, agreement: Agreement, entry: Entry, sides: Sides) -> None:
    """The side that develops, licenses or serves applies; so it does here."""
    told, actor = entry["registration"], sides["capability"]
    accepted, registered = stage.day(told["accepted"]), stage.day(told["registered"])
    registration.prepare(
        stage.session,
        actor,
        agreement,
        agreement.instrument.contract,
        papers=told["papers"],
        accepted_on=accepted,
        at=midday(accepted),
    )
    result = Result(
        registered_number(told, stage.day),
        registered,
        told["contract_value"],
        told["technology_value"],
    )
    registration.record_number(stage.session, actor, agreement, result, at=midday(registered))


def _changes(stage: Stage, agreement: Agreement, entry: Entry, sides: Sides) -> None:
    told = entry["change"]
    actor, at = sides[told["by"]], stage.noon(told["days"])
    before = terms(entry, stage.day, parties(stage))
    after = replace(before, values={**before.values, **told["values"]})
    version = agreement.version
    service.save_draft(stage.session, actor, agreement, after, version=version, at=at)
    service.send(stage.session, actor, agreement, version=version, at=at)


PARTS: dict[str, Callable[[Stage, Agreement, Entry, Sides], None]] = {
    "people": _names_people,
    "registration": _registers,
    "payments": _pays,
    "log": _serves,
    "slots": _books,
    "done": _reaches,
    "change": _changes,
}


def parties(stage: Stage) -> dict[str, Party]:
    return {
        key: Party(one.name_zh, organisation_id=one.id) for key, one in stage.organisations.items()
    }
