"""Create and migrate the database's tables."""

from __future__ import annotations

import sys
from importlib import import_module

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine
from sqlalchemy.pool import StaticPool

from matchmaker.db import Base
from matchmaker.paths import MIGRATIONS

DOMAINS = (
    "limits",
    "audit",
    "security",
    "operations",
    "plan",
    "accounts",
    "notices",
    "files",
    "organisations",
    "organisations.claims",
    "listings",
    "imports",
    "search",
    "recommendation",
    "cooperation",
    "meetings",
    "agreements",
    "conversations",
    "outcomes",
    "curation",
    "quality",
)


def metadata() -> MetaData:
    """Every table of every domain."""
    for domain in DOMAINS:
        import_module(f"matchmaker.{domain}.models")
    return Base.metadata


def migrate(engine: Engine) -> None:
    """Bring the database to the newest revision."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def go_back(engine: Engine, revision: str) -> None:
    """Take the database back to an earlier revision, before an earlier release is installed."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def is_known(revision: str) -> bool:
    """Return whether this release has the revision."""
    return revision in {script.revision for script in scripts().walk_revisions()}


def revision(connection: Connection) -> str:
    """Return the revision that the database is at."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def scripts() -> ScriptDirectory:
    """The revisions of this release."""
    return ScriptDirectory(str(MIGRATIONS))


def revise(engine: Engine, message: str) -> None:
    """Write a new revision from the difference between models and database, for developers."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def is_current(connection: Connection) -> bool:
    """Return whether the database is at the newest revision."""
    heads = set(scripts().get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == heads


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _write_revision(message: str) -> None:
    """Migrate an empty database in memory and write down what the models have more."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    migrate(engine)
    revise(engine, message)


if __name__ == "__main__":
    _write_revision(sys.argv[1])
