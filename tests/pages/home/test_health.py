from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.client import PageClient


@pytest.mark.both_databases
def test_a_migrated_database_is_ready(client: PageClient) -> None:
    assert client.get("/health").json == {"status": "alive"}
    assert client.get("/ready").json == {"status": "ready"}


@pytest.mark.both_databases
def test_an_old_schema_is_not_ready(client: PageClient, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    response = client.get("/ready")
    assert (response.status_code, response.json) == (503, {"status": "not migrated"})
