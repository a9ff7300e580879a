"""Home: what waits, what is new, where things stand, and the next step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.agreements.terms import Payment
from matchmaker.cooperation.models import Interest
from matchmaker.db import now, today
from matchmaker.listings.models import WorkingText
from matchmaker.notices import service as notices
from matchmaker.organisations.models import Organisation
from matchmaker.recommendation.models import Question
from tests import factories
from tests.client import PageClient
from tests.counting import statements
from tests.factories import capability, need


@pytest.fixture
def west(session: Session) -> Organisation:
    return factories.OrganisationFactory()


def at_home(client: PageClient, organisation: Organisation, role: str = "owner") -> str:
    return client.sign_in(factories.member_of(organisation, role)).page("/home").text


def test_a_match_to_answer_waits(client: PageClient, west: Organisation) -> None:
    asked = factories.MatchFactory(need=need(organisation=west))
    text = at_home(client, west)
    assert asked.capability.title in text
    assert "answer by" in text


def test_a_match_that_waits_for_the_other_side_does_not(
    client: PageClient, session: Session, west: Organisation
) -> None:
    match = factories.MatchFactory(need=need(organisation=west))
    session.add(
        Interest(
            match_id=match.id, side="need", user_id=factories.UserFactory().id, message="", at=now()
        )
    )
    session.commit()
    assert "Nothing to answer at the moment." in at_home(client, west)


def test_requested_changes_wait(client: PageClient, west: Organisation) -> None:
    listing = need(organisation=west, status="changes_requested")
    waiting = at_home(client, west).split("New suggested partners", 1)[0]
    assert listing.title in waiting


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"title": ["New"]}, "", "a change is written but not sent"),
        ({}, "changes_requested", "a curator asks for changes to the text that you sent"),
    ],
)
def test_changes_of_a_published_listing_wait(
    client: PageClient,
    session: Session,
    west: Organisation,
    typed: dict[str, list[str]],
    status: str,
    said: str,
) -> None:
    listing = need(organisation=west)
    session.add(
        WorkingText(
            listing_id=listing.id,
            author_id=listing.author_id,
            typed=typed,
            content={"title": "New"} if status else None,
            status=status,
            at=now(),
        )
    )
    session.commit()
    assert said in at_home(client, west)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"deadline": today() + timedelta(days=14)}, "shown until"),
        ({"deadline": today() + timedelta(days=15)}, ""),
        ({"deadline": today() - timedelta(days=3), "status": "expired"}, "shown until"),
        ({"deadline": today() - timedelta(days=31), "status": "expired"}, ""),
        ({"confirmed_at": now() - timedelta(days=180)}, "is it still open?"),
        ({"confirmed_at": now() - timedelta(days=179)}, ""),
    ],
)
def test_what_should_be_renewed_waits(
    client: PageClient, west: Organisation, fields: dict[str, object], said: str
) -> None:
    listing = need(organisation=west, **fields)
    waiting = at_home(client, west).split("New suggested partners", 1)[0]
    assert (listing.title in waiting, said in waiting) == (bool(said), True)


def test_questions_about_must_haves_wait_until_they_are_answered(
    client: PageClient, session: Session
) -> None:
    found = factories.SuggestionFactory()
    factories.MatchFactory(need=found.need, capability=found.capability, status="mutual")
    question = Question(suggestion_id=found.id, must_have="90 %", asked_at=now())
    session.add(question)
    session.commit()
    east = found.capability.organisation
    assert "1 question about must-haves" in at_home(client, east)
    question.verdict = "yes"
    session.commit()
    assert "1 question about must-haves" not in at_home(client, east)


@pytest.mark.parametrize(("due", "waits"), [(-1, True), (0, False)])
def test_an_overdue_payment_waits_for_both_sides(
    client: PageClient, session: Session, west: Organisation, due: int, waits: bool
) -> None:
    match = factories.MatchFactory(need=need(organisation=west), status="agreed")
    agreement = factories.agreement_in_force(match, factories.member_of(west))
    agreement.payments_made = []
    agreed = factories.terms(
        "pilot_scale", payments=[Payment("first stage", 1000, today() + timedelta(days=due))]
    )
    agreement.versions[0].content = agreed.to_json()
    session.commit()
    for side in (west, match.capability.organisation):
        assert ("first stage" in at_home(client, side)) is waits


def test_new_partners_are_named(client: PageClient, west: Organisation) -> None:
    found = factories.SuggestionFactory(need=need(organisation=west))
    text = at_home(client, west)
    assert found.capability.title in text
    assert "1 new in the last two weeks" in text


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "held_back"},
        {"band": "weak"},
        {"is_current": False},
        {"created_at": now() - timedelta(days=15)},
    ],
)
def test_what_is_hidden_weak_or_old_is_not_new(
    client: PageClient, west: Organisation, fields: dict[str, object]
) -> None:
    found = factories.SuggestionFactory(need=need(organisation=west), **fields)
    text = at_home(client, west)
    assert found.capability.title not in text
    assert "None in the last two weeks." in text


def test_listings_come_with_their_numbers(client: PageClient, west: Organisation) -> None:
    listing = need(organisation=west, title="Only one")
    factories.SuggestionFactory(need=listing)
    factories.SuggestionFactory(need=listing)
    factories.SuggestionFactory(need=listing, status="held_back")
    factories.MatchFactory(need=listing, mutual=True)
    assert "Only one Published 2 1" in at_home(client, west)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("registered", "will verify your organisation"), ("lapsed", "Your verification has lapsed")],
)
def test_the_state_of_verification_is_said(
    client: PageClient, session: Session, west: Organisation, status: str, expected: str
) -> None:
    west.status = status
    session.commit()
    assert expected in at_home(client, west)


@pytest.mark.parametrize(("days", "said"), [(30, True), (200, False)])
def test_a_verification_that_runs_out_is_said(
    client: PageClient, session: Session, west: Organisation, days: int, said: bool
) -> None:
    west.verified_until = today() + timedelta(days=days)
    session.commit()
    assert ("Your verification is valid until" in at_home(client, west)) is said


def test_unread_notices_are_shown(client: PageClient, session: Session, west: Organisation) -> None:
    owner = factories.member_of(west)
    notices.notify(session, [owner], "listing.published", "/listings/1", title="Our brine")
    session.commit()
    assert "“Our brine” is published" in client.sign_in(owner).page("/home").text


def test_an_empty_home_offers_the_next_step(client: PageClient, west: Organisation) -> None:
    factories.plan()
    page = client.sign_in(factories.member_of(west)).page("/home")
    assert "/listings/new/need" in page.links


def test_a_viewer_is_offered_nothing_they_may_not_do(
    client: PageClient, west: Organisation
) -> None:
    page = client.sign_in(factories.member_of(west, "viewer")).page("/home")
    assert not [link for link in page.links if link.startswith("/listings/new")]


def test_who_has_no_organisation_learns_how_to_get_one(
    client: PageClient, session: Session
) -> None:
    page = client.sign_in(factories.UserFactory()).page("/home")
    assert "You belong to no organisation yet" in page.text
    assert "/register" in page.links


def test_members_of_a_suspended_organisation_learn_it(
    client: PageClient, session: Session, west: Organisation
) -> None:
    west.status = "suspended"
    session.commit()
    text = at_home(client, west)
    assert f"{west.name_other} is suspended" in text
    assert "You belong to no organisation yet" not in text


def test_a_curator_sees_what_waits_at_the_desk(client: PageClient, session: Session) -> None:
    factories.OrganisationFactory(unverified=True)
    page = client.sign_in(factories.provincial_curator("63")).page("/home")
    assert "Organisations to verify 1" in page.text
    assert "/desk" in page.links


@pytest.mark.parametrize("role", ["evaluator", "administrator"])
def test_staff_without_organisation_are_not_asked_to_register(
    client: PageClient, session: Session, role: str
) -> None:
    page = client.sign_in(factories.staff(role)).page("/home")
    assert "/register" not in page.links


def test_a_visitor_is_sent_to_sign_in(client: PageClient, session: Session) -> None:
    assert client.get("/home").status_code == 303


def test_as_many_queries_for_200_rows_as_for_20(
    client: PageClient, session: Session, west: Organisation
) -> None:
    client.sign_in(factories.member_of(west))
    asked, offered = need(organisation=west), capability()
    suggestion = factories.SuggestionFactory(need=asked, capability=offered)
    match = factories.MatchFactory(need=asked, capability=offered)

    def add(number: int) -> None:
        ids = {
            "need_id": factories.listings_like(asked, number),
            "capability_id": factories.listings_like(offered, number),
        }
        factories.copies(suggestion, number, **ids)
        factories.copies(match, number, **ids)

    add(20)
    few = statements(lambda: client.page("/home"))
    add(180)
    assert statements(lambda: client.page("/home")) == few
