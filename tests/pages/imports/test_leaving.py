"""The desk's page of tables names organisations that are deleted soon, and keeps them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.db import db, today
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.rules import leaves_on
from matchmaker.web.paging import PAGE_SIZE
from tests import factories
from tests.client import PageClient

HEADING = "Organisations that are deleted soon"


@pytest.fixture
def desk(client: PageClient, app: Flask) -> PageClient:
    curator: User = factories.provincial_curator("63")
    return client.sign_in(curator)


def entered(days: int, **fields: object) -> Organisation:
    """An organisation that is deleted in so many days."""
    told = {"awaits_owner": True, "leaves_on": today() + timedelta(days=days), **fields}
    organisation: Organisation = factories.OrganisationFactory(unverified=True, **told)
    return organisation


def leaving(desk: PageClient) -> str:
    """The part of the page that lists them; "" where there is none."""
    _, _, after = desk.page("/desk/imports").text.partition(HEADING)
    return after.partition("Organisations that await their account manager")[0]


def keep(desk: PageClient, one: Organisation, version: int) -> int:
    response = desk.submit(f"/desk/organisations/{one.id}/keep", {"version": str(version)})
    return int(response.status_code)


@pytest.mark.parametrize(
    ("days", "fields", "named"),
    [
        (30, {}, True),
        (0, {}, True),
        (-1, {}, True),
        (31, {}, False),
        (30, {"awaits_owner": False}, False),
        (30, {"province": "65"}, False),
        (30, {"status": "suspended"}, False),
    ],
)
def test_a_curator_sees_those_of_the_next_thirty_days(
    desk: PageClient, days: int, fields: dict[str, object], named: bool
) -> None:
    one = entered(days, **fields)
    assert (one.name_other in leaving(desk)) is named


def test_one_click_keeps_it_and_an_older_page_is_told(desk: PageClient) -> None:
    one = entered(3)
    version = one.version
    assert "Keep for 24 months" in leaving(desk)
    assert keep(desk, one, version) == 303
    db.session.refresh(one)
    assert leaving(desk) == ""
    assert one.leaves_on == leaves_on(today())
    assert keep(desk, one, version) == 409


def test_what_holds_one_is_said(desk: PageClient) -> None:
    held, other = entered(-5), entered(3)
    factories.need(organisation=held)
    factories.ClaimFactory(organisation=held)
    text = leaving(desk)
    reasons = (
        "listings that were sent for review or published, "
        "an open request to join it or to manage its account"
    )
    assert f"It stays, because it has {reasons}." in text
    assert text.index(held.name_other) < text.index(other.name_other)
    assert text.count("It stays") == 1


def test_the_first_due_stand_on_the_page_and_all_are_counted(desk: PageClient) -> None:
    last = entered(20)
    factories.copies(entered(10), PAGE_SIZE - 1, uscc=[None] * (PAGE_SIZE - 1))
    text = leaving(desk)
    assert f"{PAGE_SIZE + 1} organisations, the first due first" in text
    assert last.name_other not in text
