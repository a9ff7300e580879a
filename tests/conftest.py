"""The stage: a migrated database of its own for every test, on SQLite and, where marked, on PostgreSQL too."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from matchmaker import schema
from matchmaker.app import create_app
from matchmaker.config import Settings
from matchmaker.db import db
from matchmaker.services import services
from matchmaker.web.limits import limiter
from tests.client import PageClient

SECRET = "a-secret-for-tests-only-0123456789-abcdefg"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize(
            "database", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True
        )


@pytest.fixture(scope="session")
def workplace() -> Iterator[Path]:
    """A folder of this run alone: pytest's own are tidied away by the next runs, with a database server in them."""
    with tempfile.TemporaryDirectory(
        prefix="matchmaker-tests-", ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o755)  # the database server runs as a user of its own
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_app(workplace: Path) -> Flask:
    """An application on an SQLite file, with a migrated, empty copy of the file beside it."""
    home = workplace / "sqlite"
    app = _app(
        Settings(
            home=str(home), secret_key=SECRET, secure_cookies=False, base_url="http://localhost"
        )
    )
    with app.app_context():
        event.listen(db.engine, "connect", _without_waiting_for_the_disk)
        schema.migrate(db.engine)
        db.engine.dispose()
    shutil.copy(home / "matchmaker.sqlite", home / "template.sqlite")
    return app


@pytest.fixture(scope="session")
def postgresql_app(workplace: Path) -> Iterator[Flask]:
    from tests.postgresql import server

    with server(workplace / "postgresql-data") as url:
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text("CREATE DATABASE pristine"))
            connection.execute(text("CREATE DATABASE matchmaker"))
        pristine = create_engine(admin.url.set(database="pristine"))
        schema.migrate(pristine)
        pristine.dispose()
        database = admin.url.set(database="matchmaker").render_as_string(hide_password=False)
        app = _app(
            Settings(
                home=str(workplace / "postgresql"),
                database_url=database,
                secret_key=SECRET,
                secure_cookies=False,
            )
        )
        app.extensions["tests.admin"] = admin
        yield app
        with app.app_context():
            db.engine.dispose()
        admin.dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database this test runs on: sqlite or postgresql."""
    return str(request.param)


@pytest.fixture
def app(database: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on an empty, migrated database, inside an application context."""
    app: Flask = request.getfixturevalue(f"{database}_app")
    with app.app_context():
        _empty_sqlite(app) if database == "sqlite" else _empty_postgresql(app)
        limiter.reset()
        yield app
        db.session.remove()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser of its own that asks for English, not signed in; `client.sign_in(user)` signs in."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client  # type: ignore[return-value]


def _app(settings: Settings) -> Flask:
    app = create_app(settings, testing=True)
    app.config["TESTING"] = True
    app.config["ARGON2"] = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    app.test_client_class = PageClient
    services(app).queue.immediate = False
    services(app).run = lambda name: None  # tests run jobs themselves
    return app


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _empty_sqlite(app: Flask) -> None:
    home = services(app).settings.home_path
    db.session.remove()
    db.engine.dispose()
    for leftover in home.glob("matchmaker.sqlite-*"):
        leftover.unlink()
    shutil.copy(home / "template.sqlite", home / "matchmaker.sqlite")


def _empty_postgresql(app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    with app.extensions["tests.admin"].connect() as connection:
        connection.execute(text("DROP DATABASE matchmaker WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE matchmaker TEMPLATE pristine"))
