from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.jobs import forget_sessions
from matchmaker.accounts.models import User, UserSession
from matchmaker.db import now
from tests.factories import UserSessionFactory


@pytest.mark.both_databases
@pytest.mark.parametrize(("days", "kept"), [(0, True), (179, True), (181, False)])
def test_old_sessions_are_forgotten(session: Session, ana: User, days: int, kept: bool) -> None:
    UserSessionFactory(user_id=ana.id, seen_at=now() - timedelta(days=days))
    assert forget_sessions(session) == (not kept)
    assert (session.scalar(select(UserSession.id)) is not None) is kept
