"""What one may see, taken along: nothing more, and no formula."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from xml.etree import ElementTree

import openpyxl
import pytest
from icalendar import Calendar

from matchmaker.accounts.models import User
from matchmaker.db import today
from matchmaker.listings.models import Listing
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published

ATOM = "{http://www.w3.org/2005/Atom}"
FORMULA = '=HYPERLINK("http://x","y")'


@pytest.fixture
def need(app: object) -> Listing:
    return published(
        title=FORMULA,
        description="Members read it.",
        must_haves=["Recovery of 90 %"],
        annex="A secret.",
        deadline=today() + timedelta(days=9),
    )


@pytest.fixture
def member(app: object) -> User:
    return factories.member_of(factories.OrganisationFactory(eastern=True))


def test_results_of_a_search_as_a_workbook(client: PageClient, need: Listing, member: User) -> None:
    data = client.sign_in(member).get("/listings.xlsx?kind=need").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    head, row = sheet.iter_rows()
    found = dict(zip([cell.value for cell in head], row, strict=True))
    assert (found["Title"].value, found["Title"].data_type) == (FORMULA, "s")
    assert found["Description"].value == "Members read it."
    assert found["Kind"].value == "Need"
    assert "A secret." not in [cell.value for cell in row]


def test_a_csv_file_holds_no_formula(client: PageClient, need: Listing, member: User) -> None:
    text = client.sign_in(member).get("/listings.csv").data.decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert row[head.index("Title")] == f"'{FORMULA}"


@pytest.mark.parametrize(("is_member", "shown"), [(True, True), (False, False)])
def test_who_is_no_member_gets_the_public_part(
    client: PageClient, need: Listing, member: User, *, is_member: bool, shown: bool
) -> None:
    client.sign_in(member if is_member else factories.UserFactory())
    row = json.loads(client.get("/listings.jsonl").text)
    assert row["title"] == FORMULA
    assert ("description" in row, "must_haves" in row) == (shown, shown)


def test_ones_own_listings_with_drafts_and_without_annexes(
    client: PageClient, need: Listing
) -> None:
    factories.need(organisation=need.organisation, title="A draft", draft=True)
    client.sign_in(factories.member_of(need.organisation, "viewer"))
    text = client.get("/our/listings.jsonl").text
    assert {json.loads(line)["title"] for line in text.splitlines()} == {FORMULA, "A draft"}
    assert "A secret." not in text


@pytest.mark.parametrize(
    ("query", "many"), [("", 1), ("?task=QH-1", 1), ("?task=QH-2", 0), ("?kind=capability", 0)]
)
def test_a_feed_has_what_everybody_reads(
    client: PageClient, need: Listing, query: str, many: int
) -> None:
    response = client.get(f"/listings.atom{query}")
    assert response.mimetype == "application/atom+xml"
    entries = ElementTree.fromstring(response.data).findall(f"{ATOM}entry")
    assert len(entries) == many
    assert "Members read it." not in response.text
    if many:
        assert entries[0].findtext(f"{ATOM}id") == f"http://localhost/listings/{need.id}"


def test_deadlines_of_ones_own_and_of_what_one_keeps(client: PageClient, need: Listing) -> None:
    owner = factories.member_of(need.organisation)
    other = published(deadline=today() + timedelta(days=5), title="Kept")
    published(deadline=today() + timedelta(days=5), title="Not kept")
    client.sign_in(owner)
    client.submit(f"/listings/{other.id}/bookmark")
    entries = Calendar.from_ical(client.get("/account/deadlines.ics").data).walk("VEVENT")
    assert [(str(one["summary"]), one["dtstart"].dt) for one in entries] == [
        ("Last day: Kept", today() + timedelta(days=5)),
        (f"Last day: {FORMULA}", today() + timedelta(days=9)),
    ]
