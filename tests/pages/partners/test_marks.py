"""Keep, put aside, take back: done at once, for one's own organisation only."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from tests import factories
from tests.client import PageClient, without_tokens


@pytest.fixture
def suggestion(session: Session) -> Suggestion:
    return factories.SuggestionFactory()


def marks(session: Session) -> list[tuple[int, str, str]]:
    found = session.scalars(select(SuggestionMark).execution_options(populate_existing=True))
    return [(mark.organisation_id, mark.mark, mark.reason) for mark in found]


@pytest.mark.parametrize("role", ["owner", "editor"])
def test_keeping(client: PageClient, session: Session, suggestion: Suggestion, role: str) -> None:
    client.sign_in(factories.member_of(suggestion.need.organisation, role))
    response = client.submit(
        f"/suggestions/{suggestion.id}/keep", {"next": "/partners?band=strong"}
    )
    assert response.status_code == 303
    assert response.location == f"/partners?band=strong#suggestion-{suggestion.id}"
    assert marks(session) == [(suggestion.need.organisation_id, "kept", "")]


def test_keeping_twice_is_recorded_once(
    client: PageClient, session: Session, suggestion: Suggestion
) -> None:
    client.sign_in(factories.member_of(suggestion.need.organisation))
    for _ in range(2):
        client.submit(f"/suggestions/{suggestion.id}/keep")
    records = session.scalars(
        select(AuditRecord).where(AuditRecord.action == "suggestion.keep")
    ).all()
    assert len(records) == 1


def test_not_keeping_any_more(client: PageClient, session: Session, suggestion: Suggestion) -> None:
    client.sign_in(factories.member_of(suggestion.need.organisation))
    client.submit(f"/suggestions/{suggestion.id}/keep")
    client.submit(f"/suggestions/{suggestion.id}/unkeep")
    assert marks(session) == []


def test_putting_aside_offers_to_undo_it(
    client: PageClient, session: Session, suggestion: Suggestion
) -> None:
    client.sign_in(factories.member_of(suggestion.need.organisation))
    client.submit(
        f"/suggestions/{suggestion.id}/dismiss", {"reason": "irrelevant", "next": "/partners"}
    )
    assert marks(session) == [(suggestion.need.organisation_id, "dismissed", "irrelevant")]
    page = client.page("/partners")
    assert "Put aside. Undo" in page.text
    assert suggestion.capability.title not in page.text
    client.submit(f"/suggestions/{suggestion.id}/restore")
    assert suggestion.capability.title in client.page("/partners").text


@pytest.mark.parametrize("reason", ["", "nonsense"])
def test_putting_aside_needs_a_reason_of_the_list(
    client: PageClient, session: Session, suggestion: Suggestion, reason: str
) -> None:
    client.sign_in(factories.member_of(suggestion.need.organisation))
    assert (
        client.submit(f"/suggestions/{suggestion.id}/dismiss", {"reason": reason}).status_code
        == 422
    )
    assert marks(session) == []


def test_the_other_side_does_not_see_that_we_put_it_aside(
    client: PageClient, suggestion: Suggestion
) -> None:
    client.sign_in(factories.member_of(suggestion.need.organisation))
    client.submit(f"/suggestions/{suggestion.id}/dismiss", {"reason": "irrelevant"})
    client.sign_in(factories.member_of(suggestion.capability.organisation))
    for path in (
        "/partners",
        f"/listings/{suggestion.capability_id}",
        f"/suggestions/{suggestion.id}",
    ):
        text = client.page(path).text
        assert suggestion.need.title in text, path
        assert "Not relevant" not in text.replace("Choose… Not relevant", ""), path


@pytest.mark.parametrize("verb", ["keep", "unkeep", "dismiss", "restore", "interest"])
@pytest.mark.parametrize("who", ["viewer", "stranger", "curator"])
def test_who_may_not_answer_gets_a_404(
    client: PageClient, suggestion: Suggestion, verb: str, who: str
) -> None:
    user = {
        "viewer": lambda: factories.member_of(suggestion.need.organisation, "viewer"),
        "stranger": lambda: factories.member_of(factories.OrganisationFactory()),
        "curator": lambda: factories.provincial_curator("63"),
    }[who]()
    client.sign_in(user)
    assert (
        client.submit(f"/suggestions/{suggestion.id}/{verb}", {"reason": "irrelevant"}).status_code
        == 404
    )


def test_a_visitor_is_asked_to_sign_in(client: PageClient, suggestion: Suggestion) -> None:
    assert client.submit(f"/suggestions/{suggestion.id}/keep").status_code == 401


@pytest.mark.parametrize("verb", ["keep", "dismiss", "interest"])
def test_what_is_held_back_looks_absent(
    client: PageClient, session: Session, suggestion: Suggestion, verb: str
) -> None:
    suggestion.status = "held_back"
    session.commit()
    client.sign_in(factories.member_of(suggestion.need.organisation))
    held = client.submit(f"/suggestions/{suggestion.id}/{verb}", {"reason": "irrelevant"})
    absent = client.submit(f"/suggestions/999999/{verb}", {"reason": "irrelevant"})
    assert held.status_code == absent.status_code
    assert without_tokens(held.text) == without_tokens(absent.text)


def test_who_has_expressed_interest_withdraws_it_first(
    client: PageClient, session: Session, suggestion: Suggestion
) -> None:
    client.sign_in(factories.member_of(suggestion.need.organisation))
    client.submit(f"/suggestions/{suggestion.id}/interest", {"message": ""})
    assert (
        client.submit(f"/suggestions/{suggestion.id}/dismiss", {"reason": "irrelevant"}).status_code
        == 422
    )
    assert marks(session) == [(suggestion.need.organisation_id, "interested", "")]


def test_leading_off_this_site_is_ignored(client: PageClient, suggestion: Suggestion) -> None:
    client.sign_in(factories.member_of(suggestion.need.organisation))
    response = client.submit(f"/suggestions/{suggestion.id}/keep", {"next": "//evil.example/x"})
    assert response.location.startswith("/suggestions/")
