"""/admin/processes, and what an administrator's home says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from matchmaker import deaths
from matchmaker.db import now
from matchmaker.deaths import Death
from matchmaker.services import services
from tests import factories
from tests.client import PageClient


@pytest.fixture
def admin(app: Flask, client: PageClient) -> Iterator[PageClient]:
    yield client.sign_in(factories.staff("administrator"))
    (services(app).settings.home_path / deaths.FILE).unlink(missing_ok=True)


def die(app: Flask, days_ago: float, requests: tuple[str, ...] = ()) -> None:
    death = Death(now() - timedelta(days=days_ago), "web", 4711, "SIGSEGV", requests)
    deaths.record(services(app).settings.home_path, death)


def test_nothing_is_said_where_nothing_died(admin: PageClient) -> None:
    assert "No process has crashed." in admin.page("/admin/processes").text
    assert "crashed in the last seven days" not in admin.page("/home").text


def test_a_death_is_shown_with_its_cause_and_requests(app: Flask, admin: PageClient) -> None:
    die(app, 1, ("GET /listings", "GET /<b> 200"))
    text = admin.page("/admin/processes").text
    assert "1 process has crashed" in text
    assert "SIGSEGV" in text
    assert "GET /listings GET /<b> 200" in text


@pytest.mark.parametrize(("days", "is_said"), [(1, True), (8, False)])
def test_home_tells_of_the_last_week(
    app: Flask, admin: PageClient, days: float, is_said: bool
) -> None:
    die(app, days)
    assert (
        "1 process of the site crashed in the last seven days" in admin.page("/home").text
    ) is is_said


def test_others_are_not_told(app: Flask, client: PageClient) -> None:
    die(app, 1)
    client.sign_in(factories.staff("evaluator"))
    assert "died" not in client.page("/home").text
    (services(app).settings.home_path / deaths.FILE).unlink()
