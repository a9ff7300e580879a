"""What no browser sends, to every form; and what was typed, kept by every error."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from matchmaker.db import now
from matchmaker.errors import Conflict, LimitReached, Refusal, Refused
from matchmaker.limits.states import Act
from matchmaker.web.forms import visible
from tests.client import Page, PageClient
from tests.conftest import Scene
from tests.test_routes import ROUTES, Route
from tests.world import browser_of, build_world

FORMS = sorted(route for route in ROUTES if route[1] == "POST" and ROUTES[route][1])
# Every name that a form of the site has; each form reads its own.
NAMES = [
    "annex",
    "budget_max",
    "budget_min",
    "city",
    "contact_email",
    "contact_name",
    "contact_phone",
    "current_password",
    "country",
    "deadline",
    "detail_products",
    "detail_size",
    "decision",
    "deployments",
    "description",
    "email",
    "evidence",
    "expires_on",
    "grade",
    "intro",
    "kind",
    "language",
    "legal_name",
    "level",
    "licences",
    "message",
    "modes",
    "must_haves",
    "name",
    "name_other",
    "name_zh",
    "new_password",
    "next",
    "note",
    "number",
    "password",
    "phone",
    "reason",
    "register_number",
    "role",
    "sectors",
    "summary",
    "target",
    "tasks",
    "title",
    "trl",
    "uscc",
    "version",
    "website",
    "words",
    "zone",
]
TYPED = "Our brine loses a third\nof its lithium <before> noon."


@pytest.fixture
def world(scene: Scene[dict[str, Any]]) -> dict[str, Any]:
    return scene(build_world)


def sender(app: Flask, world: dict[str, Any], route: Route) -> tuple[PageClient, str]:
    """A browser of somebody who may send the form, and its address."""
    address, allowed = ROUTES[route]
    return browser_of(app, world, min(allowed)), address.format(**world)


@pytest.mark.parametrize("route", FORMS, ids=" ".join)
def test_a_file_in_the_place_of_a_text_is_as_nothing(
    app: Flask, world: dict[str, Any], route: Route
) -> None:
    browser, path = sender(app, world, route)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    files = {name: (BytesIO(b"\x00not a text"), f"{name}.bin") for name in NAMES}
    response = browser.submit(path, files, content_type="multipart/form-data")
    assert response.status_code < 500


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://[::1"},
        {"Origin": "null"},
        {"Origin": "http://" + "a" * 60_000},
        {"Referer": "http://[::1"},
        {"Host": "a" * 60_000},
        {"Host": "[::1"},
        {"Host": "bad host/\u00e9"},
        {"Accept-Language": "zh;q=x," * 5_000},
        {"Cookie": "session=" + "." * 9_000},
    ],
    ids=lambda headers: str(headers)[:40],
)
def test_odd_headers_are_no_fault_of_ours(
    app: Flask, client: PageClient, headers: dict[str, str]
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.get("/sign-in", headers=headers).status_code < 500
    assert client.submit("/language", {"language": "zh"}, headers=headers).status_code < 500


ERRORS = [
    Conflict("listing", 1),
    Refused(Refusal.DEADLINE_PASSED),
    LimitReached(Act.SUBMISSION, now() + timedelta(hours=3)),
    TooManyRequests(),
    RequestEntityTooLarge(),
]


@pytest.mark.parametrize("route", FORMS, ids=" ".join)
def test_every_error_keeps_what_was_typed(
    app: Flask,
    world: dict[str, Any],
    route: Route,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser, path = sender(app, world, route)

    def fail(**_path: object) -> None:
        raise error

    monkeypatch.setitem(app.view_functions, route[0], fail)
    for error in ERRORS:  # noqa: B007  # it is what `fail` raises
        response = browser.submit(path, {"note": TYPED, "password": "not to be shown"})
        assert response.status_code in (409, 413, 422, 429)
        assert " ".join(TYPED.split()) in Page(response.text).text
        assert "not to be shown" not in response.text


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("Salt\u200b lake", "Salt lake"),
        ("\u202eekal tlaS\u202c", "ekal tlaS"),
        ("\ufeff盐湖\u2060提锂\u00ad", "盐湖提锂"),
        ("a\x00b\x07c\x1b", "abc"),
        ("\u3164\u115f\u2800", ""),
        ("one\n\ttwo", "one\n\ttwo"),
        ("（盐湖）ñáü 𠮷 Ω", "（盐湖）ñáü 𠮷 Ω"),
    ],
)
def test_what_nobody_sees_is_left_out(typed: str, seen: str) -> None:
    assert visible(typed) == seen
