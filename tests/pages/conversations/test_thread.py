"""The page of a thread: what each reader sees, what is refused, what is kept."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.conversations.models import Draft, Message
from matchmaker.db import now
from matchmaker.files.models import StoredFile
from tests import factories
from tests.client import PageClient
from tests.conversations.conftest import Stage
from tests.files import samples


@pytest.fixture
def west(client: PageClient, stage: Stage) -> PageClient:
    return client.sign_in(stage.west)


def browser(app: Flask, user: User) -> PageClient:
    client: PageClient = app.test_client()  # type: ignore[assignment]
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client.sign_in(user)


def path(stage: Stage, more: str = "") -> str:
    return f"/matches/{stage.match_id}/messages{more}"


def form(text: str = "Hello", key: str = "k", **files: bytes) -> dict[str, Any]:
    sent = [(io.BytesIO(content), name.replace("_", ".")) for name, content in files.items()]
    return {"text": text, "key": key, **({"files": sent} if sent else {})}


def wrote(stage: Stage, who: str = "east", **fields: Any) -> Message:
    author = getattr(stage, who)
    side = stage.match.need if who == "west" else stage.match.capability
    organisation_id = None if who == "curator" else side.organisation_id
    return factories.MessageFactory(
        match_id=stage.match_id, author=author, organisation_id=organisation_id, **fields
    )


def test_both_sides_read_what_is_written(app: Flask, west: PageClient, stage: Stage) -> None:
    assert west.submit(path(stage), form("Hello <b>there</b>")).status_code == 303
    shown = browser(app, stage.east).get(path(stage)).text
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in shown
    assert "Wen" in shown


def test_an_empty_thread_says_what_comes_here(west: PageClient, stage: Stage) -> None:
    assert "What both sides write to each other is shown here." in west.page(path(stage)).text


def test_before_both_agreed_the_page_says_when_it_opens(west: PageClient, stage: Stage) -> None:
    stage.match.status = "one_side_interested"
    page = west.page(path(stage))
    assert "only while both sides want to work together" in page.text
    assert "Send" not in page.text
    refused = west.submit(path(stage), form("Kept words"))
    assert refused.status_code == 422
    assert "Kept words" in refused.text


def test_what_is_new_is_counted_on_every_way_to_it(
    session: Session, west: PageClient, stage: Stage
) -> None:
    wrote(stage)
    wrote(stage)
    wrote(stage, "west")
    for address in ("/home", "/matches"):
        assert "2 new messages" in west.page(address).text
    assert "Messages 2 not read yet" in west.page(f"/matches/{stage.match_id}").text
    assert "New" in west.page(path(stage)).text
    for address in ("/home", "/matches"):
        assert "new message" not in west.page(address).text
    assert "not read yet" not in west.page(path(stage)).text


def test_a_side_sees_how_far_the_other_has_read(app: Flask, west: PageClient, stage: Stage) -> None:
    wrote(stage, "west")
    assert "Read by the other side" not in west.page(path(stage)).text
    browser(app, stage.east).get(path(stage))
    assert west.page(path(stage)).text.count("Read by the other side") == 1


def test_a_look_without_a_page_reads_nothing(app: Flask, west: PageClient, stage: Stage) -> None:
    wrote(stage)
    west.head(path(stage))
    assert "1 new message" in west.page("/matches").text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (form(""), "write something, or choose a file"),
        (form("a" * 10_001), "10000 characters at most"),
        (form("Kept", a_pdf=b"MZ"), "a.pdf is not of a type that can be sent"),
        (form("Kept", a_docx=samples.package(word__vbaProject_DOT_bin=b"x")), "contains macros"),
        (form("Kept", **{f"{n}_pdf": b"a" for n in "abcdef"}), "at most 5 at once"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    session: Session, west: PageClient, stage: Stage, sent: dict[str, Any], sentence: str
) -> None:
    answer = west.submit(path(stage), sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert sent["text"][:50] in answer.text
    assert ("Files have to be chosen again." in answer.text) is ("files" in sent)
    assert f'value="{sent["key"]}"' in answer.text
    assert session.scalars(select(Message)).all() == []
    assert session.scalars(select(StoredFile)).all() == []


def test_more_than_five_files_can_hold_is_refused_at_once(west: PageClient, stage: Stage) -> None:
    sent = west.post(path(stage), environ_overrides={"CONTENT_LENGTH": str(200 * 2**20)})
    assert sent.status_code == 413


def test_other_pages_take_no_more_than_before(west: PageClient, stage: Stage) -> None:
    sent = {"text": "a" * 3 * 2**20, "key": "k"}
    assert west.submit(path(stage, "/draft"), sent).status_code == 413


def test_a_double_click_is_one_message(session: Session, west: PageClient, stage: Stage) -> None:
    for _ in range(2):
        assert west.submit(path(stage), form(a_pdf=samples.pdf())).status_code == 303
    assert len(session.scalars(select(Message)).all()) == 1
    assert len(session.scalars(select(StoredFile)).all()) == 1


def test_a_file_is_sent_and_fetched(app: Flask, west: PageClient, stage: Stage) -> None:
    west.submit(path(stage), form(盐湖_pdf=samples.pdf()))
    page = browser(app, stage.east).page(path(stage))
    assert "not scanned for viruses" in page.text
    (address,) = [link for link in page.links if link.startswith("/files/")]
    answer = browser(app, stage.east).get(address)
    assert answer.data.startswith(b"%PDF-")
    assert samples.AUTHOR.encode() not in answer.data
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_draft_is_kept_by_the_button_and_by_the_script(
    app: Flask, session: Session, west: PageClient, stage: Stage
) -> None:
    by_button = west.submit(path(stage, "/draft"), form("Half a thou"))
    by_script = west.submit(path(stage, "/draft"), form("Half a thought"), headers={"X-Draft": "1"})
    assert (by_button.status_code, by_script.status_code) == (303, 204)
    assert "Half a thought" in west.get(path(stage)).text
    assert "Half a thought" not in browser(app, stage.east).get(path(stage)).text
    west.submit(path(stage), form("A whole thought"))
    assert session.scalars(select(Draft)).all() == []


def test_the_author_deletes_and_others_see_that_there_was_something(
    app: Flask, west: PageClient, stage: Stage
) -> None:
    late = wrote(stage, "west", created_at=now() - timedelta(minutes=20), text="Stays")
    fresh = wrote(stage, "west", text="Goes")
    assert west.page(path(stage)).text.count("Delete :") == 1
    assert west.submit(path(stage, f"/{late.id}/delete")).status_code == 422
    assert west.submit(path(stage, f"/{fresh.id}/delete")).status_code == 303
    shown = browser(app, stage.east).page(path(stage)).text
    assert "Stays" in shown
    assert "Goes" not in shown
    assert "The author has deleted this message." in shown


def test_curators_read_while_a_side_has_them_there(
    app: Flask, west: PageClient, stage: Stage
) -> None:
    curator = browser(app, stage.curator)
    assert curator.get(path(stage)).status_code == 404
    invited = f"/matches/{stage.match_id}/curators"
    assert west.submit(invited).status_code == 303
    assert "has invited the curators" in curator.page(path(stage)).text
    assert curator.submit(path(stage), form("A proposal")).status_code == 303
    shown = west.page(path(stage)).text
    assert "Curator of Qinghai" in shown
    assert "A proposal" in shown
    assert west.submit(f"{invited}/dismiss").status_code == 303
    assert curator.get(path(stage)).status_code == 404
    assert curator.submit(path(stage), form("More")).status_code == 404


def test_a_curator_sends_no_files(
    app: Flask, session: Session, west: PageClient, stage: Stage
) -> None:
    west.submit(f"/matches/{stage.match_id}/curators")
    curator = browser(app, stage.curator)
    assert 'type="file"' not in curator.get(path(stage)).text
    assert curator.submit(path(stage), form(a_pdf=samples.pdf())).status_code == 404
    assert session.scalars(select(StoredFile)).all() == []


def test_after_the_end_what_was_said_stays_without_names_of_people(
    west: PageClient, stage: Stage
) -> None:
    wrote(stage, text="What was said")
    assert "Dong" in west.page(path(stage)).text
    stage.match.status = "withdrawn"
    shown = west.page(path(stage)).text
    assert "What was said" in shown
    assert "Dong" not in shown
    assert "nothing new can be added" in shown
    assert path(stage) in west.page(f"/matches/{stage.match_id}").links


def test_viewers_read_and_do_not_write(app: Flask, stage: Stage) -> None:
    viewer = browser(app, factories.member_of(stage.match.need.organisation, "viewer"))
    assert (
        "Account managers and editors of your organisation can write here."
        in viewer.page(path(stage)).text
    )
    assert viewer.submit(path(stage), form()).status_code == 404


def test_a_long_thread_is_read_in_parts(west: PageClient, stage: Stage) -> None:
    with factories.together():
        for number in range(55):
            wrote(stage, text=f"Number {number}.")
    newest = west.page(path(stage))
    assert "Number 54." in newest.text
    assert "Number 4." not in newest.text
    (earlier,) = [link for link in newest.links if "before=" in link]
    assert "Number 4." in west.page(earlier).text


@pytest.mark.parametrize("before", ["x", "-1", "0", "99999999999999999999"])
def test_a_strange_address_does_no_harm(west: PageClient, stage: Stage, before: str) -> None:
    wrote(stage)
    assert west.get(path(stage, f"?before={before}")).status_code == 200


def test_a_strange_key_is_replaced(session: Session, west: PageClient, stage: Stage) -> None:
    for key in ("", "a" * 33, "<b>", "k\0"):
        assert west.submit(path(stage), form(key=key)).status_code == 303
    assert len(session.scalars(select(Message)).all()) == 4
