"""Proposing a pair to both sides."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation.models import Match
from matchmaker.notices.models import OutboxMail
from matchmaker.recommendation.models import Suggestion
from tests import factories
from tests.client import Page, PageClient
from tests.curation.conftest import pair


@pytest.fixture
def suggestion(app: Any) -> Suggestion:
    """A pair whose organisations have an owner each."""
    found = pair()
    factories.member_of(found.need.organisation, email="west@example.org")
    factories.member_of(found.capability.organisation, email="east@example.org")
    return found


def propose(
    browser: PageClient, suggestion: Suggestion, note: str = "Please talk.", version: int = 0
) -> Any:
    data = {"version": version or suggestion.version, "propose-note": note}
    return browser.submit(f"/desk/suggestions/{suggestion.id}/propose", data)


def test_both_sides_are_asked(desk: PageClient, suggestion: Suggestion, session: Session) -> None:
    propose(desk, suggestion)
    match = session.scalars(select(Match)).one()
    assert (match.status, match.proposal_note) == ("proposed", "Please talk.")
    mails = session.scalars(select(OutboxMail)).all()
    assert {(mail.recipient, mail.kind, mail.path) for mail in mails} == {
        ("west@example.org", "match.proposed", f"/matches/{match.id}"),
        ("east@example.org", "match.proposed", f"/matches/{match.id}"),
    }


def test_it_counts_as_shortlisting(desk: PageClient, suggestion: Suggestion) -> None:
    propose(desk, suggestion)
    assert suggestion.status == "shortlisted"


def test_suggestion_and_match_both_have_it_in_their_history(
    desk: PageClient, suggestion: Suggestion, session: Session
) -> None:
    propose(desk, suggestion)
    actions = session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
    assert {"suggestion.propose", "match.propose"} <= set(actions)


def test_without_a_note_nobody_is_asked(
    desk: PageClient, suggestion: Suggestion, session: Session
) -> None:
    assert propose(desk, suggestion, note=" ").status_code == 422
    assert session.scalars(select(Match)).all() == []


def test_the_second_curator_reads_that_it_was_proposed(
    desk: PageClient, elsewhere: PageClient, suggestion: Suggestion, session: Session
) -> None:
    seen = suggestion.version
    propose(desk, suggestion)
    response = propose(elsewhere, suggestion, version=seen)
    assert response.status_code == 409
    assert "Li Na : proposed the pair to both sides" in Page(response.text).text
    assert len(session.scalars(select(Match)).all()) == 1


def test_a_listing_taken_down_meanwhile_is_not_proposed(
    desk: PageClient, suggestion: Suggestion, session: Session
) -> None:
    suggestion.capability.status = "paused"
    assert propose(desk, suggestion).status_code == 422
    assert session.scalars(select(Match)).all() == []


def test_its_page_then_leads_to_the_match(
    desk: PageClient, suggestion: Suggestion, session: Session
) -> None:
    propose(desk, suggestion)
    match = session.scalars(select(Match)).one()
    page = desk.page(f"/desk/suggestions/{suggestion.id}")
    assert f"/matches/{match.id}" in page.links
    assert "Propose to both sides" not in page.text


@pytest.mark.parametrize("status", ["declined", "expired"])
def test_after_a_match_ended_it_can_be_proposed_again(
    desk: PageClient, suggestion: Suggestion, session: Session, status: str
) -> None:
    ended = factories.MatchFactory(
        need=suggestion.need, capability=suggestion.capability, status=status
    )
    propose(desk, suggestion)
    assert (ended.status, ended.nudged_at) == ("proposed", None)
