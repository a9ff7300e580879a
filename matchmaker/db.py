"""The database: one declarative base, UTC times, SQLite made safe, writers taking turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, ClassVar, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

# Named constraints, so that migrations can alter them on SQLite and PostgreSQL alike.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

T = TypeVar("T")
CHINA = timezone(timedelta(hours=8))
BEIJING = "Asia/Shanghai"  # the same, as a name of the time zone database
IN_ONE_STATEMENT = 500  # values that every database takes at once

# Whether the coming transaction may write. SQLite then takes its write lock at BEGIN: a reader that
# turns writer fails at once when somebody wrote in between. Only GET and HEAD say False.
writing: ContextVar[bool] = ContextVar("writing", default=True)


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """Only look, then end the transaction: on SQLite no writer waits meanwhile."""
    token = writing.set(False)
    try:
        yield
    finally:
        session.rollback()
        writing.reset(token)


def chunks(items: Sequence[T], size: int = IN_ONE_STATEMENT) -> Iterator[Sequence[T]]:
    """Yield the items in parts, by default small enough for one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def now() -> datetime:
    return datetime.now(UTC)


def moment(at: datetime | None) -> datetime:
    """Return the time that something happens at: the one given, or now."""
    return at or now()


def day_of(at: datetime) -> date:
    """Return the day that it is then in China, where deadlines and verifications end."""
    return at.astimezone(CHINA).date()


def start_of(day: date) -> datetime:
    """Return when the day begins in China."""
    return datetime.combine(day, time(), CHINA)


def today() -> date:
    return day_of(now())


class UtcDateTime(TypeDecorator[datetime]):
    """A time zone aware UTC time. SQLite has no such type and stores it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was given")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
    }


# Rows stay readable after the commit that ends a write; templates load nothing.
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def prepare_engine(engine: Engine) -> None:
    """Set what SQLite needs: WAL, FULL, foreign keys, and BEGIN before the driver's own."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
