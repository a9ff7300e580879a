from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.config import Settings
from matchmaker.files import service
from matchmaker.files.models import StoredFile
from matchmaker.files.states import Purpose
from matchmaker.permissions import Actor
from matchmaker.services import services
from tests import factories
from tests.files import samples
from tests.files.clamd import Clamd


@pytest.fixture
def settings(app: Flask) -> Iterator[Settings]:
    """The settings, put back after the test."""
    held = services(app)
    before = held.settings
    yield before
    held.settings = before


@pytest.fixture
def home(settings: Settings) -> Path:
    return settings.home_path


@pytest.fixture
def member(app: Flask) -> Actor:
    user = factories.UserFactory()
    return Actor(user_id=user.id, name=user.name, organisation_id=7)


@pytest.fixture
def clamd(settings: Settings, app: Flask, tmp_path: Path) -> Iterator[Clamd]:
    """A virus scanner on a socket, which the settings name."""
    with Clamd(str(tmp_path / "clamd.sock")) as scanner:
        services(app).settings = replace(settings, clamd=scanner.address)
        yield scanner


def store(
    session: Session, actor: Actor, content: bytes | None = None, name: str = "plan.pdf"
) -> StoredFile:
    """Check a file and keep it, as a page does."""
    stream = io.BytesIO(samples.pdf() if content is None else content)
    with service.receiving([(stream, name)]) as received:
        return service.keep(session, actor, 7, received, purpose=Purpose.MESSAGE)[0]
