"""Two curators decide on one listing at the same moment."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.audit.models import AuditRecord
from matchmaker.db import db, writing
from matchmaker.errors import Conflict
from matchmaker.listings import queries, service
from matchmaker.listings.models import Review, SearchRow
from matchmaker.organisations.queries import organisation as organisation_by_id
from matchmaker.permissions import Actor
from matchmaker.plan.queries import plan_with_tasks
from tests import factories
from tests.listings.conftest import as_actor, complete, loaded

pytestmark = pytest.mark.race


def test_one_of_two_curators_wins_and_the_other_conflicts(app: Flask, session: Session) -> None:
    curators = [as_actor(factories.provincial_curator("63")) for _ in range(2)]
    listing = loaded(factories.need(in_review=True))
    listing_id, seen = listing.id, listing.version
    session.commit()
    both_have_read, outcomes = threading.Barrier(2), []

    def decide(actor: Actor, verb: str) -> None:
        with app.app_context():
            writing.set(False)  # SQLite's write lock is taken only when something is written
            mine = db.session()
            subject = queries.subject(mine, listing_id)
            assert subject is not None
            if mine.get_bind().dialect.name == "postgresql":
                both_have_read.wait(60)
            else:
                mine.rollback()
                both_have_read.wait(60)
                writing.set(True)
                subject = queries.subject(mine, listing_id)
                assert subject is not None
            try:
                if verb == "publish":
                    service.publish(mine, actor, subject.listing, seen)
                else:
                    service.request_changes(mine, actor, subject.listing, seen, "Please say more.")
                mine.commit()
                outcomes.append(verb)
            except Conflict as conflict:
                mine.rollback()
                outcomes.append(f"conflict {conflict.subject_type}")
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=decide, args=pair)
        for pair in zip(curators, ("publish", "request_changes"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes)[0] == "conflict listing"
    assert sorted(outcomes)[1] in ("publish", "request_changes")
    session.expire_all()
    [review] = session.scalars(select(Review))
    assert loaded(listing).status == review.decision
    assert bool(session.scalars(select(SearchRow)).first()) == (review.decision == "published")
    assert (
        len(session.scalars(select(AuditRecord).where(AuditRecord.subject_type == "listing")).all())
        == 1
    )
    assert audit.verify(session) is None


def test_one_form_sent_twice_at_once_makes_one_listing(app: Flask, session: Session) -> None:
    factories.plan()
    organisation = factories.OrganisationFactory()
    actor = as_actor(factories.member_of(organisation))
    organisation_id, key, content = organisation.id, str(uuid4()), complete()
    session.commit()
    together, outcomes = threading.Barrier(2), []

    def send() -> None:
        with app.app_context():
            mine = db.session()
            try:
                together.wait(60)
                owner, plan = organisation_by_id(mine, organisation_id), plan_with_tasks(mine)
                assert owner is not None
                assert plan is not None
                service.create(mine, actor, owner, plan, content, kind="need", key=key)
                mine.commit()
                outcomes.append("made")
            except Conflict:
                mine.rollback()
                outcomes.append("conflict")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["conflict", "made"]
