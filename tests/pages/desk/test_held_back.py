"""Neither organisation sees a pair that is held back; a released pair comes back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.recommendation.models import Suggestion
from tests import factories
from tests.client import PageClient
from tests.curation.conftest import pair


@pytest.fixture
def suggestion(app: Flask) -> Suggestion:
    return pair(need_title="Lithium from brine", capability_title="Membranes for salt lakes")


@pytest.fixture(params=["need", "capability"])
def side(
    app: Flask, suggestion: Suggestion, request: pytest.FixtureRequest
) -> tuple[PageClient, Any, Any]:
    """The browser of one side's owner, their own listing and the other's."""
    listings = {"need": suggestion.need, "capability": suggestion.capability}
    own = listings.pop(request.param)
    browser: PageClient = app.test_client()  # type: ignore[assignment]
    return browser.sign_in(factories.member_of(own.organisation)), own, listings.popitem()[1]


def hold_back(desk: PageClient, suggestion: Suggestion) -> None:
    path = f"/desk/suggestions/{suggestion.id}/hold-back"
    response = desk.submit(
        path,
        {"version": suggestion.version, "hold-reason": "sensitive", "hold-words": "Zirconfrost"},
    )
    assert response.status_code == 303


def partner_pages(own: Any) -> tuple[str, ...]:
    return "/partners", f"/listings/{own.id}", "/home"


def test_it_vanishes_from_every_page_of_both(
    desk: PageClient, suggestion: Suggestion, side: Any
) -> None:
    browser, own, other = side
    before = [path for path in partner_pages(own) if other.title in browser.page(path).text]
    assert "/partners" in before
    assert f"/listings/{own.id}" in before
    hold_back(desk, suggestion)
    assert [path for path in partner_pages(own) if other.title in browser.page(path).text] == []


def test_its_own_page_is_gone_and_nobody_can_act_on_it(
    desk: PageClient, suggestion: Suggestion, side: Any
) -> None:
    browser, _, _ = side
    hold_back(desk, suggestion)
    assert browser.get(f"/suggestions/{suggestion.id}").status_code == 404
    for verb in ("keep", "dismiss", "interest"):
        assert browser.submit(f"/suggestions/{suggestion.id}/{verb}").status_code == 404


def test_a_release_brings_it_back(desk: PageClient, suggestion: Suggestion, side: Any) -> None:
    browser, _, other = side
    hold_back(desk, suggestion)
    desk.submit(f"/desk/suggestions/{suggestion.id}/release", {"version": suggestion.version})
    assert other.title in browser.page("/partners").text


def test_the_curators_words_reach_no_organisation(
    desk: PageClient, suggestion: Suggestion, side: Any, session: Session
) -> None:
    browser, own, _ = side
    hold_back(desk, suggestion)
    suggestion.status = "new"  # even if the words were left behind
    session.commit()
    for path in (*partner_pages(own), f"/suggestions/{suggestion.id}"):
        assert "Zirconfrost" not in browser.get(path).text
