from __future__ import annotations

import sqlite3

import pytest
from flask import Flask

from matchmaker.accounts import service
from matchmaker.services import services
from tests.client import PageClient


def test_nobody_waits_to_write_while_a_password_is_checked(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = services(app).settings.home_path / "matchmaker.sqlite"
    written: list[str] = []

    def check(stored: str | None, password: str) -> bool:
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        other.execute(
            "BEGIN IMMEDIATE"
        )  # raises "database is locked" at once when somebody holds the lock
        other.execute("COMMIT")
        other.close()
        written.append(password)
        return False

    monkeypatch.setattr(service, "matches", check)
    assert (
        client.submit(
            "/sign-in", {"email": "ana@example.org", "password": "correct horse"}
        ).status_code
        == 422
    )
    assert written == ["correct horse"]
