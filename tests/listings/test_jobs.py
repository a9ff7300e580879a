"""The nightly look at deadlines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.db import today
from matchmaker.listings import jobs
from matchmaker.listings.models import SearchRow
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.listings.conftest import loaded, published

pytestmark = pytest.mark.both_databases


def test_what_is_past_its_deadline_is_taken_down(
    session: Session, organisation: Organisation, owner: User
) -> None:
    day = today()
    late = published(organisation=organisation, title="Late", deadline=day - timedelta(days=1))
    last_day = published(organisation=organisation, deadline=day)
    paused = factories.need(
        organisation=organisation, status="paused", deadline=day - timedelta(days=9)
    )
    assert jobs.expire_listings(session) == 1
    assert [loaded(listing).status for listing in (late, last_day, paused)] == [
        "expired",
        "published",
        "paused",
    ]
    assert late.matching_due
    assert set(session.scalars(select(SearchRow.listing_id))) == {last_day.id}
    [notice] = session.scalars(select(Notice))
    assert (notice.user_id, notice.kind, notice.params["title"]) == (
        owner.id,
        "listing.expired",
        "Late",
    )
    newest = session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert newest is not None
    assert (newest.action, newest.actor_name, newest.subject_id) == (
        "listing.expire",
        "matchmaker",
        late.id,
    )


def test_a_second_look_finds_nothing(session: Session) -> None:
    published(deadline=today() - timedelta(days=1))
    assert [jobs.expire_listings(session) for _ in range(2)] == [1, 0]


def test_many_are_taken_down_in_batches(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    for _ in range(5):
        factories.need(deadline=today() - timedelta(days=1))
    assert jobs.expire_listings(session) == 5
