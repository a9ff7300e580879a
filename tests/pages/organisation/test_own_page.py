"""/organisation: what an organisation's members see of it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.counting import statements


def test_members_see_profile_contact_and_each_other(
    client: PageClient, organisation: Organisation
) -> None:
    factories.member_of(organisation, "owner", name="Olga Owner")
    viewer = factories.member_of(organisation, "viewer", name="Vera Viewer")
    text = client.sign_in(viewer).page("/organisation").text
    for shown in (
        "Qinghai Brine Works",
        organisation.uscc,
        organisation.contact_email,
        "Olga Owner",
        "Vera Viewer",
    ):
        assert shown in text


@pytest.mark.parametrize(
    ("role", "manages"), [("owner", True), ("editor", False), ("viewer", False)]
)
def test_only_owners_are_offered_to_manage(
    client: PageClient, organisation: Organisation, role: str, manages: bool
) -> None:
    client.sign_in(factories.member_of(organisation, role))
    page = client.page("/organisation")
    assert ("/organisation/edit" in page.links) is manages
    assert ("Invite a colleague" in page.text) is manages


def test_verifications_are_listed_without_their_evidence(own: PageClient) -> None:
    text = own.page("/organisation").text
    assert "Old Curator" in text
    assert "Business licence seen" not in text


@pytest.mark.parametrize(
    ("province", "grants", "said"),
    [
        (
            "63",
            {},
            (
                "✓ Need as the plan says for your province",
                "✗ Capability the plan does not provide for it",
            ),
        ),
        (
            "37",
            {},
            (
                "✗ Need the plan does not provide for it",
                "✓ Capability as the plan says for your province",
            ),
        ),
        ("64", {}, ("✓ Need as the plan says", "✓ Capability as the plan says")),
        (
            "63",
            {"capabilities_grant": True},
            ("✓ Need as the plan says", "✓ Capability allowed by a curator"),
        ),
        (
            "63",
            {"needs_grant": False},
            ("✗ Need not allowed by a curator", "✗ Capability the plan does not provide for it"),
        ),
    ],
)
def test_what_may_be_posted_and_by_whose_word(
    client: PageClient, province: str, grants: dict[str, bool], said: tuple[str, str]
) -> None:
    factories.plan()
    owner = factories.member_of(factories.OrganisationFactory(province=province, **grants))
    text = client.sign_in(owner).page("/organisation").text
    assert [sentence for sentence in said if sentence not in text] == []


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("registered", "A curator of your province will verify"),
        ("lapsed", "Your verification has lapsed"),
    ],
)
def test_what_the_status_means_is_said(client: PageClient, status: str, sentence: str) -> None:
    owner = factories.member_of(factories.OrganisationFactory(status=status))
    assert sentence in client.sign_in(owner).page("/organisation").text


def test_members_of_a_suspended_organisation_learn_why(client: PageClient) -> None:
    suspended = factories.OrganisationFactory(status="suspended", suspension_reason="False papers.")
    text = client.sign_in(factories.member_of(suspended)).page("/organisation").text
    assert "False papers." in text
    assert suspended.contact_email not in text


def test_without_an_organisation_the_next_step_is_offered(client: PageClient) -> None:
    page = client.sign_in(factories.UserFactory()).page("/organisation")
    assert "You belong to no organisation yet" in page.text
    assert page.links.count("/register") == 1


def test_the_page_costs_the_same_with_many_members(
    own: PageClient, organisation: Organisation
) -> None:
    few = statements(lambda: own.page("/organisation"))
    for _ in range(30):
        factories.member_of(organisation, "viewer")
        factories.VerificationFactory(organisation=organisation, curator=factories.UserFactory())
    assert statements(lambda: own.page("/organisation")) == few


def test_a_visitor_is_sent_to_sign_in_and_back(
    client: PageClient, session: Session, owner: User
) -> None:
    assert client.get("/organisation").location == "/sign-in?next=/organisation"
