"""A rare private word, looked for on every page and in every search, mail, notice and reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.audit.models import AuditRecord
from matchmaker.db import db
from matchmaker.engine import Listing as EngineListing
from matchmaker.listings.models import SearchRow
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.run.read import texts
from tests.conftest import Scene
from tests.test_routes import ROUTES
from tests.world import ALL, WORDS, build_world, visit

PAGES = sorted(
    address
    for (_, method), (address, _) in ROUTES.items()
    if method == "GET" and "token" not in address
)
SEARCHES = ["/listings?q={word}", "/listings?q={word}&kind=need", "/desk/pairs/new?q={word}"]


@pytest.fixture
def world(scene: Scene) -> dict[str, Any]:
    return scene(build_world)


def read(app: Flask, world: dict[str, Any], who: str, address: str) -> str:
    return visit(app, world, who, address.format(**world)).text


@pytest.mark.parametrize("who", sorted(ALL))
def test_no_page_shows_a_word_to_whoever_may_not_read_it(
    app: Flask, world: dict[str, Any], who: str
) -> None:
    hidden = [word for word, readers in WORDS.values() if who not in readers]
    shown = set()
    for page in PAGES:
        text = read(app, world, who, page)
        shown |= {(page, word) for word in hidden if word in text}
    assert shown == set()


@pytest.mark.parametrize(
    ("tier", "who"), [("members", "stranger"), ("matched", "curator"), ("confidential", "owner")]
)
def test_whoever_may_read_a_word_finds_it(
    app: Flask, world: dict[str, Any], tier: str, who: str
) -> None:
    pages = ("/listings/{need}", "/organisations/{west}", "/desk/organisations/{west}")
    assert any(WORDS[tier][0] in read(app, world, who, page) for page in pages)


@pytest.mark.parametrize("who", sorted(ALL))
def test_searching_for_a_word_tells_nothing_to_whoever_may_not_read_it(
    app: Flask, world: dict[str, Any], who: str
) -> None:
    """The answer is the one to a word that nobody ever wrote, but for the word itself."""
    hidden = [word for word, readers in WORDS.values() if who not in readers]
    for search in SEARCHES if hidden else ():
        other = read(app, world, who, search.replace("{word}", "nobodywrotethis"))
        for word in hidden:
            answer = read(app, world, who, search.replace("{word}", word))
            assert answer.replace(word, "") == other.replace("nobodywrotethis", "")


@pytest.mark.parametrize("tier", sorted(set(WORDS) - {"members"}))
def test_neither_index_nor_engine_nor_message_nor_record_holds_a_word(
    world: dict[str, Any], tier: str
) -> None:
    word, _ = WORDS[tier]
    session = db.session
    seen: EngineListing = texts(session(), [world["need"]])[world["need"]]
    held = {
        "search index": [
            str(row) for row in session.execute(select(SearchRow.public, SearchRow.members))
        ],
        "engine": [seen.title, seen.summary, seen.description, *seen.tags, *seen.must_haves],
        "reasons": [json.dumps(reasons) for reasons in session.scalars(select(Suggestion.reasons))],
        "notices": [json.dumps(params) for params in session.scalars(select(Notice.params))],
        "mails": [json.dumps(params) for params in session.scalars(select(OutboxMail.params))],
        "audit": [json.dumps(detail) for detail in session.scalars(select(AuditRecord.detail))],
    }
    assert {name for name, found in held.items() if any(word in text for text in found)} == set()
