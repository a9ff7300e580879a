"""A listing written one thing at a time, without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.listings.models import Listing
from matchmaker.recommendation.preview import Partner, Preview
from tests.client import Page, PageClient
from tests.listings.conftest import complete, loaded, published
from tests.pages.listings.conftest import typed

NEED = "/listings/new/need"
TEXT = "水温低于10℃时颗粒污泥上浮。\r\n要求8℃条件下COD去除率不低于80%。\r\n预算80-150万元。"


def only(session: Session) -> Listing:
    return loaded(session.scalars(select(Listing)).one())


def begin(home: PageClient, **said: Any) -> str:
    """Send the first step, and return the address of the draft's form."""
    sent = {"step": "words", "title": "淀粉废水", "description": TEXT, "action": "next", **said}
    response = home.submit(NEED, sent)
    assert response.status_code == 303
    return str(response.location)


def test_each_step_leads_to_the_next_and_keeps_the_others(
    home: PageClient, session: Session
) -> None:
    address = begin(home)
    assert address.endswith("?step=understood")
    base = address.split("?")[0]
    for step, fields, following in (
        ("understood", {"goal": "technology_transfer", "modes": ["pilot_scale"]}, "details"),
        ("details", {"province": "63", "trl": "6级"}, "partners"),
        ("partners", {}, "check"),
    ):
        version = only(session).version
        sent = {"step": step, "version": version, "action": "next", **fields}
        assert home.submit(base, sent).location == f"{base}?step={following}"
    draft = only(session)
    assert (draft.title, draft.goal, draft.trl) == ("淀粉废水", "technology_transfer", 6)
    assert draft.description == TEXT.replace("\r\n", "\n")
    check = home.page(f"{base}?step=check").text
    assert "Still to be filled in before a review: Summary" in check
    sent = {"step": "check", "version": draft.version, "action": "submit"}
    assert home.submit(base, sent).status_code == 422
    assert only(session).status == "draft"


@pytest.mark.parametrize(("action", "taken"), [("next", False), ("all", True)])
def test_proposals_are_taken_by_a_click(
    home: PageClient, session: Session, *, action: str, taken: bool
) -> None:
    address = begin(home)
    page = home.get(address).text
    offer = "must_haves=要求8℃条件下COD去除率不低于80%"
    assert f'name="take" value="{offer}"' in page
    sent = {
        "step": "understood",
        "version": only(session).version,
        "offer": [offer, "budget_max=150万"],
        "action": action,
    }
    home.submit(address.split("?")[0], sent)
    draft = only(session)
    assert [line.text for line in draft.requirements] == (
        ["要求8℃条件下COD去除率不低于80%"] if taken else []
    )
    assert draft.budget_max == (1_500_000 if taken else None)


def test_a_wrong_value_is_kept_and_said_before_going_on(home: PageClient, session: Session) -> None:
    base = begin(home).split("?")[0]
    sent = {"step": "details", "version": only(session).version, "trl": "many", "action": "next"}
    response = home.submit(base, sent)
    assert response.status_code == 422
    assert "Readiness level (TRL): enter a whole number." in Page(response.text).text
    assert 'value="many"' in home.get(f"{base}?step=details").text


@pytest.mark.parametrize("step", ["words", "understood", "details", "partners", "check"])
@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_every_step_opens_in_every_language(home: PageClient, step: str, language: str) -> None:
    base = begin(home).split("?")[0]
    home.speak(language).page(f"{base}?step={step}")


def test_both_forms_lead_to_each_other(home: PageClient) -> None:
    assert f"{NEED}?step=whole" in home.page(NEED).links
    assert NEED in home.page(f"{NEED}?step=whole").links


def test_the_partners_of_a_draft_are_shown_and_not_stored(
    home: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = begin(home).split("?")[0]
    assert "once the listing is published" in home.page(f"{base}?step=partners").text
    other = published(title="Granular sludge")
    found = Preview([Partner(other, "strong", 87)], more=3)
    monkeypatch.setattr(
        "matchmaker.pages.listings.edit.partners_for", lambda *_rest, **_improved: found
    )
    page = home.page(f"{base}?step=partners")
    assert "Granular sludge" in page.text
    assert "87" in page.text
    assert "Must have" in page.text
    assert "3 more partners qualify" in page.text


def test_the_whole_form_offers_what_the_text_says(home: PageClient) -> None:
    sent = typed(complete(description=TEXT, language="zh"), action="propose")
    page = home.submit(NEED, sent)
    assert page.status_code == 200
    assert "Your text says" in Page(page.text).text
