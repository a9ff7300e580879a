"""The tags of a listing's page: what it is about."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import Flask

from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published


def test_a_listing_shows_its_concepts_and_leads_to_others_of_its_kind(
    client: PageClient, app: Flask
) -> None:
    listing = published(title="Riego por goteo", summary="Nada más.", description="", language="es")
    page = client.page(f"/listings/{listing.id}")
    assert "Drip irrigation" in page.text
    link = next(link for link in page.links if "concept=" in link)
    assert parse_qs(urlsplit(link).query) == {"kind": ["need"], "concept": ["drip_irrigation"]}
    assert listing.title in client.page(link).text


def test_a_listing_shows_a_visitor_no_concept_of_its_members_text(
    client: PageClient, app: Flask
) -> None:
    listing = published(
        title="A pump", summary="It leaks.", description="It serves drip irrigation."
    )
    assert "Drip irrigation" not in client.page(f"/listings/{listing.id}").text
    client.sign_in(factories.member_of(factories.OrganisationFactory()))
    assert "Drip irrigation" in client.page(f"/listings/{listing.id}").text


def test_a_listing_that_is_not_shown_has_no_tags(client: PageClient, app: Flask) -> None:
    listing = published(title="Drip irrigation", summary="It leaks.")
    listing.organisation.status = "suspended"
    client.sign_in(factories.member_of(listing.organisation))
    assert "concept=" not in client.get(f"/listings/{listing.id}").text
