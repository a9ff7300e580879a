"""Must-haves on the page of a match: asked by one side, answered by the other."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.cooperation.models import Match
from matchmaker.recommendation.models import Question
from tests import factories
from tests.client import PageClient

MUST = "Works at 4,500 m"
ANSWER = {"place": "0", "must0-must_have": MUST, "must0-verdict": "met", "must0-words": "In Naqu."}


@pytest.fixture
def match(app: Flask, session: Session) -> Match:
    need = factories.need(title="Lithium from brine", must_haves=[MUST, "At least 90 %"])
    capability = factories.capability(title="Sorbent columns")
    found = factories.MatchFactory(need=need, capability=capability)
    session.commit()
    return found


@pytest.fixture
def asker(match: Match) -> User:
    return factories.member_of(match.need.organisation)


@pytest.fixture
def teller(match: Match) -> User:
    return factories.member_of(match.capability.organisation)


def ask(client: PageClient, match: Match, asker: User) -> None:
    client.sign_in(asker)
    assert client.submit(f"/matches/{match.id}/ask", {"must_have": [MUST]}).status_code == 303


def test_one_side_asks_and_the_other_answers(
    client: PageClient, match: Match, asker: User, teller: User
) -> None:
    ask(client, match, asker)
    page = client.get(f"/matches/{match.id}").text
    assert page.count('name="must_have"') == 1, "the other one may still be asked"
    client.sign_in(teller)
    assert "asked on" in client.page(f"/matches/{match.id}").text
    assert client.submit(f"/matches/{match.id}/answer", ANSWER).status_code == 303
    client.sign_in(asker)
    page = client.page(f"/matches/{match.id}").text
    assert "In Naqu." in page
    assert match.capability.organisation.name_other in page


def test_the_answer_stands_on_the_pages_of_the_pair(
    client: PageClient, session: Session, match: Match, teller: User
) -> None:
    read = [{"text": MUST, "status": "unknown", "sentence": ""}]
    suggestion = factories.SuggestionFactory(
        need=match.need, capability=match.capability, requirements=read
    )
    session.commit()
    client.sign_in(teller)
    client.submit(f"/matches/{match.id}/answer", ANSWER)
    assert "In Naqu." in client.page(f"/suggestions/{suggestion.id}").text


def test_who_wants_to_goes_on_to_the_form_of_the_listing(
    client: PageClient, session: Session, match: Match, teller: User
) -> None:
    client.sign_in(teller)
    response = client.submit(f"/matches/{match.id}/answer", {**ANSWER, "must0-joins": "y"})
    question = session.scalars(select(Question)).one()
    assert response.location == f"/listings/{match.capability_id}/edit?answer={question.id}"
    form = client.page(response.location).text
    assert f"{MUST}: In Naqu." in form
    assert "What you change is reviewed again." in form


def test_an_answer_is_put_into_no_other_listing(
    client: PageClient, session: Session, match: Match, teller: User
) -> None:
    client.sign_in(teller)
    client.submit(f"/matches/{match.id}/answer", ANSWER)
    question = session.scalars(select(Question)).one()
    stranger = factories.member_of(factories.OrganisationFactory(eastern=True))
    other = factories.capability(organisation=stranger_organisation(session, stranger))
    session.commit()
    client.sign_in(stranger)
    text = client.page(f"/listings/{other.id}/edit?answer={question.id}").text
    assert "In Naqu." not in text


def stranger_organisation(session: Session, user: User) -> factories.Organisation:
    return session.scalars(
        select(factories.Organisation)
        .join(factories.Membership)
        .where(factories.Membership.user_id == user.id)
    ).one()


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"must0-words": ""}, "In your own words"), ({"must0-verdict": "perhaps"}, "Is it met?")],
)
def test_a_fault_is_named_and_what_was_typed_stays(
    client: PageClient, match: Match, teller: User, changed: dict[str, str], named: str
) -> None:
    client.sign_in(teller)
    response = client.submit(f"/matches/{match.id}/answer", {**ANSWER, **changed})
    assert response.status_code == 422
    assert f"{named}: " in response.text
    assert changed.get("must0-words", "In Naqu.") in response.text


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("ask", {"must_have": ["Never said"]}),
        ("answer", {**ANSWER, "must0-must_have": "Never said"}),
    ],
)
def test_what_the_need_does_not_say_is_a_conflict(
    client: PageClient, match: Match, asker: User, teller: User, path: str, sent: dict[str, str]
) -> None:
    client.sign_in(asker if path == "ask" else teller)
    assert client.submit(f"/matches/{match.id}/{path}", sent).status_code == 409


def test_asking_nothing_is_said(client: PageClient, match: Match, asker: User) -> None:
    client.sign_in(asker)
    response = client.submit(f"/matches/{match.id}/ask")
    assert response.status_code == 422
    assert "choose at least one" in response.text


@pytest.mark.parametrize("place", ["x", "-5", "99999999999", ""])
def test_a_place_that_is_none_is_no_fault_of_ours(
    client: PageClient, match: Match, teller: User, place: str
) -> None:
    client.sign_in(teller)
    response = client.submit(f"/matches/{match.id}/answer", {**ANSWER, "place": place})
    assert response.status_code in (303, 422)


def test_who_is_not_verified_reads_no_must_have(
    client: PageClient, session: Session, match: Match, teller: User
) -> None:
    match.capability.organisation.status = "registered"
    session.commit()
    client.sign_in(teller)
    assert MUST not in client.page(f"/matches/{match.id}").text
