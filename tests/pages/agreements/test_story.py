"""An agreement from the choice of its kind to the last entry, by the pages."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.agreements.instruments import catalogue
from matchmaker.agreements.models import Agreement, Slot
from matchmaker.db import db, now, today
from tests import factories
from tests.agreements.conftest import Table, load
from tests.agreements.test_service import consortium
from tests.client import PageClient
from tests.files import samples


@pytest.fixture
def west(app: Flask, table: Table) -> PageClient:
    return browser(app, table.west)


@pytest.fixture
def east(app: Flask, table: Table) -> PageClient:
    return browser(app, table.east)


def browser(app: Flask, user: Any) -> PageClient:
    client: PageClient = app.test_client()  # type: ignore[assignment]
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client.sign_in(user)


def typed(code: str, **changes: str) -> dict[str, Any]:
    """What somebody types into the form of a kind."""
    data: dict[str, Any] = {}
    for name, value in factories.terms(code).values.items():
        if name == "period":
            data["value_period_from"], data["value_period_to"] = value
        elif isinstance(value, bool):
            data[f"value_{name}"] = "yes" if value else "no"
        else:
            data[f"value_{name}"] = value
    return {**data, **changes}


def only(session: Session) -> Agreement:
    session.expire_all()
    return load(session, session.query(Agreement.id).one()[0])


def test_choosing_a_kind(west: PageClient, table: Table) -> None:
    page = west.page(f"/matches/{table.match.id}/agreements/new")
    assert "Named by the plan for this match" in page.text
    assert "Joint development" in page.text
    page = west.page(f"/matches/{table.match.id}/agreements/new?q=挂职")
    assert "Secondment" in page.text
    assert "Joint development" not in page.text
    page = west.page(f"/matches/{table.match.id}/agreements/new?q=xyz")
    assert "No kind of agreement has these words." in page.text


def test_from_the_form_to_force(
    west: PageClient, east: PageClient, session: Session, table: Table
) -> None:
    begin = f"/matches/{table.match.id}/agreements/new/secondment"
    assert "Employer of record" in west.page(begin).text
    sent = typed("secondment", action="send", value_subject="Professor Feng to Golmud")
    assert west.submit(begin, sent).status_code == 303
    agreement = only(session)
    address = f"/agreements/{agreement.id}"
    assert "Professor Feng to Golmud" in west.page(f"/matches/{table.match.id}/agreements").text
    page = east.page(address)
    assert "Your answer to version 1" in page.text
    assert east.submit(f"{address}/consent", {"number": "1"}).status_code == 303
    page = west.page(address)
    assert "In force" in page.text
    assert "Arrival at the post" in page.text


def test_a_draft_is_hidden_from_the_other_side(
    west: PageClient, east: PageClient, session: Session, table: Table
) -> None:
    list_address = f"/matches/{table.match.id}/agreements"
    west.submit(f"{list_address}/new/secondment", {"value_subject": "Zibelin", "action": "save"})
    agreement = only(session)
    assert "Zibelin" in west.page(list_address).text
    assert "Zibelin" in west.page(f"/agreements/{agreement.id}").text
    assert "Zibelin" not in east.page(list_address).text
    for path in ("", "/edit"):
        assert east.get(f"/agreements/{agreement.id}{path}").status_code == 404


WRONG = {
    "posts": ("many", "Number of posts (posts): a number, such as 12 or 12.5."),
    "funding": ("lots", "Total funding: enter an amount in yuan, for example 1,200,000."),
    "period_from": ("tomorrow", "Period: first day: a date such as 2026-11-23."),
    "period_to": ("2026-02-30", "Period: last day: a date such as 2026-11-23."),
    "employer": ("x", "Employer of record: choose one from the list."),
    "insurance": ("perhaps", "The host provides accident insurance: choose one from the list."),
    "subject": ("x" * 201, "Name of the agreement: 200 characters at most; yours has 201."),
    "duties": ("", "Duties: please fill this in."),
    "workload": ("", "Full or part time: please fill this in."),
    "funding ": ("9" * 30, "Total funding: from 0 to 1000000000000."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_names_its_field_and_keeps_what_was_typed(
    west: PageClient, table: Table, name: str
) -> None:
    value, expected = WRONG[name]
    data = typed("secondment", action="send", value_subject="Kept words")
    data[f"value_{name.strip()}"] = value
    answer = west.submit(f"/matches/{table.match.id}/agreements/new/secondment", data)
    assert answer.status_code == 422
    assert expected in answer.page.text  # type: ignore[attr-defined]
    assert "Kept words" in answer.text or name == "subject"


def test_faults_of_payments_name_their_row(west: PageClient, table: Table) -> None:
    data = typed("licence", action="send")
    data |= {"payments-0-what": "first", "payments-0-amount": "much"}
    answer = west.submit(f"/matches/{table.match.id}/agreements/new/licence", data)
    assert answer.status_code == 422
    assert "Payment 1, amount: enter an amount in yuan" in answer.page.text  # type: ignore[attr-defined]


def test_a_consortium_is_read_by_its_third_party(
    app: Flask, west: PageClient, session: Session, table: Table
) -> None:
    data = typed("consortium", action="send", value_subject="Brine alliance")
    for number, party in enumerate(consortium(table)):
        data |= {
            f"parties-{number}-name": party.name,
            f"parties-{number}-role": party.role,
            f"parties-{number}-share": str(party.share),
        }
    answer = west.submit(f"/matches/{table.match.id}/agreements/new/consortium", data)
    assert answer.status_code == 303
    third, address = browser(app, table.third), f"/agreements/{only(session).id}"
    page = third.page(address)
    assert "Brine alliance" in page.text
    assert table.match.need.approved_title not in page.text
    assert third.get(f"/matches/{table.match.id}").status_code == 404
    listed = third.page("/matches").text
    assert "Agreements of others that we take part in" in listed
    assert "Brine alliance" in listed
    assert "needs your consent" in listed
    assert table.match.need.approved_title not in listed
    assert "Agreements of others" not in west.page("/matches").text
    assert third.submit(f"{address}/consent", {"number": "1"}).status_code == 303
    assert "needs your consent" not in third.page("/matches").text
    assert "Nothing to answer at the moment." in third.page("/home").text


@pytest.fixture
def agreement(app: Flask, session: Session, table: Table) -> Agreement:
    found = factories.agreement_in_force(table.match, table.west)
    found.instrument_code = "service_team"
    table.match.status = "agreed"
    session.commit()
    return load(session, found.id)


def test_names_are_hidden_until_consent_is_noted(
    west: PageClient, east: PageClient, agreement: Agreement
) -> None:
    address = f"/agreements/{agreement.id}"
    answer = east.submit(
        f"{address}/people",
        {
            "person-name": "Zibelina",
            "person-starts_on": "2026-05-01",
            "person-ends_on": "2026-06-01",
        },
    )
    assert answer.status_code == 303
    person = load(db.session(), agreement.id).people[-1].id
    assert "Zibelina" in east.page(address).text
    assert "Zibelina" not in west.page(address).text
    answer = east.submit(
        f"{address}/people/{person}/consent",
        {"consent-consent_on": "2026-05-01", "consent-evidence": "form 3"},
    )
    assert answer.status_code == 303
    assert "Zibelina" in west.page(address).text


PARTS = {
    "people": ({"person-name": "", "person-starts_on": "x"}, "Name: please fill this in."),
    "milestones": ({"milestone-what": ""}, "What is to be reached: please fill this in."),
    "log": ({"service-hours": "25", "service-day": "2026-05-01"}, "Hours: from half an hour"),
    "payments": ({"paid-paid_on": "x"}, "Payment: choose one from the list."),
    "facility": ({"facility-name": ""}, "Facility: please fill this in."),
    "slots": ({"slot-begins_at": "soon"}, "Begins: a day and a time such as"),
    "send-back": ({}, "What would have to change: please fill this in."),
    "end": ({}, "Reason: please choose."),
}


@pytest.mark.parametrize("path", PARTS)
def test_faults_of_the_small_forms(west: PageClient, agreement: Agreement, path: str) -> None:
    data, expected = PARTS[path]
    answer = west.submit(f"/agreements/{agreement.id}/{path}", data)
    assert answer.status_code == 422
    if path not in ("payments", "facility", "slots", "send-back"):
        assert expected in answer.page.text  # type: ignore[attr-defined]


def test_milestone_from_open_to_done(west: PageClient, agreement: Agreement) -> None:
    milestone = agreement.milestones[0]
    address = f"/agreements/{agreement.id}/milestones/{milestone.id}"
    assert "To be reached" in west.page(address).text
    data = {"done-done_on": today().isoformat(), "done-evidence": "Letter 7", "version": "1"}
    assert west.submit(f"{address}/done", data).status_code == 303
    assert "Letter 7" in west.page(f"/agreements/{agreement.id}").text
    answer = west.submit(f"{address}/done", {**data, "version": "1"})
    assert answer.status_code == 409


def test_a_milestone_is_shown_by_files(
    app: Flask, west: PageClient, east: PageClient, session: Session, agreement: Agreement
) -> None:
    address = f"/agreements/{agreement.id}/milestones/{agreement.milestones[0].id}"
    done = {"done-done_on": today().isoformat(), "done-evidence": "Letter 7", "version": "1"}
    refused = west.submit(f"{address}/done", {**done, "done-files": attached("a.pdf", b"MZ")})
    assert refused.status_code == 422
    assert "a.pdf is not of a type that can be sent" in refused.text
    assert "Letter 7" in refused.text
    sent = west.submit(f"{address}/done", {**done, "done-files": attached("letter.pdf")})
    assert sent.status_code == 303
    [file] = load(session, agreement.id).milestones[0].files
    assert (file.purpose, file.organisation_id) == ("milestone", agreement.side_ids[0])
    assert "letter.pdf" in east.page(f"/agreements/{agreement.id}").text
    assert east.get(f"/files/{file.id}").status_code == 200


def test_a_file_of_a_milestone_is_deleted_by_its_side_before_it_is_reached(
    west: PageClient, east: PageClient, session: Session, agreement: Agreement
) -> None:
    milestone = agreement.milestones[0]
    address = f"/agreements/{agreement.id}/milestones/{milestone.id}"
    done = {"done-done_on": today().isoformat(), "done-evidence": "Letter 7", "version": "1"}
    west.submit(f"{address}/done", {**done, "done-files": attached("letter.pdf")})
    [file] = load(session, agreement.id).milestones[0].files
    delete = f"{address}/files/{file.id}/delete"
    assert west.submit(delete, {"version": "2"}).status_code == 409
    west.submit(f"{address}/reopen", {"version": "2"})
    assert "letter.pdf" in east.page(address).text
    assert east.submit(delete, {"version": "3"}).status_code == 404
    assert west.submit(delete, {"version": "3"}).status_code == 303
    assert load(session, agreement.id).milestones[0].files == []
    assert west.get(f"/files/{file.id}").status_code == 404


def attached(name: str, content: bytes = b"") -> list[Any]:
    return [(io.BytesIO(content or samples.pdf()), name)]


def test_a_day_to_come_is_said_beside_its_field(west: PageClient, agreement: Agreement) -> None:
    address = f"/agreements/{agreement.id}/milestones/{agreement.milestones[0].id}"
    tomorrow = (today() + timedelta(days=1)).isoformat()
    data = {"done-done_on": tomorrow, "done-evidence": "x", "version": "1"}
    answer = west.submit(f"{address}/done", data)
    assert answer.status_code == 422
    assert "Day: it is in the future." in answer.page.text  # type: ignore[attr-defined]


def test_a_slot_by_the_pages(
    west: PageClient, east: PageClient, session: Session, agreement: Agreement
) -> None:
    agreement.instrument_code = "pilot_scale"
    session.commit()
    address, day = f"/agreements/{agreement.id}", (now() + timedelta(days=3)).date()
    data = {"slot-begins_at": f"{day}T09:00", "slot-ends_at": f"{day}T17:00", "slot-days": "2"}
    assert east.submit(f"{address}/slots", data).status_code == 303
    assert east.submit(f"{address}/slots", data).status_code == 422
    slot = session.query(Slot).order_by(Slot.id).first()
    assert slot is not None
    assert "free" in west.page(address).text
    assert "Book a slot of Line 1" in west.page(f"{address}/slots/{slot.id}").text
    answer = west.submit(f"{address}/slots/{slot.id}/book", {"book-purpose": "First run"})
    assert answer.status_code == 303
    assert "booked by" in east.page(address).text
    assert west.submit(f"{address}/slots/{slot.id}/book", {"book-purpose": "x"}).status_code == 409


def test_what_waits_stands_on_the_homes(
    west: PageClient, east: PageClient, session: Session, table: Table
) -> None:
    agreement = table.sent(session, subject="Waiting words")
    assert "Waiting words" in east.page("/home").text
    assert "Waiting words" not in west.page("/home").text
    agreement = table.in_force(session, subject="Overdue words")
    agreement.milestones[0].due_on = today() - timedelta(days=1)
    session.commit()
    for client in (west, east):
        assert "Overdue words" in client.page("/home").text


def test_registering_a_contract(west: PageClient, session: Session, table: Table) -> None:
    agreement = table.in_force(session, "licence")
    address = f"/agreements/{agreement.id}/registration"
    before = west.page(address).text
    assert "What this is based on" in before
    assert "Correct the registration" not in before
    data = {"prepare-contract_type": "licence", "prepare-accepted_on": "2026-03-02"}
    assert west.submit(address, data).status_code == 303
    assert "1 Apr 2026" in west.page(address).text
    data = {
        "number-number": "2026 63 01",
        "number-registered_on": "2026-03-20",
        "number-contract_value": "360万",
        "number-technology_value": "300万",
    }
    answer = west.submit(f"{address}/number", {**data, "number-technology_value": "400万"})
    assert answer.status_code == 422
    assert "not more than the contract value" in answer.page.text  # type: ignore[attr-defined]
    assert west.submit(f"{address}/number", data).status_code == 303
    assert "20266301" in west.page(f"/agreements/{agreement.id}").text
    assert "Correct the registration" in west.page(address).text
    other = table.in_force(session, "licence")
    answer = west.submit(f"/agreements/{other.id}/registration/number", data)
    assert "A contract counts once." in answer.page.text  # type: ignore[attr-defined]


def test_a_secondment_has_no_registration(west: PageClient, session: Session, table: Table) -> None:
    agreement = table.in_force(session)
    assert west.get(f"/agreements/{agreement.id}/registration").status_code == 404
    assert west.submit(f"/agreements/{agreement.id}/registration/number").status_code in (404, 422)


def test_hostile_numbers_are_not_read(west: PageClient, agreement: Agreement) -> None:
    for data in ({"number": "x"}, {"number": "99999999999999"}, {}):
        assert west.submit(f"/agreements/{agreement.id}/consent", data).status_code == 409
    assert west.get(f"/agreements/{agreement.id}?version=x%00").status_code == 200


@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_every_form_shows_in_every_language(west: PageClient, table: Table, language: str) -> None:
    west.speak(language)
    for code, kind in catalogue().instruments.items():
        page = west.page(f"/matches/{table.match.id}/agreements/new/{code}")
        assert kind.labels[language] in page.text
