"""What only asks changes nothing: GET, HEAD and OPTIONS of every route, as everybody it is for.

That somebody looked at contacts, or took data along, is noted in the logs. So is how far an
organisation has read a thread.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Scene
from tests.counting import listening
from tests.test_routes import ROUTES, Route
from tests.world import browser_of, build_world

WRITES = ("INSERT", "UPDATE", "DELETE")
LOGS = (
    "INSERT INTO audit_",
    "UPDATE audit_",
    "INSERT INTO security_",
    "INSERT INTO read_marks",
    "UPDATE read_marks",
)


@pytest.fixture
def world(scene: Scene) -> dict[str, Any]:
    return scene(build_world)


def ask(browser: Any, method: str, address: str) -> tuple[int, list[str]]:
    """The status, and what was written but for the logs."""
    with listening() as sent:
        status = browser.open(address, method=method).status_code
    written = [one for one in sent if one.startswith(WRITES) and not one.startswith(LOGS)]
    return status, written


READS = sorted(route for route in ROUTES if route[1] == "GET")


@pytest.mark.parametrize("route", READS, ids=" ".join)
def test_looking_changes_nothing(app: Flask, world: dict[str, Any], route: Route) -> None:
    address = ROUTES[route][0].format(**world)
    for who in sorted(ROUTES[route][1]):
        browser = browser_of(app, world, who)
        answers = {method: ask(browser, method, address) for method in ("GET", "HEAD")}
        assert answers["HEAD"] == answers["GET"], who
        assert answers["GET"][1] == [], who


@pytest.mark.parametrize("route", sorted(ROUTES), ids=" ".join)
def test_no_other_method_does_anything(app: Flask, world: dict[str, Any], route: Route) -> None:
    who = min(ROUTES[route][1], default="visitor")  # figures are for a token, not for a person
    browser = browser_of(app, world, who)
    address = ROUTES[route][0].format(**world)
    assert ask(browser, "OPTIONS", address) == (200, [])
    for method in ("PUT", "PATCH", "DELETE"):
        assert ask(browser, method, address) in ((400, []), (405, [])), method
