"""An organisation's own list, and what it shows to others."""

from __future__ import annotations

import pytest

from matchmaker.codelists import codes
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published


def test_every_status_is_listed_with_its_next_step(
    home: PageClient, organisation: Organisation
) -> None:
    for status in codes("listing_status"):
        factories.need(organisation=organisation, status=status, title=f"In {status}")
    factories.need(title="Somebody else's")
    text = home.page("/our/listings").text
    assert all(f"In {status}" in text for status in codes("listing_status"))
    assert "Somebody else's" not in text
    assert all(
        step in text
        for step in (
            "Finish it and send it",
            "Waiting for a curator",
            "Read what the curator asks",
            "Renew it with",
        )
    )


def test_one_status_alone(home: PageClient, organisation: Organisation) -> None:
    factories.need(organisation=organisation, title="A draft", draft=True)
    factories.need(organisation=organisation, title="A published one")
    text = home.page("/our/listings?status=draft").text
    assert ("A draft" in text, "A published one" in text) == (True, False)


@pytest.mark.parametrize("status", ["closed", "nonsense"])
def test_a_status_that_nothing_has(home: PageClient, status: str) -> None:
    home.page(f"/our/listings?status={status}")


def test_an_empty_list_offers_the_first_step(home: PageClient) -> None:
    page = home.page("/our/listings")
    assert "Write the first need" in page.text


def test_a_viewer_reads_and_is_not_asked_to_write(
    client: PageClient, organisation: Organisation
) -> None:
    page = client.sign_in(factories.member_of(organisation, "viewer")).page("/our/listings")
    assert "Account managers and editors of your organisation can make changes" in page.text
    assert "/listings/new/need" not in page.links


def test_an_unverified_organisation_is_told_what_it_can_do(client: PageClient) -> None:
    factories.plan()
    client.sign_in(factories.member_of(factories.OrganisationFactory(unverified=True)))
    assert "You can write drafts now" in client.page("/our/listings").text


def test_who_has_no_organisation_has_no_list(client: PageClient) -> None:
    assert (
        client.sign_in(factories.staff("national_curator")).get("/our/listings").status_code == 404
    )


def test_others_see_what_it_has_published(client: PageClient, organisation: Organisation) -> None:
    published(organisation=organisation, title="Shown")
    factories.need(organisation=organisation, title="Hidden", draft=True)
    for path in (f"/organisations/{organisation.id}", f"/organisations/{organisation.id}/listings"):
        text = client.page(path).text
        assert ("Shown" in text, "Hidden" in text) == (True, False), path


def test_an_organisation_that_shows_nothing_says_so(
    client: PageClient, organisation: Organisation
) -> None:
    assert "has published nothing" in client.page(f"/organisations/{organisation.id}/listings").text


def test_a_suspended_organisation_shows_no_list(client: PageClient) -> None:
    suspended = factories.OrganisationFactory(status="suspended")
    assert client.get(f"/organisations/{suspended.id}/listings").status_code == 404
