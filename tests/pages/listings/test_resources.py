"""Listings for what is no technology: their short forms, on the page, found and exported."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.listings.models import Listing
from matchmaker.listings.resources import all_details, codes, resource
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import Page, PageClient
from tests.listings.conftest import loaded, published

NEED = "/listings/new/need"
PEOPLE: dict[str, Any] = {
    "resource": "people",
    "title": "Two geologists for a summer",
    "summary": "We map a salt lake.",
    "language": "en",
    "province": "63",
    "talent_kind": "engineer",
    "talent_number": "2",
    "detail_discipline": "Quaternary geology",
    "detail_presence": "on_site",
}


def only(session: Session) -> Listing:
    return loaded(session.scalars(select(Listing)).one())


@pytest.fixture
def both(client: PageClient, organisation: Organisation) -> PageClient:
    """The browser of an organisation that posts both kinds."""
    organisation.capabilities_grant = True
    return client.sign_in(factories.member_of(organisation))


@pytest.mark.parametrize("code", codes())
@pytest.mark.parametrize("kind", ["need", "capability"])
def test_a_form_has_the_fields_of_its_resource_alone(
    both: PageClient, session: Session, kind: str, code: str
) -> None:
    sent = {"title": "T", "resource": code, "action": "save"}
    path = both.submit(f"/listings/new/{kind}", sent).location
    ids = set(both.page(f"{path}/edit?step=whole").ids)
    own = {f"detail_{one.code}" for one in resource(code).details}
    assert {f"detail_{one.code}" for one in all_details()} & ids == own
    assert ("trl" in ids) is (code == "technology")
    assert ("talent_kind" in ids) is (code in ("technology", "people"))


def test_people_are_sent_with_few_fields(home: PageClient, session: Session) -> None:
    assert home.submit(NEED, PEOPLE | {"action": "submit"}).status_code == 303
    listing = only(session)
    assert (listing.status, listing.resource, listing.goal) == ("in_review", "people", "talent")
    assert listing.details == {"discipline": "Quaternary geology", "presence": "on_site"}
    shown = home.page(f"/listings/{listing.id}").text
    assert "Quaternary geology" in shown
    assert "On site" in shown


def test_what_a_resource_lacks_is_named(home: PageClient) -> None:
    response = home.submit(NEED, PEOPLE | {"detail_discipline": "", "action": "submit"})
    assert response.status_code == 422
    assert "Discipline: please fill this in." in Page(response.text).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"resource": "planet"}, "What it is: choose one from the list."),
        ({"detail_presence": "sometimes"}, "Presence: choose one from the list."),
        ({"resource": "instrument", "detail_hours": "many"}, "this is not a number."),
        ({"resource": "park", "detail_industries": "x" * 121}, "at most 20 lines of 120"),
    ],
)
def test_a_wrong_value_is_said_and_kept(
    home: PageClient, session: Session, changes: dict[str, str], sentence: str
) -> None:
    home.submit(NEED, PEOPLE | changes | {"action": "save"})
    assert sentence in home.page(f"/listings/{only(session).id}/edit").text


def test_another_choice_loses_nothing_until_it_is_sent(home: PageClient, session: Session) -> None:
    home.submit(NEED, {"title": "T", "trl": "4-6", "resource": "technology", "action": "save"})
    path = f"/listings/{only(session).id}/edit"
    sent = {"title": "T", "trl": "5", "resource": "people", "shown": "technology"}
    home.submit(path, sent | {"version": only(session).version, "action": "save"})
    listing = only(session)
    assert (listing.resource, listing.trl) == ("people", 5)
    sent = PEOPLE | {"talent_months": "3", "version": listing.version, "action": "submit"}
    assert home.submit(path, sent).status_code == 303
    assert only(session).trl is None


def test_the_fields_of_a_choice_are_shown_at_once(home: PageClient, session: Session) -> None:
    sent = {"title": "A summer", "resource": "people", "shown": "technology", "action": "fields"}
    page = Page(home.submit(f"{NEED}?step=whole", sent).text)
    assert "detail_discipline" in page.ids
    assert session.scalars(select(Listing)).all() == []


@pytest.mark.parametrize("kind", ["need", "capability"])
def test_where_what_it_is_can_still_be_chosen_the_marks_hold_for_each(
    both: PageClient, kind: str
) -> None:
    page = both.page(f"/listings/new/{kind}")
    assert page.text.count("required for a technology") == 1  # the description


def test_lists_are_narrowed_to_a_resource_and_files_name_it(
    client: PageClient, organisation: Organisation
) -> None:
    published(title="A park", resource="park", details={"industries": ["salt", "solar"]})
    published(title="A process")
    found = client.page("/listings?resource=park").text
    assert "A park" in found
    assert "A process" not in found
    client.sign_in(factories.member_of(organisation))
    row = client.get("/listings.jsonl?resource=park").text
    assert '"resource": "park"' in row
    assert '"details": {"industries": ["salt", "solar"]}' in row
    text = client.get("/listings.csv?resource=park").text
    assert "Park: Industries" in text
    assert '"salt\nsolar"' in text
    assert "A park" in client.page("/listings?q=solar").text
    assert "A park" not in client.page("/listings?q=geology").text
