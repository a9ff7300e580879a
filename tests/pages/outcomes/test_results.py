"""The results of a match: who reads and moves them, and what their forms say."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation import service as cooperation
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.outcomes import service
from matchmaker.outcomes.models import Outcome, Satisfaction
from tests import factories
from tests.client import PageClient
from tests.cooperation.conftest import Stage
from tests.counting import statements
from tests.files import samples
from tests.outcomes.conftest import Pair, another_pair, fresh, values

GOOD = {
    "measure": "contract_value",
    "amount": "120万",
    "first_day": "2026-01-01",
    "last_day": "2026-06-30",
    "contract_number": "2026-63-0001",
    "evidence": "The registered contract.",
}


def at(pair: Pair) -> str:
    return f"/matches/{pair.match.id}/outcomes"


def people(pair: Pair) -> dict[str, Any]:
    return {
        "reporter": lambda: pair.stage.west,
        "other side": lambda: pair.stage.east,
        "viewer": lambda: factories.member_of(pair.stage.need.organisation, "viewer"),
        "curator": lambda: pair.curator,
        "curator of the east": lambda: factories.provincial_curator("37"),
        "far curator": lambda: factories.provincial_curator("65"),
        "stranger": lambda: factories.member_of(factories.OrganisationFactory()),
    }


def only(session: Session) -> Outcome:
    return fresh(session, session.scalars(select(Outcome.id)).one())


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("reporter", 200),
        ("other side", 200),
        ("viewer", 200),
        ("curator", 200),
        ("curator of the east", 200),
        ("far curator", 404),
        ("stranger", 404),
    ],
)
def test_who_reads_results(client: PageClient, pair: Pair, who: str, status: int) -> None:
    client.sign_in(people(pair)[who]()).page(at(pair), status=status)


@pytest.mark.parametrize(
    ("who", "buttons"),
    [
        ("reporter", {"Correct", "Withdraw"}),
        ("other side", {"Confirm", "Dispute it"}),
        ("viewer", set()),
        ("curator", set()),
    ],
)
def test_each_reader_has_the_buttons_of_their_moves(
    client: PageClient, session: Session, pair: Pair, who: str, buttons: set[str]
) -> None:
    pair.report(session)
    text = client.sign_in(people(pair)[who]()).page(at(pair)).text
    every = {
        "Correct :",
        "Withdraw :",
        "Confirm :",
        "Dispute it",
        "Verify this result :",
        "Send back",
    }
    shown = {one.removesuffix(" :") for one in every if one in text}
    assert shown == buttons


def test_the_section_is_among_the_tabs_of_a_match(client: PageClient, pair: Pair) -> None:
    assert at(pair) in client.sign_in(pair.stage.east).page(f"/matches/{pair.match.id}").links


def test_before_both_want_it_the_page_says_when_results_come(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.ask(session)
    text = client.sign_in(stage.west).page(f"/matches/{match.id}/outcomes").text
    assert "once both sides want to work together" in text
    assert "Report a result" not in text
    response = client.submit(f"/matches/{match.id}/outcomes/new", GOOD)
    assert (response.status_code, session.scalars(select(Outcome)).all()) == (422, [])


def test_a_result_is_reported_as_people_write_it(
    client: PageClient, session: Session, pair: Pair
) -> None:
    client.sign_in(pair.stage.west)
    assert client.page(f"{at(pair)}/new").text
    response = client.submit(f"{at(pair)}/new", GOOD)
    assert response.status_code == 303
    assert only(session).current.amount == 1_200_000
    text = client.page(at(pair)).text
    for words in ("Contract value: CNY 1,200,000", "Reported", "2026-63-0001", "1 Jan 2026"):
        assert words in text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"measure": ""}, "What came of it: please choose."),
        ({"measure": "happiness"}, "What came of it: choose one from the list."),
        ({"amount": ""}, "How much: please fill this in."),
        ({"amount": "much"}, "How much: enter an amount in yuan"),
        ({"amount": "0"}, "How much: more than zero"),
        ({"amount": "9" * 30}, "How much: more than zero"),
        ({"measure": "jobs", "amount": "1.5"}, "How much: enter a whole number"),
        ({"measure": "hectares", "amount": "3 t"}, "How much: an area"),
        ({"measure": "co2_tonnes", "amount": "3 ha"}, "How much: a mass"),
        ({"first_day": "yesterday"}, "From: a date such as"),
        ({"first_day": "1900-01-01"}, "From: the year 2000 or later"),
        ({"last_day": "2025-12-31"}, "Until: not before the first day"),
        ({"last_day": "2999-01-01"}, "Until: today or earlier"),
        ({"evidence": ""}, "Evidence: give words, a link, a number or a file"),
        (
            {"evidence_link": "ftp://example.org"},
            "Link: please give an address that begins with https://",
        ),
        ({"contract_number": ""}, "Contract number: a contract counts once"),
        ({"evidence": "x" * 2001}, "Evidence: 2000 characters at most"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: PageClient, session: Session, pair: Pair, sent: dict[str, str], sentence: str
) -> None:
    client.sign_in(pair.stage.west)
    response = client.submit(f"{at(pair)}/new", {**GOOD, **sent})
    assert response.status_code == 422
    assert sentence in response.page.text  # type: ignore[attr-defined]
    assert "120万" in response.text or "amount" in sent
    assert session.scalars(select(Outcome)).all() == []


def test_the_other_side_confirms_and_an_curator_verifies(
    client: PageClient, session: Session, pair: Pair
) -> None:
    outcome = pair.report(session)
    client.sign_in(pair.stage.east)
    client.submit(f"/outcomes/{outcome.id}/confirm", {"version": outcome.version})
    client.sign_in(pair.curator)
    assert "Verify this result" in client.page(at(pair)).text
    client.submit(f"/outcomes/{outcome.id}/verify", {"version": only(session).version})
    assert only(session).status == "verified"
    assert "It counts." in client.page(at(pair)).text


def test_disputing_takes_words_and_keeps_them_for_both(
    client: PageClient, session: Session, pair: Pair
) -> None:
    outcome = pair.report(session)
    client.sign_in(pair.stage.east)
    name = f"result-{outcome.id}-words"
    path = f"/outcomes/{outcome.id}/dispute"
    response = client.submit(path, {"version": outcome.version, name: " "})
    assert response.status_code == 422
    assert "What is wrong: please fill this in." in response.page.text  # type: ignore[attr-defined]
    client.submit(path, {"version": outcome.version, name: "It was ten."})
    assert "It was ten." in client.sign_in(pair.stage.west).page(at(pair)).text


def test_sending_back_says_why_to_both(client: PageClient, session: Session, pair: Pair) -> None:
    outcome = pair.confirm(session, pair.report(session))
    sent = {"version": outcome.version, f"result-{outcome.id}-words": "The list is unsigned."}
    client.sign_in(pair.curator).submit(f"/outcomes/{outcome.id}/send-back", sent)
    for user in (pair.stage.west, pair.stage.east):
        assert "The list is unsigned." in client.sign_in(user).page(at(pair)).text


def test_a_correction_begins_with_what_stands_and_keeps_it(
    client: PageClient, session: Session, pair: Pair
) -> None:
    outcome = pair.verify(session, "hectares", amount=125_000)
    client.sign_in(pair.stage.west)
    path = f"/outcomes/{outcome.id}/correct"
    assert 'value="12.5"' in client.get(path).text
    sent = {**GOOD, "amount": "20", "version": outcome.version}
    assert client.submit(path, sent).status_code == 303
    text = client.page(at(pair)).text
    for words in ("Area reached: 20 ha", "1 earlier version", "12.5 ha", "Until this is verified"):
        assert words in text


def test_a_faulty_correction_keeps_what_was_typed(
    client: PageClient, session: Session, pair: Pair
) -> None:
    outcome = pair.report(session)
    client.sign_in(pair.stage.west)
    sent = {**GOOD, "amount": "many", "version": outcome.version}
    response = client.submit(f"/outcomes/{outcome.id}/correct", sent)
    assert response.status_code == 422
    assert 'value="many"' in response.text


@pytest.mark.parametrize(
    ("move", "who"),
    [
        ("confirm", "reporter"),
        ("dispute", "reporter"),
        ("withdraw", "other side"),
        ("verify", "curator"),
    ],
)
def test_a_move_that_is_not_open_says_who_was_first(
    client: PageClient, session: Session, pair: Pair, move: str, who: str
) -> None:
    outcome = pair.report(session)
    client.sign_in(people(pair)[who]())
    sent = {"version": outcome.version, f"result-{outcome.id}-words": "No."}
    response = client.submit(f"/outcomes/{outcome.id}/{move}", sent)
    assert response.status_code == 409
    assert "reported a result" in response.text
    assert who == "reporter" or pair.stage.west.name not in response.text


@pytest.mark.parametrize("who", ["viewer", "stranger", "far curator", "curator"])
@pytest.mark.parametrize("move", ["confirm", "dispute", "withdraw", "correct"])
def test_only_writers_of_the_two_sides_move_a_result(
    client: PageClient, session: Session, pair: Pair, move: str, who: str
) -> None:
    outcome = pair.report(session)
    client.sign_in(people(pair)[who]())
    assert client.submit(f"/outcomes/{outcome.id}/{move}").status_code == 404


@pytest.mark.parametrize("who", ["reporter", "other side", "stranger", "far curator"])
@pytest.mark.parametrize("move", ["verify", "send-back"])
def test_only_curators_of_either_province_verify(
    client: PageClient, session: Session, pair: Pair, move: str, who: str
) -> None:
    outcome = pair.confirm(session, pair.report(session))
    client.sign_in(people(pair)[who]())
    assert client.submit(f"/outcomes/{outcome.id}/{move}").status_code == 404


def test_a_contract_that_counts_elsewhere_is_told_to_the_curator_alone(
    client: PageClient, session: Session, pair: Pair
) -> None:
    another_pair(session, pair.curator).verify(session, "contract_value")
    outcome = pair.report(session, "contract_value")
    client.sign_in(pair.stage.east)
    response = client.submit(f"/outcomes/{outcome.id}/confirm", {"version": outcome.version})
    assert response.status_code == 303
    client.sign_in(pair.curator)
    version = only_of(session, pair).version
    response = client.submit(f"/outcomes/{outcome.id}/verify", {"version": version})
    assert response.status_code == 422
    assert "already counts" in response.text


def only_of(session: Session, pair: Pair) -> Outcome:
    query = select(Outcome.id).where(Outcome.match_id == pair.match.id)
    return fresh(session, session.scalars(query).one())


def test_a_link_of_evidence_earns_nothing(client: PageClient, session: Session, pair: Pair) -> None:
    pair.report(session, evidence_link="https://example.org/list?a=1&b=2")
    html = client.sign_in(pair.stage.east).get(at(pair)).text
    assert 'href="https://example.org/list?a=1&amp;b=2" rel="nofollow ugc noopener' in html


def test_a_page_of_many_results_asks_as_often_as_one_of_few(
    client: PageClient, session: Session, pair: Pair
) -> None:
    client.sign_in(pair.stage.east)
    pair.report(session)
    few = statements(lambda: client.page(at(pair)))
    for number in range(2, 12):
        pair.report(session, amount=number * 100)
    assert statements(lambda: client.page(at(pair))) == few


@pytest.mark.parametrize("language", ["zh", "es"])
def test_amounts_are_written_as_the_reader_writes_them(
    client: PageClient, session: Session, pair: Pair, language: str
) -> None:
    pair.report(session, "contract_value", amount=1_200_000)
    pair.report(session, "hectares", amount=12_345_000)
    pair.report(session, "people_moved", amount=1)
    text = client.sign_in(pair.stage.east).speak(language).page(at(pair)).text
    shown = {
        "zh": ("120万元", "1,234.5公顷", "1人"),
        "es": ("1.200.000 yuanes", "1.234,5 ha", "1 persona"),
    }
    for words in shown[language]:
        assert words in text


# home


def test_home_names_what_waits_for_each_side(
    client: PageClient, session: Session, pair: Pair
) -> None:
    outcome = pair.report(session)
    assert "they report a result" in client.sign_in(pair.stage.east).page("/home").text
    assert "they report a result" not in client.sign_in(pair.stage.west).page("/home").text
    service.dispute(session, pair.east, outcome, "It was ten.")
    session.commit()
    assert "your result is disputed" in client.sign_in(pair.stage.west).page("/home").text
    assert "they report a result" not in client.sign_in(pair.stage.east).page("/home").text


# satisfaction


def test_satisfaction_is_for_ones_own_side_alone(
    client: PageClient, session: Session, pair: Pair
) -> None:
    client.sign_in(pair.stage.west)
    sent = {"again": "2", "useful": "5", "words": "zibelinword"}
    assert client.submit(f"/matches/{pair.match.id}/satisfaction", sent).status_code == 303
    assert session.scalars(select(Satisfaction)).one().again == 2
    assert "zibelinword" in client.page(at(pair)).text
    for user in (pair.stage.east, pair.curator, people(pair)["viewer"]()):
        assert "zibelinword" not in client.sign_in(user).page(at(pair)).text


@pytest.mark.parametrize("sent", [{}, {"again": "6", "useful": "3"}, {"again": "3"}])
def test_both_questions_are_answered_or_neither(
    client: PageClient, session: Session, pair: Pair, sent: dict[str, str]
) -> None:
    client.sign_in(pair.stage.west)
    path = f"/matches/{pair.match.id}/satisfaction"
    response = client.submit(path, {**sent, "words": "Quite good."})
    assert response.status_code == 422
    assert "choose one from the list" in response.page.text  # type: ignore[attr-defined]
    assert "Quite good." in response.text


def test_satisfaction_is_said_also_when_nothing_came_of_it(
    client: PageClient, session: Session, pair: Pair
) -> None:
    cooperation.end(session, pair.east, pair.match, "terms")
    session.commit()
    assert "How satisfied are you?" in client.sign_in(pair.stage.west).page(at(pair)).text


# pages that everybody reads


def test_the_plans_pages_count_results(client: PageClient, session: Session, pair: Pair) -> None:
    pair.verify(session)
    task = factories.task("QH-1").id
    for path in ("/plan", f"/plan/tasks/{task}", "/regions?west=63&east=37"):
        assert "Verified results 1" in client.page(path).text, path
    assert "verified results of the plan's tasks 1" in client.page("/").text
    text = client.page(f"/plan/tasks/{task}").text
    assert "three organisations on each side" in text
    assert "12 people" not in text


def test_an_organisation_shows_ones_own_results_to_the_last_one(
    client: PageClient, session: Session, pair: Pair
) -> None:
    pair.verify(session, amount=12)
    path = f"/organisations/{pair.stage.need.organisation_id}"
    assert "12 people" in client.sign_in(pair.stage.west).page(path).text
    assert "12 people" in client.sign_in(pair.curator).page(path).text
    for user in (pair.stage.east, people(pair)["stranger"]()):
        assert "People trained" not in client.sign_in(user).page(path).text


@pytest.mark.parametrize(("who", "linked"), [("curator", True), ("reporter", False)])
def test_figures_lead_to_a_list_for_who_may_read_it(
    client: PageClient, session: Session, pair: Pair, who: str, linked: bool
) -> None:
    pair.verify(session)
    task = factories.task("QH-1").id
    links = client.sign_in(people(pair)[who]()).page(f"/plan/tasks/{task}").links
    assert any("queue=results" in link for link in links) is linked


def test_a_correction_form_of_another_match_is_no_page(
    client: PageClient, session: Session, pair: Pair
) -> None:
    outcome = pair.report(session)
    service.correct(session, pair.west, outcome, values(amount=13))
    session.commit()
    client.sign_in(people(pair)["stranger"]()).page(f"/outcomes/{outcome.id}/correct", status=404)


def attached(*names: str) -> dict[str, Any]:
    return {"files": [(io.BytesIO(samples.pdf()), name) for name in names]}


def test_a_file_is_evidence_for_the_other_side_and_for_who_verifies(
    client: PageClient, session: Session, pair: Pair
) -> None:
    client.sign_in(pair.stage.west)
    sent = {**GOOD, "evidence": "", **attached("contract.pdf")}
    assert client.submit(f"{at(pair)}/new", sent).status_code == 303
    [file] = only(session).current.files
    assert (file.purpose, file.organisation_id) == ("result", pair.stage.need.organisation_id)
    for user in (pair.stage.east, pair.curator):
        client.sign_in(user)
        assert "contract.pdf" in client.page(at(pair)).text
        assert client.get(f"/files/{file.id}").status_code == 200
    for who in ("far curator", "stranger"):
        client.sign_in(people(pair)[who]())
        assert client.get(f"/files/{file.id}").status_code == 404
    told = [*session.scalars(select(Notice.params)), *session.scalars(select(OutboxMail.params))]
    recorded = session.scalars(select(AuditRecord.detail)).all()
    assert not [one for one in (*told, *recorded) if "contract.pdf" in json.dumps(one)]


def test_a_correction_keeps_the_files_that_are_ticked(
    client: PageClient, session: Session, pair: Pair
) -> None:
    client.sign_in(pair.stage.west)
    client.submit(f"{at(pair)}/new", {**GOOD, **attached("old.pdf", "good.pdf")})
    outcome = only(session)
    [old, good] = outcome.current.files
    address = f"/outcomes/{outcome.id}/correct"
    assert "Earlier files that also show this" in client.page(address).text
    sent = {**GOOD, "amount": "100万", "version": outcome.version, "kept": [good.id, 999, "x"]}
    del sent["measure"]
    assert client.submit(address, {**sent, **attached("new.pdf")}).status_code == 303
    versions = only(session).versions
    assert [[one.name for one in version.files] for version in versions] == [
        ["old.pdf", "good.pdf"], ["good.pdf", "new.pdf"],
    ]  # fmt: skip
    assert client.get(f"/files/{old.id}").status_code == 200


def test_a_refused_file_leaves_what_was_typed(
    client: PageClient, session: Session, pair: Pair
) -> None:
    client.sign_in(pair.stage.west)
    sent = {**GOOD, "files": [(io.BytesIO(b"MZ"), "a.pdf")]}
    answer = client.submit(f"{at(pair)}/new", sent)
    assert answer.status_code == 422
    assert "a.pdf is not of a type that can be sent" in answer.text
    assert "The registered contract." in answer.text
    assert session.scalars(select(Outcome)).all() == []


def test_a_result_told_twice_is_said_beside_its_amount(
    client: PageClient, session: Session, pair: Pair
) -> None:
    client.sign_in(pair.stage.west)
    client.submit(f"{at(pair)}/new", GOOD)
    answer = client.submit(f"{at(pair)}/new", GOOD)
    assert answer.status_code == 422
    assert "This result is already on the page of the match." in answer.text
    assert "The registered contract." in answer.text


def test_what_an_agreement_says_is_filled_in(
    client: PageClient, session: Session, pair: Pair
) -> None:
    agreement = factories.agreement_in_force(pair.match, pair.stage.west, "licence")
    session.commit()
    client.sign_in(pair.stage.west)
    page = client.page(f"/agreements/{agreement.id}")
    address = f"{at(pair)}/new?agreement={agreement.id}&measure=contract_value"
    assert address in page.links
    text = client.get(address).text
    assert "what the agreement says about this is filled in" in text
    assert 'selected value="contract_value"' in text
    value = agreement.current.terms.values["contract_value"]
    assert f'value="{value:,}"' in text
    other = another_pair(session, pair.curator)
    client.sign_in(other.stage.west)
    foreign = f"/matches/{other.match.id}/outcomes/new?agreement={agreement.id}"
    assert "what the agreement says" not in client.get(foreign).text


def test_a_form_that_is_sent_again_asks_for_its_files(
    client: PageClient, session: Session, pair: Pair
) -> None:
    client.sign_in(pair.stage.west)
    stale = client.post(f"{at(pair)}/new", data={**GOOD, **attached("list.pdf"), "csrf_token": "x"})
    assert 'name="lost_files" value="yes"' in stale.text
    again = client.submit(f"{at(pair)}/new", {**GOOD, "lost_files": "yes"})
    assert again.status_code == 422
    assert "Files: please choose them again." in again.text
    assert 'name="lost_files"' not in again.text
    assert session.scalars(select(Outcome)).all() == []
    sent = {**GOOD, "lost_files": "yes", **attached("list.pdf")}
    assert client.submit(f"{at(pair)}/new", sent).status_code == 303
