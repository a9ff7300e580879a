"""Two at once: requests for measures, and workers that compute them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.permissions import Actor
from matchmaker.quality import jobs
from matchmaker.quality import service as service_quality
from matchmaker.quality.models import MatchQuality
from tests import factories
from tests.quality.conftest import judged, quick
from tests.threads import at_once


def curator(name: str, province: str) -> Actor:
    user = factories.provincial_curator(province, name=name)
    return Actor(
        user_id=user.id,
        name=name,
        roles=frozenset({"provincial_curator"}),
        provinces=frozenset({province}),
    )


@pytest.mark.race
def test_measures_are_asked_for_once(app: Flask, session: Session) -> None:
    """Nobody in the scope has asked before, so both have to create its row."""
    judged(session)
    askers = [curator("Li Na", "63"), curator("Zhao Min", "63")]
    deeds = [
        lambda session, who=who: service_quality.request_measures(session, who) for who in askers
    ]
    assert sorted(at_once(app, deeds)) == [False, True]
    records = session.scalars(
        select(AuditRecord.action).where(AuditRecord.action == "quality.measure")
    ).all()
    assert len(records) == 1


@pytest.mark.race
def test_two_workers_write_one_result(app: Flask, session: Session) -> None:
    judged(session)
    service_quality.request_measures(session, curator("Li Na", "63"))
    session.commit()
    deeds = [lambda session: jobs.measure_quality(session, compute=quick) for _ in range(2)]
    assert sorted(at_once(app, deeds)) == [0, 1]
    session.expire_all()
    assert session.scalars(select(MatchQuality.requested_at)).all() == [None]
