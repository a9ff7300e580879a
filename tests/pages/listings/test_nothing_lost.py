"""Nothing typed is lost: kept by itself, in another language, sent twice, by two people."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matchmaker.audit.models import AuditRecord
from matchmaker.listings import service
from matchmaker.listings.models import Listing
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from tests import factories
from tests.client import Page, PageClient
from tests.listings.conftest import as_actor, complete, loaded
from tests.pages.listings.conftest import typed

NEED = "/listings/new/need"


@pytest.fixture
def draft(session: Session, organisation: Organisation, author: Actor) -> Listing:
    """A complete draft of the organisation."""
    plan = factories.plan()
    return loaded(service.create(session, author, organisation, plan, complete(), kind="need"))


def only(session: Session) -> Listing:
    return loaded(session.scalars(select(Listing)).one())


def by_itself(browser: PageClient, address: str, sent: dict[str, Any]) -> TestResponse:
    """Send the form as the page does every few seconds."""
    return browser.submit(address, sent, headers={"X-Draft": "1"})


def test_a_new_text_is_kept_once_it_has_a_title(home: PageClient, session: Session) -> None:
    key = str(uuid4())
    assert by_itself(home, NEED, {"summary": "It leaks", "key": key}).json == {}
    first = by_itself(home, NEED, {"title": "A leak", "trl": "many", "key": key}).json
    listing = only(session)
    assert first is not None
    assert first["address"] == f"/listings/{listing.id}/edit"
    sent = {"title": "A large leak", "trl": "many", **first}
    assert by_itself(home, first["address"], sent).status_code == 200
    assert only(session).title == "A leak"  # saving is the author's to do
    form = home.get(first["address"]).text
    assert 'value="A large leak"' in form
    assert 'value="many"' in form
    assert "There is text here that is not saved yet." in home.page(f"/listings/{listing.id}").text


def test_saving_takes_over_what_was_kept(home: PageClient, draft: Listing) -> None:
    address = f"/listings/{draft.id}/edit"
    sent = typed(complete(title="Better"), version=draft.version)
    kept = by_itself(home, address, {**sent, "text": 0}).json
    assert kept is not None
    again = {**sent, "version": kept["version"], "text": kept["text"], "action": "save"}
    assert home.submit(address, again).status_code == 303
    saved = loaded(draft)
    assert (saved.title, saved.working_text) == ("Better", None)


def test_a_sitting_is_one_record(home: PageClient, session: Session, draft: Listing) -> None:
    text = 0
    for title in ("One", "One two", "One two three"):
        sent = typed(complete(title=title), version=draft.version, text=text)
        kept = by_itself(home, f"/listings/{draft.id}/edit", sent).json
        assert kept is not None
        text = kept["text"]
    written = select(func.count()).where(AuditRecord.action == "listing.write")
    assert session.scalar(written) == 1


def test_what_is_kept_of_a_published_text_changes_nothing(
    home: PageClient, session: Session, draft: Listing
) -> None:
    draft.status = "published"
    session.commit()
    sent = typed(complete(title="Other"), version=draft.version)
    by_itself(home, f"/listings/{draft.id}/edit", sent)
    stays = loaded(draft)
    assert (stays.status, stays.title, stays.version) == (
        "published",
        "Lithium from old brine",
        draft.version,
    )


@pytest.mark.parametrize("action", ["save", "submit"])
def test_another_language_keeps_the_form(home: PageClient, session: Session, action: str) -> None:
    sent = typed(complete(title="盐湖", trl=6), deadline="whenever", action=action, switch="es")
    response = home.submit(NEED, sent)
    assert response.status_code == 200
    assert '<html lang="es">' in response.text
    for text in ('value="盐湖"', 'value="whenever"', "It loses **a third**"):
        assert text in response.text
    assert session.scalars(select(Listing)).all() == []


def test_a_form_sent_twice_makes_one_draft(home: PageClient, session: Session) -> None:
    sent = typed(complete(), action="save", key=str(uuid4()))
    assert [home.submit(NEED, sent).status_code for _ in range(2)] == [303, 303]
    assert only(session).title == "Lithium from old brine"


def test_going_back_to_the_form_changes_the_draft_that_it_made(
    home: PageClient, session: Session
) -> None:
    sent = typed(complete(), action="save", key=str(uuid4()))
    home.submit(NEED, sent)
    home.submit(NEED, {**sent, "title": "Second thoughts"})
    assert only(session).title == "Second thoughts"


def test_who_is_overtaken_sees_both_texts_and_chooses(
    home: PageClient, session: Session, draft: Listing, organisation: Organisation
) -> None:
    colleague = as_actor(factories.member_of(organisation, "editor", name="Quick Colleague"))
    seen, theirs = draft.version, complete(title="Theirs", summary="Theirs too", trl=4)
    service.revise(session, colleague, draft, seen, theirs)
    session.commit()
    mine = typed(complete(title="Mine", summary="Mine too"), action="save", version=seen)
    address = f"/listings/{draft.id}/edit"
    response = home.submit(address, mine)
    page = Page(response.text)
    assert response.status_code == 409
    for said in ("Quick Colleague", "Theirs", "Mine", "Theirs too", "Mine too", "The newer text"):
        assert said in page.text
    chosen = {"take.title": "theirs", "take.summary": "mine", "take.trl": "theirs"}
    newest = loaded(draft).version
    assert home.submit(address, {**mine, **chosen, "version": newest}).status_code == 303
    merged = loaded(draft)
    assert (merged.title, merged.summary, merged.trl) == ("Theirs", "Mine too", 4)


def test_two_people_who_write_at_once_are_told(
    home: PageClient, session: Session, draft: Listing, organisation: Organisation
) -> None:
    address = f"/listings/{draft.id}/edit"
    colleague = home.application.test_client()
    colleague.sign_in(factories.member_of(organisation, "editor"))  # type: ignore[attr-defined]
    first = by_itself(colleague, address, typed(complete(title="A"), version=draft.version))  # type: ignore[arg-type]
    second = by_itself(home, address, typed(complete(title="B"), version=draft.version))
    assert (first.status_code, second.status_code) == (200, 409)
    saved = home.submit(address, typed(complete(title="B"), version=draft.version, action="save"))
    assert saved.status_code == 409
    assert {"A", "B"} <= set(Page(saved.text).text.split())


def test_a_draft_is_copied_with_all_it_says(
    home: PageClient, session: Session, draft: Listing
) -> None:
    response = home.submit(f"/listings/{draft.id}/copy", {})
    copied = loaded(session.get(Listing, draft.id + 1))
    assert response.location == f"/listings/{copied.id}/edit"
    assert (copied.title, copied.deadline, copied.status) == (draft.title, None, "draft")


@pytest.mark.parametrize(
    ("status", "approved", "gone"),
    [
        ("draft", "", True),
        ("changes_requested", "", True),
        ("draft", "Read by a partner", False),
        ("in_review", "", False),
        ("published", "Lithium", False),
    ],
)
def test_only_a_draft_that_nobody_read_is_deleted(
    home: PageClient, session: Session, draft: Listing, status: str, approved: str, *, gone: bool
) -> None:
    draft.status, draft.approved_title = status, approved
    session.commit()
    response = home.submit(f"/listings/{draft.id}/delete", {"version": draft.version})
    assert response.status_code == (303 if gone else 422)
    session.expire_all()
    assert (session.scalar(select(func.count()).select_from(Listing)) == 0) is gone
