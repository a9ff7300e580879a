"""The desk's list of all matches: scope, filters, order, counts, files, and putting one right."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.cooperation.models import Interest, Match
from matchmaker.curation.matches import MatchFilters, MatchOrder, all_matches, counts_by_stage
from matchmaker.curation.rules import next_step
from matchmaker.db import db, now, today
from matchmaker.notices.models import Notice
from matchmaker.permissions import Actor
from tests import factories
from tests.client import PageClient
from tests.counting import statements

NATIONAL = Actor(user_id=1, roles=frozenset({"national_curator"}))
QINGHAI = Actor(user_id=1, roles=frozenset({"provincial_curator"}), provinces=frozenset({"63"}))
BOTH = frozenset({"need", "capability"})


@factories.together()
def match(west: str = "63", east: str = "37", days: int = 0, **fields: Any) -> Match:
    """A match from one province to another that has stood where it stands for some days."""
    need = factories.need(
        organisation=factories.OrganisationFactory(province=west),
        title=fields.pop("title", "A need"),
        task_codes=fields.pop("task_codes", ("QH-1",)),
    )
    capability = factories.capability(organisation=factories.OrganisationFactory(province=east))
    since = now() - timedelta(days=days)
    made: Match = factories.MatchFactory(
        need=need, capability=capability, updated_at=since, **fields
    )
    return made


@factories.together()
def some() -> dict[str, int]:
    made = {
        "a": match("63", "37", 9, status="mutual"),
        "b": match("63", "11", 1, status="declined", task_codes=("QH-2",)),
        "c": match("65", "37", 5, status="mutual"),
        "d": match("65", "11", 3, status="proposed"),
        "e": match("64", "31", 7, status="proposed", expires_on=today() - timedelta(days=1)),
    }
    return {name: one.id for name, one in made.items()}


def listed(session: Session, actor: Actor, ids: dict[str, int], **filters: Any) -> str:
    names = {number: name for name, number in ids.items()}
    found = session.scalars(all_matches(actor, MatchFilters(**filters), today())).unique()
    return "".join(names[one.id] for one in found)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("actor", "filters", "expected"),
    [
        (NATIONAL, {}, "aecdb"),
        (NATIONAL, {"order": MatchOrder.NEWEST}, "bdcea"),
        (NATIONAL, {"order": MatchOrder.STAGE}, "dacbe"),
        (QINGHAI, {}, "ab"),
        (NATIONAL, {"stage": "mutual"}, "ac"),
        (NATIONAL, {"stage": "proposed"}, "d"),
        (NATIONAL, {"stage": "expired"}, "e"),
        (NATIONAL, {"province": "11"}, "db"),
        (NATIONAL, {"province": "65"}, "cd"),
        (NATIONAL, {"west": "65", "east": "37"}, "c"),
    ],
    ids=str,
)
def test_scope_filters_and_order(
    session: Session, actor: Actor, filters: dict[str, Any], expected: str
) -> None:
    assert listed(session, actor, some(), **filters) == expected


def test_a_task_narrows(session: Session) -> None:
    ids = some()
    assert listed(session, NATIONAL, ids, task_id=factories.task("QH-2").id) == "b"


def test_an_instrument_narrows_and_stands_beside_its_match(
    session: Session, desk: PageClient
) -> None:
    found, draft, _ = together(), together(), together()
    author = factories.UserFactory()
    factories.agreement_in_force(found, author)
    factories.agreement_in_force(draft, author).status = "draft"
    session.commit()
    assert listed(session, NATIONAL, {"x": found.id}, instrument="pilot_scale") == "x"
    rows = list(csv.reader(StringIO(desk.get("/desk/matches.csv").text)))
    assert sorted(row[-1] for row in rows) == ["", "", "Agreements", "Pilot scale"]


@pytest.mark.both_databases
def test_stages_are_counted_whichever_is_chosen(session: Session) -> None:
    some()
    filters = MatchFilters(stage="mutual")
    assert list(counts_by_stage(session, NATIONAL, filters, today()).items()) == [
        ("proposed", 1),
        ("mutual", 2),
        ("declined", 1),
        ("expired", 1),
    ]


def test_nobody_follows_matches_of_their_own_organisation(session: Session) -> None:
    found = match()
    own = Actor(user_id=1, roles=NATIONAL.roles, organisation_id=found.need.organisation_id)
    assert listed(session, own, {"x": found.id}) == ""


@pytest.mark.parametrize(
    ("status", "interested", "expected"),
    [
        ("proposed", (), "both_answer"),
        ("one_side_interested", ("need",), "capability_answers"),
        ("one_side_interested", ("capability",), "need_answers"),
        ("mutual", BOTH, "get_in_touch"),
        ("in_contact", BOTH, "negotiate"),
        ("negotiating", BOTH, "agree"),
        ("agreed", BOTH, "register_or_deliver"),
        ("contract_registered", BOTH, "deliver"),
        ("delivering", BOTH, "complete"),
        ("completed", BOTH, "verify"),
        ("verified", BOTH, "none"),
        ("stalled", BOTH, "resume"),
        ("declined", ("need",), "none"),
        ("expired", (), "none"),
        ("cancelled", ("need",), "none"),
        ("withdrawn", BOTH, "none"),
    ],
)
def test_the_next_step_follows_from_the_stage(
    status: str, interested: frozenset[str], expected: str
) -> None:
    assert next_step(status, frozenset(interested)) == expected


def test_the_page_says_how_long_and_what_comes_next(desk: PageClient) -> None:
    match(days=12, status="mutual", title="Brine leaks")
    text = desk.page("/desk/matches").text
    assert "Brine leaks" in text
    assert "Mutual interest 12 Get in touch" in text


def test_nothing_yet(desk: PageClient) -> None:
    assert "No match yet." in desk.page("/desk/matches").text
    assert "No match fits these filters." in desk.page("/desk/matches?stage=agreed").text


@pytest.mark.parametrize(
    "query", ["stage=nowhere", "order=up", "task=x", "west=99", "endpoint=x", "_external=1"]
)
def test_an_address_that_makes_no_sense_narrows_nothing(desk: PageClient, query: str) -> None:
    match(title="Brine leaks")
    assert "Brine leaks" in desk.page(f"/desk/matches?{query}").text


def test_many_matches_take_as_few_statements_as_one(desk: PageClient) -> None:
    match()
    one = statements(lambda: desk.page("/desk/matches"))
    for _ in range(4):
        match()
    assert statements(lambda: desk.page("/desk/matches")) == one
    assert statements(lambda: desk.get("/desk/matches.csv")) < one


def test_files_hold_what_the_filters_leave_and_no_formula(desk: PageClient) -> None:
    match(title="=1+1", status="mutual", days=3)
    match(title="Another", status="declined")
    match("65", "11", title="Elsewhere")
    rows = list(csv.reader(StringIO(desk.get("/desk/matches.csv?stage=mutual").text)))
    book = openpyxl.load_workbook(BytesIO(desk.get("/desk/matches.xlsx?stage=mutual").data))
    sheet = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert [len(rows), len(sheet)] == [2, 2]
    assert (rows[1][1], rows[1][3], rows[1][6]) == ("Mutual interest", "3", "'=1+1")
    assert (sheet[1][1], sheet[1][3], sheet[1][6]) == ("Mutual interest", 3, "=1+1")
    assert book.active.cell(2, 7).data_type == "s"  # a text, and no formula
    assert all(cell.data_type != "f" for row in book.active for cell in row)


def test_a_sheet_takes_characters_that_its_format_forbids(desk: PageClient) -> None:
    match(title="Brine\x0bleaks")
    assert desk.get("/desk/matches.xlsx").status_code == 200


# putting right


def together(**fields: Any) -> Match:
    found = match(status="in_contact", **fields)
    for side, listing in (("need", found.need), ("capability", found.capability)):
        user = factories.member_of(listing.organisation)
        db.session.add(Interest(match_id=found.id, side=side, user_id=user.id, at=now()))
    db.session.commit()
    return found


def sent(found: Match, **changes: Any) -> dict[str, Any]:
    given = {
        "version": found.version,
        "state": "agreed",
        "reason": "not_recorded",
        "words": "They signed on paper.",
    }
    return {**given, **changes}


def test_a_curator_puts_a_match_right_and_both_sides_are_told(
    session: Session, desk: PageClient
) -> None:
    found = together()
    assert desk.submit(f"/desk/matches/{found.id}/right", sent(found)).status_code == 303
    session.refresh(found, ["status"])
    assert found.status == "agreed"
    told = {notice.user_id for notice in session.query(Notice) if "right" in notice.kind}
    assert len(told) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": ""}, "Where it really stands: please choose."),
        ({"state": "verified"}, "Where it really stands: choose one from the list."),
        ({"state": "in_contact"}, "Where it really stands: choose one from the list."),
        ({"reason": ""}, "Reason: please choose."),
        ({"reason": "mood"}, "Reason: choose one from the list."),
        ({"words": ""}, "Message to both sides: please fill this in."),
    ],
    ids=str,
)
def test_what_is_missing_is_said(
    session: Session, desk: PageClient, changes: dict[str, str], sentence: str
) -> None:
    found = together()
    answer = desk.submit(f"/desk/matches/{found.id}/right", sent(found, **changes))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    session.refresh(found, ["status"])
    assert found.status == "in_contact"


def test_a_form_that_is_overtaken_is_a_conflict(desk: PageClient) -> None:
    found = together()
    answer = desk.submit(f"/desk/matches/{found.id}/right", sent(found, version=99))
    assert answer.status_code == 409


def test_another_provinces_curator_finds_no_such_page(client: PageClient, shandong: User) -> None:
    found = together(east="11")
    assert client.sign_in(shandong).get(f"/desk/matches/{found.id}/right").status_code == 404
