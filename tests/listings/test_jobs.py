"""The nightly look at deadlines."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.db import now, today
from matchmaker.listings import jobs, service
from matchmaker.listings.models import Listing, SearchRow
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
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


def told(session: Session, kind: str) -> list[int]:
    """Who has a notice of the kind, once for each."""
    return sorted(session.scalars(select(Notice.user_id).where(Notice.kind == kind)))


def nightly(session: Session, day: datetime, nights: int) -> list[int]:
    """How many were reminded in each of some nights."""
    counts = []
    for night in range(nights):
        with time_machine.travel(day + timedelta(days=night), tick=False):
            counts.append(jobs.remind_writers(session))
    return counts


def long_open(organisation: Organisation, **fields: Any) -> Listing:
    """A published listing that was confirmed half a year ago less a day."""
    said = now() - timedelta(days=179)
    return published(organisation=organisation, published_at=said, confirmed_at=said, **fields)


def test_writers_are_warned_of_a_deadline_twice(
    session: Session, organisation: Organisation, owner: User
) -> None:
    editor = factories.member_of(organisation, role="editor")
    author = factories.member_of(organisation, role="editor")
    long_open(organisation, author=author, deadline=today() + timedelta(days=16))
    assert nightly(session, now(), 20) == [0, 0, 1, *[0] * 10, 1, *[0] * 6]
    assert told(session, "listing.deadline_near") == sorted([owner.id, author.id] * 2)
    assert editor.id not in told(session, "listing.deadline_near")


def test_a_deadline_that_moves_is_warned_of_again(
    session: Session, organisation: Organisation, author: Actor
) -> None:
    listing = long_open(organisation, deadline=today() + timedelta(days=14))
    assert jobs.remind_writers(session) == 1
    service.renew(session, author, loaded(listing), listing.version, today() + timedelta(days=20))
    session.commit()
    assert nightly(session, now() + timedelta(days=1), 19) == [*[0] * 5, 1, *[0] * 10, 1, 0, 0]


def test_what_nobody_spoke_of_is_asked_about_and_paused(
    session: Session, organisation: Organisation, owner: User
) -> None:
    listing = long_open(organisation)
    assert nightly(session, now(), 33) == [0, 1, *[0] * 29, 1, 0]
    assert told(session, "listing.still_open") == told(session, "listing.unanswered") == [owner.id]
    assert loaded(listing).status == "paused"
    assert not set(session.scalars(select(SearchRow.listing_id)))


def test_a_word_is_enough_to_go_on(
    session: Session, organisation: Organisation, author: Actor
) -> None:
    listing = long_open(organisation)
    nightly(session, now() + timedelta(days=1), 1)
    with time_machine.travel(now() + timedelta(days=5)):
        service.confirm(session, author, loaded(listing), listing.version)
        session.commit()
    assert nightly(session, now() + timedelta(days=6), 60) == [0] * 60
