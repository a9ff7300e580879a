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
from tests.world import ALL, browser_of, build_world

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


READS = [
    pytest.param(route, who, marks=[pytest.mark.slow] * (who != min(ROUTES[route][1])))
    for route in sorted(ROUTES)
    if route[1] == "GET"
    for who in sorted(ROUTES[route][1])
]


@pytest.mark.parametrize(
    ("route", "who"), READS, ids=lambda part: part if isinstance(part, str) else part[0]
)
def test_looking_changes_nothing(app: Flask, world: dict[str, Any], route: Route, who: str) -> None:
    address = ROUTES[route][0].format(**world)
    browser = browser_of(app, world, who)
    asked = ask(browser, "GET", address)
    assert asked[1] == []
    assert ask(browser, "HEAD", address) == asked


def test_no_other_method_does_anything(app: Flask, world: dict[str, Any]) -> None:
    browsers = {who: browser_of(app, world, who) for who in ALL}
    answers = {}
    for route, (address, people) in ROUTES.items():
        browser = browsers[min(people, default="visitor")]  # figures are for a token
        for method in ("OPTIONS", "PUT", "PATCH", "DELETE"):
            answers[route, method] = ask(browser, method, address.format(**world))
    expected = {"OPTIONS": [(200, [])]}
    others = [(400, []), (405, [])]
    wrong = {k: a for k, a in answers.items() if a not in expected.get(k[1], others)}
    assert wrong == {}
