"""/desk/organisations/<id>/merge/<other>: two organisations compared, made one, and two again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.db import now
from matchmaker.organisations import queries
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient

WHY = "One licence, one seal."


@pytest.fixture
def kept(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_other="Qaidam Salt Institute")
    return found


@pytest.fixture
def twin(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(
        name_other="Qaidam Salt Institutes", unverified=True
    )
    factories.member_of(found, name="Olga Owner", email="olga@example.org")
    factories.need(organisation=found)
    return found


def path(kept: Organisation, twin: Organisation) -> str:
    return f"/desk/organisations/{kept.id}/merge/{twin.id}"


def send(browser: PageClient, kept: Organisation, twin: Organisation, **data: Any) -> Any:
    versions = {"version": kept.version, "other_version": twin.version}
    return browser.submit(path(kept, twin), {**versions, "reason": WHY, **data})


def test_the_desk_leads_to_the_comparison(
    desk: PageClient, kept: Organisation, twin: Organisation
) -> None:
    assert path(kept, twin) in desk.page(f"/desk/organisations/{kept.id}").links


def test_bodies_of_one_number_are_found_by_code(
    desk: PageClient, kept: Organisation, session: Session
) -> None:
    code = kept.uscc or ""
    other = factories.OrganisationFactory(name_other="Quite Another", uscc="1" + code[1:])
    assert path(kept, other) in desk.page(f"/desk/organisations/{kept.id}").links


def test_both_stand_side_by_side(desk: PageClient, kept: Organisation, twin: Organisation) -> None:
    text = desk.page(path(kept, twin)).text
    for word in (kept.uscc, twin.uscc, "Olga Owner, olga@example.org", "for 7 days"):
        assert word in text


def test_they_become_one_and_its_page_leads_to_the_other(
    desk: PageClient, session: Session, kept: Organisation, twin: Organisation
) -> None:
    response = send(desk, kept, twin)
    assert response.location == f"/desk/organisations/{kept.id}"
    assert "The two organisations are merged." in desk.page(response.location).text
    for room in ("", "/desk"):
        answer = desk.get(f"{room}/organisations/{twin.id}")
        assert answer.location == f"{room}/organisations/{kept.id}"


def test_they_become_two_again(
    desk: PageClient, session: Session, kept: Organisation, twin: Organisation
) -> None:
    send(desk, kept, twin)
    [done] = queries.merges_into(session, kept.id)
    response = desk.submit(f"/desk/mergers/{done.id}/undo", {})
    assert response.location == f"/desk/organisations/{twin.id}"
    assert WHY not in desk.page(f"/desk/organisations/{kept.id}").text


def test_after_a_week_no_button_undoes_it(desk: PageClient, kept: Organisation) -> None:
    done = factories.MergeFactory(kept=kept, at=now() - timedelta(days=8))
    page = desk.page(f"/desk/organisations/{kept.id}")
    assert done.reason in page.text
    assert "Undo the merger" not in page.text


def test_a_reason_is_asked_for(desk: PageClient, kept: Organisation, twin: Organisation) -> None:
    response = send(desk, kept, twin, reason=" ")
    assert response.status_code == 422
    assert "Why they are the same organisation: please fill this in." in response.text


def test_a_page_that_is_out_of_date_says_so(
    desk: PageClient, kept: Organisation, twin: Organisation
) -> None:
    assert send(desk, kept, twin, other_version=twin.version - 1).status_code == 409


def test_two_with_a_match_are_refused_and_the_reason_typed_stays(
    desk: PageClient, kept: Organisation, twin: Organisation
) -> None:
    factories.MatchFactory(
        need=factories.need(organisation=twin), capability=factories.capability(organisation=kept)
    )
    assert "The two have a match or an agreement" in desk.page(path(kept, twin)).text
    response = send(desk, kept, twin)
    assert response.status_code == 422
    assert "The two have a match or an agreement" in response.text
    assert WHY in response.text


def test_a_curator_of_one_province_cannot_merge_across(
    desk: PageClient, kept: Organisation
) -> None:
    other = factories.OrganisationFactory(name_other="Qaidam Salt Institutes", province="64")
    assert desk.get(path(kept, other)).status_code == 404
    page = desk.page(f"/desk/organisations/{kept.id}")
    assert "Qaidam Salt Institutes" in page.text
    assert path(kept, other) not in page.links
