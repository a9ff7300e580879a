"""A migrated database for every test, on SQLite and, where marked, on PostgreSQL too."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from matchmaker import schema
from matchmaker.app import create_app
from matchmaker.config import Settings
from matchmaker.db import db
from matchmaker.search.live import Searching
from matchmaker.services import services
from matchmaker.web import tries
from matchmaker.web.limits import limiter
from tests.client import PageClient
from tests.postgresql import server

T = TypeVar("T")
Scene = Callable[[Callable[[], T]], T]
DATABASES = ("sqlite", "postgresql")
# The same examples everywhere, and no fault of a slow machine. Examples only read their fixtures.
settings.register_profile(
    "everywhere",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("everywhere")
ROUNDS = 200  # of each race, in `make examine`
PRISTINE = "pristine"  # the empty, migrated database that tests get copies of
END_THE_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# The rows that a migrated database begins with stand by in a schema of their own.
SET_BY = text(
    """
    DO $$ DECLARE one record; filled boolean; BEGIN
        CREATE SCHEMA pristine;
        FOR one IN SELECT tablename FROM pg_tables
                   WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one.tablename) INTO filled;
            IF filled THEN
                EXECUTE format('CREATE TABLE pristine.%I AS TABLE public.%1$I', one.tablename);
            END IF;
        END LOOP;
        CREATE TABLE pristine.sequences AS SELECT sequencename, last_value FROM pg_sequences
            WHERE schemaname = 'public' AND last_value IS NOT NULL;
    END $$
    """
)
# Triggers and foreign keys rest meanwhile. Numbers begin again.
EMPTY = text(
    """
    DO $$ DECLARE one record; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR one IN SELECT tablename FROM pg_tables
                   WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
            EXECUTE format('DELETE FROM %I', one.tablename);
        END LOOP;
        FOR one IN SELECT sequencename FROM pg_sequences
                   WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
            EXECUTE format('ALTER SEQUENCE %I RESTART', one.sequencename);
        END LOOP;
        FOR one IN SELECT tablename FROM pg_tables
                   WHERE schemaname = 'pristine' AND tablename <> 'sequences' LOOP
            EXECUTE format('INSERT INTO public.%I TABLE pristine.%1$I', one.tablename);
        END LOOP;
        PERFORM setval(sequencename::regclass, last_value) FROM pristine.sequences;
    END $$
    """
)
SECRET = "a-secret-for-tests-only-0123456789-abcdefg"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("race"):
        metafunc.fixturenames.append("race_round")
        metafunc.parametrize(("database", "race_round"), rounds_of_a_race(), indirect=True)
    elif "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize("database", DATABASES if both else DATABASES[:1], indirect=True)


def rounds_of_a_race() -> list[Any]:
    """One on each database, and many on PostgreSQL, where writers do not wait for each other."""
    first = [pytest.param(database, 1, id=f"{database}-1") for database in DATABASES]
    return first + [
        pytest.param("postgresql", number, id=f"postgresql-{number}", marks=pytest.mark.slow)
        for number in range(2, ROUNDS + 1)
    ]


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def workplace() -> Iterator[Path]:
    """A folder of this run: later runs delete pytest's own, even with a database server in it."""
    with tempfile.TemporaryDirectory(
        prefix="matchmaker-tests-", ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o755)  # the database server runs as a user of its own
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_app(workplace: Path) -> Iterator[Flask]:
    """An application on an SQLite file, with a migrated, empty copy of the file beside it."""
    home = workplace / "sqlite"
    app = _app(
        Settings(
            home=str(home),
            secret_key=SECRET,
            secure_cookies=False,
            base_url="http://localhost",
            metrics_token="a-token-for-tests",
        )
    )
    with app.app_context():
        event.listen(db.engine, "connect", _without_waiting_for_the_disk)
        schema.migrate(db.engine)
        db.engine.dispose()
    shutil.copy(home / "matchmaker.sqlite", home / f"{PRISTINE}.sqlite")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgresql_app(workplace: Path) -> Iterator[Flask]:
    with server(workplace / "postgresql-data") as url:
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text(f"CREATE DATABASE {PRISTINE}"))
            connection.execute(text("CREATE DATABASE matchmaker"))
        pristine = create_engine(admin.url.set(database=PRISTINE))
        schema.migrate(pristine)
        with pristine.begin() as connection:
            connection.execute(SET_BY)
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
    """The database of this test: sqlite or postgresql."""
    return str(request.param)


@pytest.fixture
def race_round(request: pytest.FixtureRequest) -> int:
    """The round of a race: each begins with a database of its own."""
    return int(request.param)


@pytest.fixture
def app(database: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on an empty, migrated database, inside an application context."""
    app: Flask = request.getfixturevalue(f"{database}_app")
    with app.app_context():
        _restore(app, PRISTINE)
        limiter.reset()
        yield app
        db.session.remove()


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Give a test its own copy of a scene: `build` runs once a worker and returns plain values."""

    def enter(build: Callable[[], T]) -> T:
        built: dict[object, tuple[str, Any]] = app.extensions.setdefault("tests.scenes", {})
        if build in built:
            template, values = built[build]
            _restore(app, template)
        else:
            template, values = f"scene{len(built)}", build()
            db.session.commit()
            _keep(app, template)
            built[build] = template, values
        return deepcopy(values)

    return enter


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser that asks for English, not signed in; `client.sign_in(user)` signs in."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client  # type: ignore[return-value]


def _app(settings: Settings) -> Flask:
    with pytest.MonkeyPatch.context() as patch:  # tests count in memory, but for those of the file
        patch.setattr(tries, "address", lambda home: "memory://")
        app = create_app(settings, testing=True)
    app.config["TESTING"] = True
    app.config["ARGON2"] = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    app.test_client_class = PageClient
    services(app).queue.immediate = False
    services(app).run = lambda name: None  # tests run jobs themselves
    return app


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _restore(app: Flask, template: str) -> None:
    """Put a copy of the template in the place of the application's database."""
    _let_go()
    home = services(app).settings.home_path
    services(app).searching = Searching(home / "search")  # nothing is remembered of another test
    if admin := app.extensions.get("tests.admin"):
        if template == PRISTINE and _is_emptied(app):
            return
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE matchmaker WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE matchmaker TEMPLATE {template}"))
        return
    for leftover in home.glob("matchmaker.sqlite-*"):
        leftover.unlink()
    shutil.copyfile(home / f"{template}.sqlite", home / "matchmaker.sqlite")


def _is_emptied(app: Flask) -> bool:
    """Delete all rows, which takes a fifth of the time of a new database; not of another schema."""
    with db.engine.connect() as connection:
        connection.execute(END_THE_OTHERS)
        same = schema.is_current(connection)
        if same:
            connection.execute(EMPTY)
            connection.commit()
    db.engine.dispose()
    return same


def _keep(app: Flask, template: str) -> None:
    """Make the application's database a template."""
    _let_go()
    home = services(app).settings.home_path
    if admin := app.extensions.get("tests.admin"):
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {template} TEMPLATE matchmaker"))
        return
    shutil.copyfile(home / "matchmaker.sqlite", home / f"{template}.sqlite")


def _let_go() -> None:
    db.session.close()
    db.engine.dispose()
