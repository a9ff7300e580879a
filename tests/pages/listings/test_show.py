"""A listing's page: what it says to whom, and what its organisation can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.db import db, today
from matchmaker.listings.models import Listing, Requirement
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import loaded, published

SECRETS = {
    "members": (
        "descriptionword",
        "mustword",
        "niceword",
        "evidenceword",
        "deploymentword",
        "CNY 1,234,000",
        "Engineer",
    ),
    "matched": ("contactword",),
    "confidential": ("annexword",),
}


@pytest.fixture
def listing(app: Flask, organisation: Organisation) -> Listing:
    """A published need with a rare word in every private field."""
    organisation.contact_name = "contactword"
    found = published(
        organisation=organisation,
        title="Brine",
        description="descriptionword",
        must_haves=["mustword"],
        evidence="evidenceword",
        deployments="deploymentword",
        annex="annexword",
        budget_min=1_234_000,
        talent_kind="engineer",
    )

    found.requirements.append(Requirement(position=9, must=False, text="niceword"))
    db.session.commit()
    return found


def member() -> User:
    return factories.member_of(factories.OrganisationFactory(eastern=True))


READERS: dict[str, tuple[Callable[[], User] | None, str]] = {
    "visitor": (None, "public"),
    "without an organisation": (factories.UserFactory, "public"),
    "unverified": (
        lambda: factories.member_of(factories.OrganisationFactory(unverified=True)),
        "public",
    ),
    "member": (member, "members"),
    "curator in charge": (lambda: factories.provincial_curator("63"), "members"),
    "curator elsewhere": (lambda: factories.provincial_curator("37"), "members"),
    "evaluator": (lambda: factories.staff("evaluator"), "members"),
}
ORDER = ("public", "members", "matched", "confidential")


@pytest.mark.parametrize("reader", READERS)
def test_a_private_word_is_on_no_page_of_who_may_not_read_it(
    client: PageClient, listing: Listing, reader: str
) -> None:
    make, tier = READERS[reader]
    if make:
        client.sign_in(make())
    pages = ("/listings", f"/organisations/{listing.organisation_id}/listings")
    whole = client.page(f"/listings/{listing.id}").text
    lists = [client.page(path).text for path in pages]
    for words_tier, words in SECRETS.items():
        allowed = ORDER.index(words_tier) <= ORDER.index(tier)
        for word in words:
            assert (word in whole) == allowed, word
            assert all(word not in text for text in lists), word
            found = "Brine" in client.page(f"/listings?q={word}").text
            assert found <= allowed, f"{word} finds the listing"


def test_its_own_organisation_reads_everything(home: PageClient, listing: Listing) -> None:
    text = home.page(f"/listings/{listing.id}").text
    assert all(word in text for words in SECRETS.values() for word in words)


@pytest.mark.parametrize(
    "status", ["draft", "in_review", "changes_requested", "paused", "expired", "closed"]
)
@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        ("visitor", False),
        ("member", False),
        ("curator elsewhere", False),
        ("curator in charge", True),
    ],
)
def test_what_is_not_published_is_not_there(
    client: PageClient, organisation: Organisation, status: str, reader: str, sees: bool
) -> None:
    hidden = factories.need(organisation=organisation, status=status)
    make, _ = READERS[reader]
    if make:
        client.sign_in(make())
    assert client.get(f"/listings/{hidden.id}").status_code == (200 if sees else 404)


def test_absent_and_forbidden_look_alike(client: PageClient, organisation: Organisation) -> None:
    hidden = factories.need(organisation=organisation, draft=True)
    absent, forbidden = (
        client.page("/listings/999999", 404),
        client.page(f"/listings/{hidden.id}", 404),
    )
    assert (absent.title, absent.text) == (forbidden.title, forbidden.text)


def test_a_number_too_large_for_a_row_is_not_there(client: PageClient) -> None:
    assert client.get("/listings/99999999999999999999").status_code == 404


def test_a_visitor_is_told_what_members_read(client: PageClient, listing: Listing) -> None:
    page = client.page(f"/listings/{listing.id}")
    assert "Members of verified organisations also read" in page.text
    assert f"/sign-in?next=/listings/{listing.id}" in page.links


def test_a_member_is_told_of_the_annex_without_its_words(
    client: PageClient, listing: Listing
) -> None:
    text = client.sign_in(member()).page(f"/listings/{listing.id}").text
    assert "There is a confidential annex." in text


def test_the_title_stands_in_its_own_language(client: PageClient) -> None:
    listing = published(title="盐湖提锂", language="zh")
    assert '<h1 lang="zh-Hans">盐湖提锂</h1>' in client.get(f"/listings/{listing.id}").text


def test_markdown_is_rendered_and_made_safe(home: PageClient, organisation: Organisation) -> None:
    listing = published(
        organisation=organisation,
        description="**strong** <script>x</script> [x](javascript:alert(1))",
    )
    html = home.get(f"/listings/{listing.id}").text
    assert "<strong>strong</strong>" in html
    assert "<script>x" not in html
    assert 'href="javascript' not in html


def test_text_that_looks_like_html_stays_text(client: PageClient) -> None:
    listing = published(title="<b>bold</b>", summary="<img src=x>")
    html = client.get(f"/listings/{listing.id}").text
    assert "<b>bold" not in html
    assert "<img" not in html


NO_MOVES = {
    "copy": False,
    "delete": False,
    "submit": False,
    "pause": False,
    "resume": False,
    "renew": False,
    "close": False,
    "edit": False,
}


@pytest.mark.parametrize(
    ("status", "late", "offered"),
    [
        ("draft", False, {"copy", "delete", "edit"}),
        ("in_review", False, {"copy", "close", "edit"}),
        ("changes_requested", False, {"copy", "delete", "edit"}),
        ("published", False, {"copy", "pause", "renew", "close", "edit"}),
        ("paused", False, {"copy", "resume", "close", "edit"}),
        ("paused", True, {"copy", "renew", "close", "edit"}),
        ("expired", True, {"copy", "renew", "close", "edit"}),
        ("closed", False, set()),
    ],
)
def test_its_organisation_is_offered_what_its_state_allows(
    home: PageClient, organisation: Organisation, status: str, late: bool, offered: set[str]
) -> None:
    deadline = today() + timedelta(days=-3 if late else 3)
    listing = factories.need(
        organisation=organisation, status=status, deadline=deadline, summary=""
    )
    html = home.get(f"/listings/{listing.id}").text
    assert {verb for verb in NO_MOVES if f'/listings/{listing.id}/{verb}"' in html} == offered


def test_its_organisation_and_its_curators_see_the_history_and_others_do_not(
    client: PageClient, home: PageClient, organisation: Organisation
) -> None:
    listing = factories.need(organisation=organisation)
    home.submit(f"/listings/{listing.id}/pause", {"version": listing.version})
    home.submit(f"/listings/{listing.id}/resume", {"version": loaded(listing).version})
    for user, sees in (
        (factories.member_of(organisation, "viewer"), True),
        (factories.provincial_curator("63"), True),
        (factories.provincial_curator("37"), False),
        (member(), False),
    ):
        text = client.sign_in(user).page(f"/listings/{listing.id}").text
        assert ("paused the listing" in text) == sees


def test_a_viewer_is_offered_nothing(client: PageClient, organisation: Organisation) -> None:
    listing = factories.need(organisation=organisation)
    html = (
        client.sign_in(factories.member_of(organisation, "viewer"))
        .get(f"/listings/{listing.id}")
        .text
    )
    assert "What happens next" not in html


@pytest.mark.parametrize(
    ("verb", "status", "sent", "then"),
    [
        ("pause", "published", {}, "paused"),
        ("resume", "paused", {}, "published"),
        ("renew", "expired", {"deadline": str(today() + timedelta(days=9))}, "published"),
        ("close", "published", {"reason": "solved_here"}, "closed"),
    ],
)
def test_a_move_by_its_button(
    home: PageClient,
    organisation: Organisation,
    verb: str,
    status: str,
    sent: dict[str, Any],
    then: str,
) -> None:
    listing = factories.need(organisation=organisation, status=status)
    response = home.submit(f"/listings/{listing.id}/{verb}", {"version": listing.version, **sent})
    assert (response.status_code, loaded(listing).status) == (303, then)


@pytest.mark.parametrize(
    ("verb", "status", "sent", "sentence"),
    [
        ("renew", "expired", {"deadline": ""}, "New deadline: please fill this in."),
        (
            "renew",
            "expired",
            {"deadline": "2020-01-01"},
            "New deadline: this date is in the past. Choose a later date.",
        ),
        ("renew", "expired", {"deadline": "x"}, "New deadline: a date such as 2026-11-23."),
        ("close", "published", {}, "Why is it closed?: please choose."),
    ],
)
def test_a_faulty_move_says_what_is_wrong(
    home: PageClient,
    organisation: Organisation,
    verb: str,
    status: str,
    sent: dict[str, Any],
    sentence: str,
) -> None:
    listing = factories.need(organisation=organisation, status=status)
    response = home.submit(f"/listings/{listing.id}/{verb}", {"version": listing.version, **sent})
    assert (response.status_code, loaded(listing).status) == (422, status)
    assert sentence in response.text


def test_a_move_after_somebody_elses_is_a_conflict(
    home: PageClient, organisation: Organisation
) -> None:
    listing = factories.need(organisation=organisation)
    seen = listing.version
    home.submit(f"/listings/{listing.id}/pause", {"version": seen})
    response = home.submit(
        f"/listings/{listing.id}/close", {"version": seen, "reason": "solved_here"}
    )
    assert response.status_code == 409
    assert "paused the listing" in response.text
