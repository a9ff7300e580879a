"""A refused write leaves the database as it was: every POST route, as everybody it is not for.

What is sent has good values for many forms, so that many routes would write without their guard.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.db import db, today
from tests.conftest import Scene
from tests.test_routes import ROUTES, Route
from tests.world import ALL, browser_of, build_world

UNWATCHED = {"security_events"}  # a refusal is noted there
WRITES = sorted(route for route in ROUTES if route[1] == "POST")

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def world(scene: Scene) -> dict[str, Any]:
    return scene(build_world)


def filled(world: dict[str, Any]) -> dict[str, Any]:
    """Good values for fields of the site's forms."""
    return {
        "version": "1",
        "reason": "other",
        "end_reason": "other",
        "cancel_reason": "other",
        "words": "Words",
        "end_words": "Words",
        "note": "A note",
        "message": "A message",
        "question": "A question",
        "evidence": "A letter",
        "checks": "letter",
        "verified_on": today().isoformat(),
        "expires_on": (today() + timedelta(days=90)).isoformat(),
        "deadline": (today() + timedelta(days=90)).isoformat(),
        "topic": "A topic",
        "zone": "Asia/Shanghai",
        "time_1": f"{today() + timedelta(days=9)}T14:00",
        "minutes": "60",
        "place": "A room",
        "we_came": "yes",
        "they_came": "yes",
        "text": "Minutes",
        "needs": "no",
        "capabilities": "no",
        "email": "somebody@example.org",
        "name": "Somebody",
        "language": "en",
        "title": "A title",
        "action": "draft",
        "move": "publish",
        "grade": "2",
        "decision": "shortlist",
        "chosen": f"{world['suggestion']}:1",
    }


def role_for(endpoint: str) -> str:
    return "evaluator" if endpoint.startswith("admin.") else "editor"


def rows() -> Rows:
    """All that the database holds, by table."""
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in UNWATCHED]
    held = {
        table.name: sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
        for table in tables
    }
    db.session.rollback()
    return held


@pytest.mark.slow
@pytest.mark.parametrize("route", WRITES, ids=" ".join)
def test_who_is_refused_changes_nothing(app: Flask, world: dict[str, Any], route: Route) -> None:
    address, allowed = ROUTES[route]
    data = {**filled(world), "role": role_for(route[0])}
    browsers = [browser_of(app, world, who) for who in sorted(ALL - allowed)]
    before = rows()
    for browser in browsers:
        browser.submit(address.format(**world), data)
    after = rows()
    assert {name for name in before if before[name] != after[name]} == set()
