"""The desk's list of results: what waits for whom, its file, and what sides think on average."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.db import db
from matchmaker.outcomes import service
from tests import factories
from tests.client import PageClient
from tests.cooperation.conftest import Stage, stage
from tests.outcomes.conftest import Pair, another_pair, values

__all__ = ["stage"]

QUEUE = "/desk?queue=results"


@pytest.fixture
def pair(app: Flask, stage: Stage) -> Pair:
    return Pair(stage, stage.agree(db.session()), stage.curator)


def rows(client: PageClient, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/desk/results.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(("province", "seen"), [("63", True), ("37", True), ("65", False)])
def test_what_both_sides_stand_by_waits_for_the_curators_of_either_province(
    client: PageClient, session: Session, pair: Pair, province: str, seen: bool
) -> None:
    pair.confirm(session, pair.report(session))
    client.sign_in(factories.provincial_curator(province))
    assert ("12 people" in client.page(QUEUE).text) is seen
    assert ("Results to verify 1" in client.page("/desk").text) is seen
    assert len(rows(client)) == seen


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["confirmed"]),
        ("&state=reported", ["reported"]),
        ("&state=verified", ["verified"]),
        ("&state=all", ["verified", "confirmed", "reported"]),
        ("&state=all&measure=jobs", ["reported"]),
        ("&state=all&measure=happiness", ["verified", "confirmed", "reported"]),
        ("&state=all&west=64", []),
        ("&state=all&west=63&east=37", ["verified", "confirmed", "reported"]),
        ("&state=all&task=999", []),
        ("&state=x&task=x&west=x", ["confirmed"]),
    ],
)
def test_the_list_and_its_file_are_narrowed_alike(
    client: PageClient, session: Session, pair: Pair, query: str, found: list[str]
) -> None:
    pair.verify(session, amount=1)
    pair.confirm(session, pair.report(session, amount=2))
    pair.report(session, "jobs", amount=3)
    client.sign_in(pair.curator)
    statuses = [row["status"] for row in rows(client, "?" + query.removeprefix("&"))]
    assert statuses == found
    page = client.page(QUEUE + query)
    assert len([link for link in page.links if "#result-" in link]) == len(found)


def test_the_file_has_what_counts_while_a_correction_waits(
    client: PageClient, session: Session, pair: Pair
) -> None:
    outcome = pair.verify(session, "hectares", amount=125_000)
    service.correct(session, pair.west, outcome, values(amount=200_000))
    session.commit()
    (row,) = rows(client.sign_in(pair.curator), "?state=verified")
    assert (row["amount"], row["unit"], row["counts"]) == ("12.5", "公顷", "yes")


def test_no_cell_is_taken_for_a_formula(client: PageClient, session: Session, pair: Pair) -> None:
    pair.confirm(session, pair.report(session, evidence="=HYPERLINK(1)"))
    (row,) = rows(client.sign_in(pair.curator))
    assert row["evidence"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("answers", [4, 5])
def test_satisfaction_shows_from_five_answers_on(
    client: PageClient, session: Session, pair: Pair, answers: int
) -> None:
    pairs = [pair, another_pair(session, pair.curator), another_pair(session, pair.curator)]
    speakers = [(one, who) for one in pairs for who in (one.west, one.east)]
    for number, (one, who) in enumerate(speakers[:answers]):
        marks = {"again": 5 if number else 1, "useful": 4}
        service.rate(session, who, one.match, words=f"zibelin{number}", **marks)
    session.commit()
    text = client.sign_in(pair.curator).page(QUEUE).text
    assert ("4.2 of 5" in text, "zibelin3" in text) == (answers == 5, answers == 5)
    elsewhere = factories.provincial_curator("65")
    assert "zibelin3" not in client.sign_in(elsewhere).page(QUEUE).text
