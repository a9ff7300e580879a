"""The front page of the demonstration says where to enter, as whom, and what to look at first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from matchmaker import schema
from matchmaker.app import create_app
from matchmaker.config import Settings
from matchmaker.db import db, now
from matchmaker.demo.cast import ENTRIES
from matchmaker.notices import service as notices
from matchmaker.notices.models import OutboxMail
from matchmaker.server import Server
from tests.client import PageClient
from tests.conftest import SECRET

FIRST = [entry for entry in ENTRIES if entry.first]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("demonstration")
    return Settings(home=str(home), secret_key=SECRET, secure_cookies=False, demo=True)


@pytest.fixture(scope="module")
def demonstration(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings, testing=True)
    app.test_client_class = PageClient
    with app.app_context():
        schema.migrate(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_few_roles_are_offered_first() -> None:
    assert [entry.key for entry in FIRST] == ["west", "east", "curator-west"]


@pytest.mark.parametrize("language", ["en", "zh", "es"])
def test_a_visitor_is_told_where_to_enter_and_what_to_look_at(
    demonstration: Flask, language: str
) -> None:
    page = demonstration.test_client().get("/", headers={"Accept-Language": language}).text
    for entry in FIRST:
        assert f'<button name="role" value="{entry.key}">' in page
    assert page.count('name="role"') == len(FIRST)
    assert 'href="/demo"' in page.split("</header>")[1]
    assert ("look at the first need" in page) is (language == "en")


def test_the_mailbox_shows_what_waits_and_not_what_was_sent(demonstration: Flask) -> None:
    """Of a mail that was sent, nothing is left to show."""
    session = db.session()
    for title in ("Waits", "Sent"):
        recipient = f"{title}@example.org"
        notices.mail(session, recipient, "en", "listing.published", "/", title=title)
    sent = session.query(OutboxMail).filter_by(recipient="Sent@example.org").one()
    sent.sent_at, sent.params = now(), {}
    session.commit()
    page = demonstration.test_client().get("/demo/mail").text
    assert ("Waits" in page, "Sent@" in page) == (True, False)


def test_a_real_installation_offers_nobody_to_enter_as(client: PageClient) -> None:
    assert 'name="role"' not in client.get("/").text


@pytest.mark.parametrize(
    ("demo", "said"),
    [
        (
            True,
            "The demonstration is ready. Open http://127.0.0.1:8123 in a browser"
            " and enter with one click — stop",
        ),
        (False, "matchmaker is served at http://127.0.0.1:8123 — stop"),
    ],
)
def test_the_terminal_is_told_the_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], demo: bool, said: str
) -> None:
    monkeypatch.setattr("sys.argv", ["matchmaker"])
    server = Server(Settings(secret_key=SECRET, demo=demo), "127.0.0.1", 8123, 1)
    monkeypatch.setattr(server.worker, "start", lambda: None)
    server.when_ready(None)
    assert capsys.readouterr().out.startswith(said)
