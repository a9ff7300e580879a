"""A database that does not answer, and one that answers again."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from matchmaker.db import db
from tests import factories
from tests.client import PageClient


@pytest.fixture
def database() -> str:
    return "postgresql"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-CN", "系统繁忙"),
        ("en", "The service is busy"),
        ("es", "El servicio está ocupado"),
    ],
)
def test_an_outage_is_told_in_the_readers_language_and_passes(
    app: Flask, client: PageClient, language: str, title: str
) -> None:
    client.sign_in(factories.UserFactory())
    client.page("/home")
    admin = app.extensions["tests.admin"]
    asked = {"Accept-Language": language}
    with admin.connect() as connection:
        connection.execute(text("ALTER DATABASE matchmaker ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE datname = 'matchmaker'")
        )  # fmt: skip
        try:
            db.session.remove()
            answers = [client.get(path, headers=asked) for path in ("/home", "/listings", "/home")]
            ready = app.test_client().get("/ready")
        finally:
            connection.execute(text("ALTER DATABASE matchmaker ALLOW_CONNECTIONS true"))
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert all(title in answer.page.title for answer in answers)  # type: ignore[attr-defined]
    assert (ready.status_code, ready.json) == (503, {"status": "no database"})
    client.page("/home")
