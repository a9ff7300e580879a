"""The desk's queues of organisations, listings and matches: /desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.cooperation.models import Interest
from matchmaker.db import now, today
from tests import factories
from tests.client import Page, PageClient
from tests.counting import statements


def organisation(province: str = "63", **fields: Any) -> Any:
    return factories.OrganisationFactory(unverified=True, province=province, **fields)


def listing(province: str = "63", **fields: Any) -> Any:
    owner = factories.OrganisationFactory(province=province)
    return factories.ListingFactory(in_review=True, organisation=owner, **fields)


def match(west: str = "63", east: str = "37", **fields: Any) -> Any:
    return factories.MatchFactory(
        need=factories.need(
            organisation=factories.OrganisationFactory(province=west),
            title=fields.pop("title", "A need"),
        ),
        capability=factories.capability(organisation=factories.OrganisationFactory(province=east)),
        **fields,
    )


def items(page: Page, prefix: str) -> list[str]:
    return [
        link
        for link in page.links
        if link.startswith(prefix) and link.removeprefix(prefix).isdigit()
    ]


def test_the_desk_opens_where_something_waits(desk: PageClient) -> None:
    listing(title="The waiting listing")
    assert "The waiting listing" in desk.page("/desk").text


def test_an_empty_desk_says_what_will_come(desk: PageClient) -> None:
    assert "No organisation is waiting to be verified." in desk.page("/desk").text


def test_every_tab_has_its_count(desk: PageClient) -> None:
    organisation()
    organisation()
    match()
    text = desk.page("/desk").text
    assert "Organisations to verify 2 Requests for an account 0 Listings to review 0" in text
    assert "Suggestions 0 Matches waiting 1" in text


def test_organisations_lead_to_their_verification_oldest_first(desk: PageClient) -> None:
    first, second = organisation(), organisation()
    assert items(desk.page("/desk?queue=organisations"), "/desk/organisations/") == [
        f"/desk/organisations/{first.id}",
        f"/desk/organisations/{second.id}",
    ]


def test_listings_lead_to_their_review_oldest_first(desk: PageClient) -> None:
    late, early = listing(), listing(updated_at=now() - timedelta(days=3))
    assert items(desk.page("/desk?queue=listings"), "/desk/listings/") == [
        f"/desk/listings/{early.id}",
        f"/desk/listings/{late.id}",
    ]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"need", "capability"}),
        ("&kind=need", {"need"}),
        ("&kind=nonsense", {"need", "capability"}),
    ],
)
def test_listings_by_kind(desk: PageClient, query: str, shown: set[str]) -> None:
    for kind in ("need", "capability"):
        listing(kind=kind, title=f"The {kind} itself")
    text = desk.page(f"/desk?queue=listings{query}").text
    assert {kind for kind in ("need", "capability") if f"The {kind} itself" in text} == shown


def test_listings_by_key_task(desk: PageClient) -> None:
    listing(title="Of the first", task_codes=("QH-1",))
    listing(title="Of the second", task_codes=("QH-2",))
    text = desk.page(f"/desk?queue=listings&task={factories.task('QH-2').id}").text
    assert ("Of the first" in text, "Of the second" in text) == (False, True)


def test_a_curator_of_two_provinces_may_look_at_one(client: PageClient) -> None:
    client.sign_in(factories.provincial_curator("63", "37"))
    listing("63", title="From Qinghai")
    listing("37", title="From Shandong")
    text = client.page("/desk?queue=listings&province=37").text
    assert ("From Qinghai" in text, "From Shandong" in text) == (False, True)


def test_another_province_cannot_be_asked_for(desk: PageClient) -> None:
    listing("65", title="From Xinjiang")
    assert "From Xinjiang" not in desk.page("/desk?queue=listings&province=65").text


def test_the_national_curator_sees_every_province(client: PageClient) -> None:
    client.sign_in(factories.staff("national_curator"))
    listing("65", title="From Xinjiang")
    listing("63", title="From Qinghai")
    text = client.page("/desk?queue=listings").text
    assert "From Xinjiang" in text
    assert "From Qinghai" in text


def test_a_match_shows_who_has_not_answered_and_the_days_left(
    desk: PageClient, session: Session
) -> None:
    waiting = match(expires_on=today() + timedelta(days=9))
    waiting.capability.organisation.name_other = "Silent Institute"
    waiting.need.organisation.name_other = "Eager Works"
    user = factories.member_of(waiting.need.organisation)
    session.add(Interest(match_id=waiting.id, side="need", user_id=user.id, at=now()))
    text = desk.page("/desk?queue=matches").text
    assert ("Silent Institute" in text, "Eager Works" in text) == (True, False)
    assert " 9 Remind" in text


def test_the_last_day_is_called_so(desk: PageClient) -> None:
    match(expires_on=today())
    assert "last day" in desk.page("/desk?queue=matches").text


@pytest.mark.parametrize("status", ["mutual", "declined", "expired"])
def test_a_match_that_waits_for_nobody_is_not_listed(desk: PageClient, status: str) -> None:
    match(status=status, title="The settled need")
    assert "The settled need" not in desk.page("/desk?queue=matches").text


def test_matches_by_corridor(desk: PageClient) -> None:
    match("63", "37", title="To Shandong")
    match("63", "11", title="To Beijing")
    text = desk.page("/desk?queue=matches&east=11").text
    assert ("To Shandong" in text, "To Beijing" in text) == (False, True)


def test_a_corridor_elsewhere_is_not_offered(desk: PageClient) -> None:
    match("65", "11")
    assert "Xinjiang" not in desk.page("/desk?queue=matches").text.split("Need from")[1]


@pytest.mark.parametrize("role", ["evaluator", "administrator"])
def test_other_staff_have_no_desk(client: PageClient, role: str) -> None:
    assert client.sign_in(factories.staff(role)).get("/desk").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: PageClient) -> None:
    assert client.get("/desk").location == "/sign-in?next=/desk"


@pytest.mark.parametrize("queue", ["organisations", "listings", "matches"])
def test_as_many_queries_for_200_rows_as_for_20(
    client: PageClient, curator: User, queue: str
) -> None:
    client.sign_in(curator)
    make = {"organisations": organisation, "listings": listing, "matches": match}[queue]
    with factories.together():
        for _ in range(20):
            make()
    few = statements(lambda: client.page(f"/desk?queue={queue}"))
    with factories.together():
        for _ in range(180):
            make()
    assert statements(lambda: client.page(f"/desk?queue={queue}")) == few


EMPTY = ["organisations", "claims", "matches", "unanswered", "results", "unserved"]


@pytest.mark.parametrize("queue", EMPTY)
def test_an_empty_queue_leads_to_one_with_work(desk: PageClient, queue: str) -> None:
    listing()
    links = desk.page(f"/desk?queue={queue}").links
    assert links.count("/desk?queue=listings") == 2  # a tab, and the way on
