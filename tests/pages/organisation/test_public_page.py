"""/organisations/<id>: what everybody may see, and the contact that not everybody may."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published

CONTACT = {
    "contact_name": "Rarissimo",
    "contact_email": "rara@example.org",
    "contact_phone": "0971-1234567",
}


@pytest.fixture
def shown(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(
        website="https://brine.example.org", name_other="Brine", **CONTACT
    )
    factories.VerificationFactory(
        organisation=found, curator=factories.UserFactory(name="Old Curator")
    )
    return found


def path(organisation: Organisation) -> str:
    return f"/organisations/{organisation.id}"


def test_visitors_see_what_is_public(client: PageClient, shown: Organisation) -> None:
    text = client.page(path(shown)).text
    for public in (
        "Brine",
        shown.name_zh,
        "Enterprise",
        "Qinghai",
        "Xining",
        "Salt-lake chemistry",
        "brine.example.org",
    ):
        assert public in text
    assert "Verified until" in text


@pytest.mark.parametrize("private", [*CONTACT.values(), "Old Curator", "Business licence seen"])
def test_visitors_see_nothing_else(client: PageClient, shown: Organisation, private: str) -> None:
    assert private not in client.get(path(shown)).text


def somebody(who: str, organisation: Organisation) -> User:
    people: dict[str, Any] = {
        "viewer of its own": lambda: factories.member_of(organisation, "viewer"),
        "curator of its province": lambda: factories.provincial_curator("63"),
        "national curator": lambda: factories.staff("national_curator"),
        "administrator": lambda: factories.staff("administrator"),
        "owner elsewhere": lambda: factories.member_of(factories.OrganisationFactory(), "owner"),
        "curator elsewhere": lambda: factories.provincial_curator("65"),
        "evaluator": lambda: factories.staff("evaluator"),
        "nobody's member": factories.UserFactory,
    }
    found: User = people[who]()
    return found


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("viewer of its own", True),
        ("curator of its province", True),
        ("national curator", True),
        ("administrator", True),
        ("owner elsewhere", False),
        ("curator elsewhere", False),
        ("evaluator", False),
        ("nobody's member", False),
    ],
)
def test_who_sees_the_contact(
    client: PageClient, shown: Organisation, who: str, sees: bool
) -> None:
    text = client.sign_in(somebody(who, shown)).get(path(shown)).text
    assert [value in text for value in CONTACT.values()] == [sees] * 3


@pytest.mark.parametrize(
    ("status", "answer"),
    [("verified", 200), ("lapsed", 200), ("registered", 404), ("suspended", 404)],
)
def test_visitors_see_organisations_that_were_verified(
    client: PageClient, status: str, answer: int
) -> None:
    client.page(path(factories.OrganisationFactory(status=status)), status=answer)


def test_absent_and_hidden_look_alike(client: PageClient) -> None:
    hidden = factories.OrganisationFactory(status="registered")
    absent = client.get("/organisations/999999").text.replace("/organisations/999999", path(hidden))
    assert client.get(path(hidden)).text.split("<main")[1] == absent.split("<main")[1]


def test_a_lapsed_verification_is_said(client: PageClient) -> None:
    assert (
        "Verification lapsed"
        in client.page(path(factories.OrganisationFactory(status="lapsed"))).text
    )


def test_the_page_in_chinese_begins_with_the_chinese_name(
    client: PageClient, shown: Organisation
) -> None:
    assert f'<h1 lang="zh-Hans">{shown.name_zh}</h1>' in client.speak("zh").get(path(shown)).text


def test_its_published_listings_are_shown(client: PageClient, shown: Organisation) -> None:
    listing = published(organisation=shown, title="Drip irrigation of cotton")
    assert listing.title in client.page(path(shown)).text
