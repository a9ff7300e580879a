"""Two workers, or a worker and a person, at the same moment."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.db import db
from matchmaker.listings.models import Listing
from matchmaker.organisations.acting import actor_of
from matchmaker.recommendation import queries, service
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.run.jobs import Summary, refresh_suggestions
from tests import factories
from tests.factories import capability, need
from tests.threads import at_once

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("engine")]


def refreshed(session: Session) -> Summary:
    """The run of a worker that has just started."""
    return refresh_suggestions(session, RecommenderStore())


def some_listings() -> None:
    for title in ("salt lake", "wind blade", "solar"):
        need(title=title, matching_due=True)
        for extra in ("repair", "lithium"):
            capability(title=f"{title} {extra}", matching_due=True)


def pairs(session: Session) -> list[tuple[int, int]]:
    session.expire_all()
    query = select(Suggestion.need_id, Suggestion.capability_id).where(Suggestion.is_current)
    return sorted((need_id, capability_id) for need_id, capability_id in session.execute(query))


def test_two_workers_store_each_pair_once(app: Flask, session: Session) -> None:
    some_listings()
    results = at_once(app, [refreshed, refreshed])
    assert all(isinstance(result, Summary) for result in results), results
    found = pairs(session)
    assert len(found) == len(set(found)) == 3 * 6, (
        "each need with all six, for nobody has more than five good ones"
    )
    assert not session.scalars(select(Listing.id).where(Listing.matching_due)).all()


def test_two_workers_leave_what_one_would(app: Flask, session: Session) -> None:
    some_listings()
    at_once(app, [refreshed, refreshed])
    by_two = pairs(session)
    for listing in session.scalars(select(Listing)):
        listing.matching_due = True
    session.commit()
    refresh_suggestions(session, RecommenderStore())
    assert pairs(session) == by_two


def test_a_mark_made_while_a_worker_removes_the_pair_is_not_lost_silently(
    app: Flask, session: Session
) -> None:
    asking = need(title="salt")
    offering = capability(title="salt", matching_due=True)
    refresh_suggestions(session, RecommenderStore())
    suggestion_id = session.scalars(select(Suggestion.id)).one()
    user_id = factories.member_of(asking.organisation).id
    offering.status, offering.matching_due = "paused", True
    session.commit()

    def keep(session: Session) -> None:
        actor, _ = actor_of(session, user_id) or pytest.fail("no actor")
        suggestion = queries.suggestion(session, suggestion_id, actor.organisation_id)
        if suggestion is not None:
            service.keep(session, actor, suggestion)

    outcome, kept = at_once(app, [refreshed, keep])
    assert isinstance(outcome, Summary | IntegrityError)
    session.expire_all()
    marks = session.scalars(select(SuggestionMark)).all()
    remaining = session.scalars(select(Suggestion)).all()
    assert len(marks) <= len(remaining)
    if kept is None and remaining:
        assert marks, "who was not told of a failure has their mark"
    db.session.commit()
    assert isinstance(refresh_suggestions(session, RecommenderStore()), Summary)
    assert not session.scalars(select(Listing.id).where(Listing.matching_due)).all()
