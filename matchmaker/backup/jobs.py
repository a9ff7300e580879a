from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matchmaker.backup import service
from matchmaker.services import services


def make_backup(session: Session) -> str | None:
    """Back up the installation if a folder for it is set, and return how much was."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)  # noqa: S101  # nosec B101
    manifest = service.back_up_nightly(services().settings, engine)
    return None if manifest is None else f"{sum(manifest.counts.values())} rows"
