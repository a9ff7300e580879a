"""A curator takes back a small correction: when that is open, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.listings import changes, queries, service
from matchmaker.listings.corrections import why_it_stands, without_correction
from matchmaker.listings.models import Listing, SearchRow, TakenBack
from matchmaker.listings.rules import Content, Correction
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from tests import factories
from tests.listings.conftest import as_actor, complete, loaded
from tests.threads import at_once

OLD, MENDED, REASON = "Lithium from old brine", "Lithium from old brines", "It was one brine."
EARLIER, LATER = date(2026, 3, 1), date(2026, 6, 1)
CORRECTED = datetime(2026, 1, 15, tzinfo=UTC)
OPEN: dict[str, Any] = {
    "before": {"title": OLD},
    "after": {"title": MENDED},
    "present": Content(title=MENDED, summary="Wet"),
    "standing": "published",
    "corrected_at": CORRECTED,
    "approved_at": CORRECTED - timedelta(days=1),
    "today": date(2026, 2, 1),
    "is_taken_back": False,
}
LATER_DEADLINE: dict[str, Any] = {
    "before": {"deadline": EARLIER.isoformat()},
    "after": {"deadline": LATER.isoformat()},
    "present": Content(deadline=LATER),
}
BOTH: dict[str, Any] = {
    "before": {"title": OLD, **LATER_DEADLINE["before"]},
    "after": {"title": MENDED, **LATER_DEADLINE["after"]},
    "present": Content(title=MENDED, deadline=LATER),
}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({}, None),
        ({"approved_at": None}, None),
        ({"present": Content(title=MENDED, summary="Another, by a later correction")}, None),
        ({"is_taken_back": True}, Refusal.CORRECTION_TAKEN_BACK),
        ({"is_taken_back": True, "standing": "closed"}, Refusal.CORRECTION_TAKEN_BACK),
        ({"standing": "paused"}, Refusal.LISTING_MOVE_CLOSED),
        ({"standing": "expired"}, Refusal.LISTING_MOVE_CLOSED),
        ({"approved_at": CORRECTED + timedelta(days=1)}, Refusal.CORRECTION_APPROVED),
        ({"present": Content(title="Lithiums from old brines")}, Refusal.CORRECTION_OVERTAKEN),
        (LATER_DEADLINE, None),
        (
            LATER_DEADLINE | {"present": Content(deadline=LATER + timedelta(days=1))},
            Refusal.CORRECTION_OVERTAKEN,
        ),
        (LATER_DEADLINE | {"today": EARLIER}, None),
        (
            LATER_DEADLINE | {"today": EARLIER + timedelta(days=1)},
            Refusal.EARLIER_DEADLINE_PASSED,
        ),
        (BOTH | {"today": EARLIER + timedelta(days=1)}, None),
    ],
)
def test_what_can_be_taken_back(case: dict[str, Any], expected: Refusal | None) -> None:
    assert why_it_stands(**(OPEN | case)) is expected


@pytest.mark.parametrize(("day", "deadline"), [(EARLIER, EARLIER), (LATER, LATER)])
def test_the_earlier_text_returns_without_a_deadline_that_has_passed(
    day: date, deadline: date
) -> None:
    present = Content(title=MENDED, summary="Wet", deadline=LATER)
    expected = Content(title=OLD, summary="Wet", deadline=deadline)
    assert without_correction(BOTH["before"], present, day) == expected


@pytest.fixture
def correction(
    session: Session, organisation: Organisation, author: Actor, curator: User
) -> Correction:
    """A small correction of a published need."""
    plan, content = factories.plan(), complete(title=OLD)
    made = service.create(session, author, organisation, plan, content, kind="need", submit=True)
    made = loaded(made)
    service.publish(session, as_actor(curator), made, made.version)
    made = loaded(made)
    changes.correct(session, author, made, made.version, replace(content, title=MENDED))
    session.commit()
    return corrected(session, made)


def corrected(session: Session, listing: Listing) -> Correction:
    """The newest correction of the listing, as a view gets it."""
    listing_id = listing.id
    session.expire_all()
    newest = next(one for one in queries.changes_of(session, listing_id, 9) if one.is_small)
    session.expire_all()
    found = queries.correction(session, newest.id)
    assert found is not None
    return found


def take_back(session: Session, curator: User, correction: Correction) -> None:
    version = correction.listing.version
    changes.take_back(session, as_actor(curator), correction, version, REASON)
    session.commit()


def test_readers_and_the_index_have_the_earlier_text_again(
    session: Session, correction: Correction, curator: User
) -> None:
    correction.listing.matching_due = False
    session.commit()
    take_back(session, curator, correction)
    again = loaded(correction.listing)
    assert (again.title, again.approved_title, again.status) == (OLD, OLD, "published")
    assert again.matching_due
    [row] = session.scalars(select(SearchRow))
    assert "brines" not in row.public


def test_it_is_audited_and_kept_with_its_reason(
    session: Session, correction: Correction, curator: User
) -> None:
    take_back(session, curator, correction)
    record = session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None
    assert (record.action, record.detail) == ("listing.take_back", {"fields": ["title"]})
    session.expire_all()
    latest, first = queries.changes_of(session, correction.listing.id, 9)
    assert (latest.before, latest.after) == ({"title": MENDED}, {"title": OLD})
    assert (latest.is_small, latest.user_id) == (False, curator.id)
    assert latest.takes_back is not None
    assert latest.takes_back is first.taken_back
    assert latest.takes_back.reason == REASON


def test_writers_are_told_why(
    session: Session, correction: Correction, curator: User, author: Actor
) -> None:
    take_back(session, curator, correction)
    told = session.scalars(select(Notice).where(Notice.kind == "listing.taken_back")).all()
    assert author.user_id in {one.user_id for one in told}
    assert {one.params["reason"] for one in told} == {REASON}


def test_a_correction_is_taken_back_once(
    session: Session, correction: Correction, curator: User
) -> None:
    take_back(session, curator, correction)
    again = corrected(session, correction.listing)
    with pytest.raises(Refused) as refused:
        take_back(session, curator, again)
    assert refused.value.refusal is Refusal.CORRECTION_TAKEN_BACK


def test_who_saw_an_older_listing_conflicts(
    session: Session, correction: Correction, curator: User
) -> None:
    seen = correction.listing.version
    service.confirm(session, as_actor(curator), correction.listing, seen)
    with pytest.raises(Conflict):
        changes.take_back(session, as_actor(curator), correction, seen, REASON)


def test_the_same_slip_goes_through_review_until_a_curator_approves_a_text(
    session: Session, correction: Correction, curator: User, author: Actor
) -> None:
    take_back(session, curator, correction)
    again = loaded(correction.listing)
    present = complete(title=OLD, deadline=again.deadline)
    assert not changes.needs_no_review(session, again, replace(present, title=MENDED))
    approved = replace(present, title="Lithium from new brine")
    changes.submit(session, author, again, again.version, approved)
    text = again.working_text
    assert text is not None
    changes.approve(session, as_actor(curator), again, again.version, seen=text.version)
    again = loaded(again)
    mended = replace(present, title="Lithium from new brines")
    assert changes.needs_no_review(session, again, mended)


def test_a_text_that_waits_for_review_goes_on_waiting(
    session: Session, correction: Correction, curator: User, author: Actor
) -> None:
    listing = loaded(correction.listing)
    changes.submit(session, author, listing, listing.version, complete(title="Lithium, sold"))
    session.commit()
    take_back(session, curator, corrected(session, listing))
    again = loaded(listing)
    assert again.working_text is not None
    assert (again.title, again.working_text.status) == (OLD, "in_review")


@pytest.mark.race
def test_of_two_curators_one_takes_it_back(
    app: Flask, session: Session, correction: Correction
) -> None:
    number, seen = correction.change.id, correction.listing.version
    curators = [as_actor(factories.provincial_curator("63")) for _ in range(2)]

    def deed(actor: Actor) -> Any:
        def take(mine: Session) -> None:
            found = queries.correction(mine, number)
            assert found is not None
            changes.take_back(mine, actor, found, seen, REASON)

        return take

    ended = at_once(app, [deed(actor) for actor in curators])
    assert sorted(type(one) for one in ended if one is not None) in ([Conflict], [Refused])
    session.expire_all()
    assert len(session.scalars(select(TakenBack)).all()) == 1
    told = select(AuditRecord).where(AuditRecord.action == "listing.take_back")
    assert len(session.scalars(told).all()) == 1
