"""What a service writes, tells and records happened at the time that it is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation import service
from matchmaker.db import day_of
from matchmaker.notices.models import Notice, OutboxMail
from tests.cooperation.conftest import Stage

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_interest_carries_its_time(session: Session, stage: Stage) -> None:
    match = service.express_interest(session, stage.asker, stage.need, stage.capability, at=AT)
    session.flush()
    assert (match.created_at, match.updated_at, match.interests[0].at) == (AT, AT, AT)
    assert match.expires_on == day_of(AT) + timedelta(days=30)
    recorded = select(AuditRecord.at).where(AuditRecord.subject_type == "match")
    for query in (recorded, select(Notice.created_at), select(OutboxMail.created_at)):
        assert set(session.scalars(query)) == {AT}


def test_the_day_is_the_day_in_china() -> None:
    assert str(day_of(datetime(2026, 3, 1, 17, 0, tzinfo=UTC))) == "2026-03-02"
